import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import type {RequestError} from '../../data/client.ts';
import {Dialog} from '../../ui/dialog.tsx';
import {moneyText} from '../../ui/figures.tsx';
import type {Verdict, Proposal} from './verdicts.ts';

/** Requests under way at once: a planner's hundred orders do not queue up before everybody else's. */
const AT_ONCE = 4;

/** What all chosen proposals order together, said before it happens; afterwards which of them the service refused, and why. */
export function BulkDialog({
  items,
  say,
  close,
}: {
  readonly items: readonly Proposal[];
  readonly say: (item: Proposal, verdict: Verdict) => Promise<RequestError | null>;
  /** @param failed Those that were refused; they stay chosen. */
  readonly close: (failed: readonly Proposal[] | null) => void;
}): JSX.Element {
  const [state, setState] = useState<'asked' | 'sending' | 'done'>('asked');
  const [refused, setRefused] = useState<readonly {readonly item: Proposal; readonly why: string}[]>([]);

  const send = async (): Promise<void> => {
    setState('sending');
    const waiting = [...items];
    const problems: {item: Proposal; why: string}[] = [];
    const worker = async (): Promise<void> => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        const error = await say(item, {verb: 'approve'});
        if (error !== null) problems.push({item, why: error.message});
      }
    };
    await Promise.all(Array.from({length: AT_ONCE}, worker));
    setRefused(problems);
    setState('done');
    if (problems.length === 0) close([]);
  };
  const ordered = items.length - refused.length;
  return (
    <Dialog
      title={
        state === 'done'
          ? `${ordered} ordered, ${refused.length} refused`
          : `Order ${items.length} proposals?`
      }
      close={() => close(state === 'done' ? refused.map(({item}) => item) : null)}
    >
      {state === 'done' ? (
        <ul>
          {refused.map(({item, why}) => (
            <li key={item.id}>
              <strong>
                {item.partId} at {item.depotId}
              </strong>
              : {why}
            </li>
          ))}
        </ul>
      ) : (
        <>
          <ul class="summary">
            {items.map(({id, partId, depotId, remedy, currency}) => (
              <li key={id}>
                <strong>
                  {partId} at {depotId}
                </strong>
                : {remedy?.text}, {moneyText(remedy?.landedMinor ?? 0, currency ?? 'EUR')}
              </li>
            ))}
          </ul>
          <p>
            To be paid in all: <strong>{totalText(items)}</strong>, prices included.
          </p>
        </>
      )}
      <div class="actions">
        {state !== 'done' && (
          <button class="main" disabled={state === 'sending'} onClick={() => void send()}>
            {state === 'sending' ? 'Ordering …' : `Order ${items.length}`}
          </button>
        )}
        <button onClick={() => close(state === 'done' ? refused.map(({item}) => item) : null)}>
          {state === 'done' ? 'Close' : 'Cancel'}
        </button>
      </div>
    </Dialog>
  );
}

/** Sums by currency. Example: '€1,200.00 and $40.00'. */
export function totalText(items: readonly Proposal[]): string {
  const sums = new Map<string, number>();
  for (const {currency, remedy} of items)
    if (currency !== null) sums.set(currency, (sums.get(currency) ?? 0) + (remedy?.landedMinor ?? 0));
  return [...sums].map(([currency, minor]) => moneyText(minor, currency)).join(' and ');
}
