import type {JSX} from 'preact';
import {Link} from 'wouter-preact';
import {ComingOrders} from '../../ui/coming-orders.tsx';
import {Badge, Money} from '../../ui/figures.tsx';
import {hrefTo} from '../../ui/page-address.ts';
import {Instant} from '../../ui/instant.tsx';
import {Sentence} from '../../ui/sentence.tsx';
import type {Shown} from '../../ui/steady-rows.ts';
import type {Column} from '../../ui/table.tsx';
import {canUndo, nameOf} from './verdicts.ts';
import type {Act, WorkItem} from './verdicts.ts';

const APPROVERS = {planner: 'a planner', ops: 'ops', admin: 'an admin'} as const;

/** What a row can be asked to do. */
export interface RowActions {
  /** Whether the user may answer proposals at all, and this one. */
  readonly mayAnswer: (item?: WorkItem) => boolean;
  readonly mayUndo: (item: Pick<WorkItem, 'depotId'>) => boolean;
  readonly maySee: boolean;
  readonly actOf: (item: WorkItem) => Act | undefined;
  readonly isChosen: (item: WorkItem) => boolean;
  readonly choose: (item: WorkItem) => void;
  readonly approve: (item: WorkItem) => void;
  readonly change: (item: WorkItem) => void;
  readonly reject: (item: WorkItem) => void;
  readonly see: (item: WorkItem) => void;
  readonly snooze: (item: WorkItem) => void;
  /** ISO 8601: until when this page has snoozed it. */
  readonly snoozedUntil: (item: WorkItem) => string | null;
  readonly undo: (item: WorkItem) => void;
}

/** A proposal that the user may answer and nobody has, as far as this page knows. */
export function isOpen(
  {row, isGone}: Shown<WorkItem>,
  {actOf, mayAnswer, snoozedUntil}: Pick<RowActions, 'actOf' | 'mayAnswer' | 'snoozedUntil'>,
): boolean {
  const isSnoozed = row.snoozedUntil !== null || snoozedUntil(row) !== null;
  return row.kind === 'proposal' && !isGone && !isSnoozed && actOf(row) === undefined && mayAnswer(row);
}

/** What an alert is about can wait; a proposal that only fills up a shelf has none, and runs out by itself. */
export function canSnooze(
  {row, isGone}: Shown<WorkItem>,
  {actOf, maySee, snoozedUntil}: Pick<RowActions, 'actOf' | 'maySee' | 'snoozedUntil'>,
): boolean {
  return (
    maySee &&
    row.alertId !== null &&
    !row.acknowledged &&
    !isGone &&
    row.snoozedUntil === null &&
    snoozedUntil(row) === null &&
    actOf(row) === undefined
  );
}

export function workColumns(actions: RowActions): readonly Column<Shown<WorkItem>>[] {
  return [
    ...(actions.mayAnswer()
      ? [
          {
            key: 'choose',
            title: '',
            cell: (shown: Shown<WorkItem>) =>
              isOpen(shown, actions) && (
                <input
                  type="checkbox"
                  aria-label={`Choose ${nameOf(shown.row)}`}
                  checked={actions.isChosen(shown.row)}
                  onChange={() => actions.choose(shown.row)}
                />
              ),
          },
        ]
      : []),
    {key: 'what', title: 'What', cell: ({row}) => <What item={row} />},
    {key: 'empty', title: 'Runs out', cell: ({row}) => <RunsOut item={row} />},
    {
      key: 'money',
      title: 'Cost of waiting',
      numeric: true,
      cell: ({row}) => <Waiting item={row} />,
    },
    {key: 'cover', title: 'Here and coming', cell: ({row}) => <ComingOrders of={row} />},
    {key: 'remedy', title: 'Remedy', cell: ({row}) => <Remedy item={row} />},
    {key: 'do', title: '', cell: (shown) => <Doing shown={shown} actions={actions} />},
  ];
}

function What({item}: {readonly item: WorkItem}): JSX.Element {
  const {id, decisionId, partName, equipmentId, positionId, text} = item;
  return (
    <>
      {decisionId === null ? (
        <strong id={`work-${id}`} tabIndex={-1}>
          {nameOf(item)}
        </strong>
      ) : (
        <Link id={`work-${id}`} href={hrefTo('decisions', decisionId)} class="strong">
          {nameOf(item)}
        </Link>
      )}
      {partName !== null && <span> {partName}</span>}
      {equipmentId !== null && (
        <span class="quiet">
          {' · '}
          <Link href={hrefTo('equipment', equipmentId)}>{equipmentId}</Link> {positionId}
        </span>
      )}
      <p class="quiet">
        <Sentence>{text}</Sentence>
      </p>
    </>
  );
}

function RunsOut({item: {owed, emptyAt}}: {readonly item: WorkItem}): JSX.Element {
  if (owed > 0) return <Badge tone="bad">{`owes ${owed} now`}</Badge>;
  if (emptyAt === null) return <span class="quiet">–</span>;
  return <Instant at={emptyAt} />;
}

/** A proposal that only fills up to the target has nothing to lose yet: it is for who asks later. */
function Waiting({item: {moneyMinor, currency}}: {readonly item: WorkItem}): JSX.Element {
  if (moneyMinor === 0) return <span class="quiet">none yet</span>;
  return <Money minor={moneyMinor} currency={currency} />;
}

function Remedy({item: {kind, decisionId, remedy, currency}}: {readonly item: WorkItem}): JSX.Element {
  if (remedy === null) return <span class="quiet">none known</span>;
  return (
    <>
      {remedy.text}
      <p class="quiet">
        <Money minor={remedy.landedMinor} currency={currency} /> to be paid
        {remedy.arrivesAt !== null && (
          <>
            , here <Instant at={remedy.arrivesAt} />
          </>
        )}
        {kind === 'risk' && (
          <>
            , not proposed
            {decisionId !== null && (
              <>
                {': '}
                <Link href={hrefTo('decisions', decisionId)}>why not</Link>
              </>
            )}
          </>
        )}
      </p>
    </>
  );
}

function Doing({
  shown,
  actions,
}: {
  readonly shown: Shown<WorkItem>;
  readonly actions: RowActions;
}): JSX.Element {
  const {row, isGone} = shown;
  const act = actions.actOf(row);
  if (act !== undefined) return <Done item={row} act={act} actions={actions} />;
  const snoozedUntil = row.snoozedUntil ?? actions.snoozedUntil(row);
  if (snoozedUntil !== null)
    return (
      <>
        <Badge>snoozed</Badge>{' '}
        <span class="quiet">
          until <Instant at={snoozedUntil} />
        </span>
      </>
    );
  if (isGone) return <Badge>no longer needed</Badge>;
  const snooze = canSnooze(shown, actions) && <button onClick={() => actions.snooze(row)}>Snooze …</button>;
  if (row.kind === 'risk') {
    if (row.acknowledged) return <Badge>seen</Badge>;
    if (row.alertId === null || !actions.maySee) return <span class="quiet">–</span>;
    return (
      <div class="actions">
        <button onClick={() => actions.see(row)}>Seen</button>
        {snooze}
      </div>
    );
  }
  if (!actions.mayAnswer(row))
    return <Badge>{`waits for ${APPROVERS[row.approverRole ?? 'planner']}`}</Badge>;
  return (
    <div class="actions">
      <button class="main" onClick={() => actions.approve(row)}>
        Approve
      </button>
      <button onClick={() => actions.change(row)}>Change</button>
      <button onClick={() => actions.reject(row)}>Reject</button>
      {snooze}
    </div>
  );
}

function Done({
  item,
  act,
  actions,
}: {
  readonly item: WorkItem;
  readonly act: Act;
  readonly actions: RowActions;
}): JSX.Element {
  if (act.state === 'undone') return <Badge>called off</Badge>;
  const text = act.verdict.verb === 'reject' ? 'rejected' : `ordered ${act.quantity}`;
  return (
    <div class="actions">
      <Badge tone={act.state === 'done' ? 'good' : 'quiet'}>
        {act.state === 'done' ? text : `${text} …`}
      </Badge>
      {canUndo(act) && actions.mayUndo(item) && <button onClick={() => actions.undo(item)}>Undo</button>}
    </div>
  );
}
