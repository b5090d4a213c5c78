import type {JSX} from 'preact';
import type {Reply} from '../data/client.ts';
import {chance} from './chance.ts';
import {Badge} from './figures.tsx';
import {Instant} from './instant.tsx';
import type {Column} from './table.tsx';

/** A need as its customer or its technician sees it. */
export type MyNeed = Reply<'/api/v1/my/jobs'>['jobs'][number];

const STATES = {
  waiting: {text: 'waiting', tone: 'warn'},
  late: {text: 'late', tone: 'bad'},
  filled: {text: 'handed out', tone: 'good'},
} as const;

export const needColumns: readonly Column<MyNeed>[] = [
  {
    key: 'machine',
    title: 'Machine',
    cell: ({equipmentId, siteName}) => (
      <>
        <strong>{equipmentId ?? 'over the counter'}</strong>
        {siteName !== null && <p class="quiet">{siteName}</p>}
      </>
    ),
  },
  {
    key: 'part',
    title: 'Part',
    cell: ({partId, partName}) => (
      <>
        {partId}
        <p class="quiet">{partName}</p>
      </>
    ),
  },
  {
    key: 'pieces',
    title: 'Pieces',
    numeric: true,
    cell: ({qty, filledQty}) => (filledQty === 0 || filledQty === qty ? qty : `${filledQty} of ${qty} here`),
  },
  {
    key: 'state',
    title: 'State',
    cell: ({state}) => <Badge tone={STATES[state].tone}>{STATES[state].text}</Badge>,
  },
  {key: 'needed', title: 'Needed by', cell: ({neededAt}) => <Instant at={neededAt} />},
  {key: 'promised', title: 'Promised for', cell: (need) => <Promised need={need} />},
  {key: 'depot', title: 'Depot', cell: ({depotId}) => depotId},
];

function Promised({need: {state, filledAt, promisedAt, confidence}}: {readonly need: MyNeed}): JSX.Element {
  if (state === 'filled')
    return filledAt === null ? (
      <span class="quiet">–</span>
    ) : (
      <>
        came <Instant at={filledAt} />
      </>
    );
  if (promisedAt === null) return <span class="bad">nobody can say yet</span>;
  return (
    <>
      <Instant at={promisedAt} />
      <p class="quiet">{confidence === null ? 'agreed' : `kept with ${chance(confidence)}`}</p>
    </>
  );
}
