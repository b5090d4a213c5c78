import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {canAt, mayAnswer, useSession} from '../../data/session.ts';
import {useKeys} from '../../ui/keys.ts';
import {notify} from '../../ui/notices.tsx';
import {VerdictDialog} from '../today/verdict-dialog.tsx';
import {canUndo, saidOf, useVerdicts} from '../today/verdicts.ts';
import type {Proposal} from '../today/verdicts.ts';
import type {Decision} from './why-data.ts';

const NO_KEYS = {};

/** Approve, change or reject from the page that explains the proposal. */
export function Answer({decision}: {readonly decision: Decision}): JSX.Element | null {
  const [asking, setAsking] = useState<'change' | 'reject' | null>(null);
  const {actOf, say, undo} = useVerdicts();
  const session = useSession().data;
  const {decisionId: id, partId, depotId, currency, text, quantity, landedMinor, option} = decision;
  const proposal: Proposal = {
    ...{id, partId, depotId, currency},
    remedy: {text, quantity, landedMinor, sourceKind: option.sourceKind},
  };
  const act = actOf(proposal);
  const approve = async (): Promise<void> => {
    const error = await say(proposal, {verb: 'approve'});
    if (error === null) notify({tone: 'good', text: saidOf(proposal, {verb: 'approve'}, quantity)});
    else notify({tone: 'bad', text: `Not ordered: ${error.message}`});
  };
  const isOpen = decision.state === 'proposed' && act === undefined && mayAnswer(session, decision);
  useKeys(
    isOpen ? {a: () => void approve(), c: () => setAsking('change'), r: () => setAsking('reject')} : NO_KEYS,
  );
  if (canUndo(act) && canAt(session, 'orders.book', depotId))
    return <button onClick={() => undo(proposal)}>Undo</button>;
  if (!isOpen) return null;
  return (
    <>
      <button class="main" onClick={() => void approve()}>
        Approve
      </button>
      <button onClick={() => setAsking('change')}>Change</button>
      <button onClick={() => setAsking('reject')}>Reject</button>
      {asking !== null && (
        <VerdictDialog
          item={proposal}
          verb={asking}
          say={(verdict) => say(proposal, verdict)}
          close={() => setAsking(null)}
        />
      )}
    </>
  );
}
