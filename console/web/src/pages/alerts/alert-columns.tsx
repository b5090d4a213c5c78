import type {JSX} from 'preact';
import {Link} from 'wouter-preact';
import type {Reply} from '../../data/client.ts';
import {Badge, Money} from '../../ui/figures.tsx';
import {hrefTo} from '../../ui/page-address.ts';
import {Instant} from '../../ui/instant.tsx';
import {Sentence} from '../../ui/sentence.tsx';
import type {Column} from '../../ui/table.tsx';
import {words} from '../../ui/words.ts';

export type Alert = Reply<'/api/v1/alerts'>['alerts'][number];

interface AlertActions {
  readonly mayAnswer: boolean;
  /** Who looks at the page; null: nobody has to sign in. */
  readonly me: string | null;
  readonly resolve: (alert: Alert) => void;
  readonly acknowledge: (alert: Alert) => void;
  readonly snooze: (alert: Alert) => void;
  readonly unsnooze: (alert: Alert) => void;
  readonly history: (alert: Alert) => void;
}

export function alertColumns(actions: AlertActions): readonly Column<Alert>[] {
  return [
    {key: 'what', title: 'What', cell: (alert) => <What alert={alert} />},
    {
      key: 'money',
      title: 'Cost of waiting',
      numeric: true,
      cell: ({moneyMinor, currency}) => <Money minor={moneyMinor} currency={currency} />,
    },
    {key: 'since', title: 'Since', cell: ({openedAt}) => <Instant at={openedAt} />},
    {key: 'state', title: 'State', cell: (alert) => <Standing alert={alert} />},
    {key: 'tier', title: 'Told', cell: (alert) => <Told alert={alert} />},
    {key: 'do', title: '', cell: (alert) => <Doing alert={alert} actions={actions} />},
  ];
}

function What({alert: {kind, subject, text, decisionId, level}}: {readonly alert: Alert}): JSX.Element {
  return (
    <>
      {decisionId === null ? (
        <strong>{subject}</strong>
      ) : (
        <Link href={hrefTo('decisions', decisionId)} class="strong">
          {subject}
        </Link>
      )}{' '}
      <span class="quiet">
        {words(kind)}
        {level > 1 && `, level ${level}`}
      </span>
      <p class="quiet">
        <Sentence>{text}</Sentence>
      </p>
    </>
  );
}

function Standing({alert}: {readonly alert: Alert}): JSX.Element {
  const {dueAt, resolution, state} = alert;
  return (
    <>
      <State alert={alert} />
      {dueAt !== null && state !== 'cleared' && (
        <p class="quiet">
          a case, due <Instant at={dueAt} />
        </p>
      )}
      {resolution !== null && (
        <p class="quiet">
          {words(resolution)}, says {alert.resolvedBy}
        </p>
      )}
    </>
  );
}

function State({
  alert: {state, snoozedUntil, acknowledgedBy, acknowledgedUntil},
}: {
  readonly alert: Alert;
}): JSX.Element {
  if (state === 'cleared') return <Badge>cleared</Badge>;
  if (state === 'acknowledged')
    return (
      <>
        <Badge tone="good">seen to</Badge>{' '}
        <span class="quiet">
          by {acknowledgedBy}
          {acknowledgedUntil !== null && (
            <>
              , until <Instant at={acknowledgedUntil} />
            </>
          )}
        </span>
      </>
    );
  if (snoozedUntil !== null)
    return (
      <>
        <Badge>snoozed</Badge>{' '}
        <span class="quiet">
          until <Instant at={snoozedUntil} />
        </span>
      </>
    );
  return <Badge tone="warn">open</Badge>;
}

/** The tier at which its escalation stands. */
function Told({alert: {tier}}: {readonly alert: Alert}): JSX.Element {
  if (tier === null) return <span class="quiet">nobody yet</span>;
  return (
    <>
      {words(tier.role)}{' '}
      <span class="quiet">
        (step {tier.step} of {tier.steps})
      </span>
      {tier.next !== null && (
        <p class="quiet">
          then {words(tier.next.role)}, <Instant at={tier.next.at} />
        </p>
      )}
    </>
  );
}

function Doing({alert, actions}: {readonly alert: Alert; readonly actions: AlertActions}): JSX.Element {
  const {state, snoozedUntil, subject, dueAt, acknowledgedBy} = alert;
  const isOpen = actions.mayAnswer && state === 'open';
  const isCase = actions.mayAnswer && dueAt !== null && state !== 'cleared';
  const isOfAnother =
    state === 'acknowledged' &&
    actions.me !== null &&
    ![actions.me, `oidc ${actions.me}`].includes(acknowledgedBy ?? '');
  return (
    <div class="actions">
      {isOpen && <button onClick={() => actions.acknowledge(alert)}>I see to it</button>}
      {isCase && isOfAnother && <button onClick={() => actions.acknowledge(alert)}>I take it over</button>}
      {isCase && <button onClick={() => actions.resolve(alert)}>Close case …</button>}
      {isOpen && snoozedUntil === null && <button onClick={() => actions.snooze(alert)}>Snooze …</button>}
      {isOpen && snoozedUntil !== null && <button onClick={() => actions.unsnooze(alert)}>End snooze</button>}
      <button aria-label={`History of ${subject}`} onClick={() => actions.history(alert)}>
        History
      </button>
    </div>
  );
}
