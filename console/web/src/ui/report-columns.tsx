import type {JSX} from 'preact';
import {Link} from 'wouter-preact';
import type {Reply} from '../data/client.ts';
import {PROBLEMS} from '../data/problems.ts';
import {Badge, pieces} from './figures.tsx';
import {hrefTo} from './page-address.ts';
import {Instant} from './instant.tsx';
import type {Column} from './table.tsx';

export type PartReport = Reply<'/api/v1/part-reports'>['partReports'][number];

const what: Column<PartReport> = {
  key: 'what',
  title: 'What',
  cell: ({problem, pieces: count, note}) => (
    <>
      <strong>{PROBLEMS[problem]}</strong> <span class="quiet">{pieces(count)}</span>
      {note !== null && <p>{note}</p>}
    </>
  ),
};
const answer: Column<PartReport> = {
  key: 'answer',
  title: 'Answer',
  cell: ({answer: said, answeredAt}) =>
    said === null || answeredAt === null ? (
      <Badge tone="warn">none yet</Badge>
    ) : (
      <>
        {said}
        <p class="quiet">
          <Instant at={answeredAt} />
        </p>
      </>
    ),
};
const when: Column<PartReport> = {
  key: 'when',
  title: 'Reported',
  cell: ({reportedAt}) => <Instant at={reportedAt} />,
};

/** As planners see reports: with the machine, the part there and the need behind them. */
export const reportColumns: readonly Column<PartReport>[] = [
  what,
  {key: 'part', title: 'Part', cell: ({need}) => need !== null && <Part need={need} />},
  {key: 'by', title: 'By', cell: ({partyId}) => partyId},
  when,
  {key: 'now', title: 'Stands', cell: ({need}) => need !== null && <Stands need={need} isLinked />},
  answer,
];

/** As who wrote them sees them. */
export const ownReportColumns: readonly Column<PartReport>[] = [
  what,
  {
    key: 'part',
    title: 'Part',
    cell: ({need}) => need !== null && `${need.partId} for ${need.equipmentId ?? 'the counter'}`,
  },
  when,
  {key: 'now', title: 'Stands', cell: ({need}) => need !== null && <Stands need={need} />},
  answer,
];

type Need = NonNullable<PartReport['need']>;

function Part({need: {partId, depotId, equipmentId}}: {readonly need: Need}): JSX.Element {
  return (
    <>
      <Link href={hrefTo('part-depots', partId, depotId)}>
        {partId} at {depotId}
      </Link>
      {equipmentId !== null && (
        <p class="quiet">
          for <Link href={hrefTo('equipment', equipmentId)}>{equipmentId}</Link>
        </p>
      )}
    </>
  );
}

/** What became of the need: whether the pieces are still waited for, and until when. */
function Stands({
  need: {state, promisedAt, demandId},
  isLinked = false,
}: {
  readonly need: Need;
  readonly isLinked?: boolean;
}): JSX.Element {
  if (state === 'filled') return <Badge tone="good">handed out</Badge>;
  if (state === 'cancelled') return <Badge>called off</Badge>;
  return (
    <>
      {isLinked ? <Link href={hrefTo('backorders', demandId)}>waited for</Link> : 'waited for'}
      <p class="quiet">
        {promisedAt === null ? (
          'nobody can say until when'
        ) : (
          <>
            promised for <Instant at={promisedAt} />
          </>
        )}
      </p>
    </>
  );
}
