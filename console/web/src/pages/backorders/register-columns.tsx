import type {JSX} from 'preact';
import {Link} from 'wouter-preact';
import {CAUSES, LEVELS, LEVEL_TONE} from '../../data/backorders.ts';
import type {Backorder} from '../../data/backorders.ts';
import {chance} from '../../ui/chance.ts';
import {Badge, Money} from '../../ui/figures.tsx';
import {hrefTo} from '../../ui/page-address.ts';
import {Instant, hours} from '../../ui/instant.tsx';
import type {Column} from '../../ui/table.tsx';

export const REGISTER_COLUMNS: readonly Column<Backorder>[] = [
  {
    key: 'what',
    title: 'What',
    cell: ({demandId, partId, depotId, openQty, qty}) => (
      <>
        <Link href={hrefTo('backorders', demandId)} class="strong">{`${partId} at ${depotId}`}</Link>
        <p class="quiet">
          {openQty} of {qty} missing
        </p>
      </>
    ),
  },
  {key: 'who', title: 'For', cell: (line) => <Who line={line} />},
  {
    key: 'age',
    title: 'Late for',
    cell: ({impactH, neededAt, level, isRed}) => (
      <>
        {hours(impactH)} <span class="quiet">since</span> <Instant at={neededAt} />
        <p>
          {level !== null && <Badge tone={LEVEL_TONE[level]}>{LEVELS[level]}</Badge>}{' '}
          {isRed && <Badge tone="bad">no closed review</Badge>}
        </p>
      </>
    ),
  },
  {key: 'cause', title: 'Cause', cell: (line) => <Why line={line} />},
  {key: 'promised', title: 'Promised', cell: (line) => <Promised line={line} />},
  {
    key: 'cost',
    title: 'Costs an hour',
    numeric: true,
    cell: ({waitingMinorPerH, currency}) => (
      <Money minor={Math.round(waitingMinorPerH)} currency={currency} />
    ),
  },
];

function Who({line: {equipmentId, customerPartyId, tier}}: {readonly line: Backorder}): JSX.Element {
  return (
    <>
      {equipmentId !== null && <Link href={hrefTo('equipment', equipmentId)}>{equipmentId}</Link>}
      <p class="quiet">
        {customerPartyId ?? 'customer not said'}, {tier}
      </p>
    </>
  );
}

function Why({line: {causes, correction}}: {readonly line: Backorder}): JSX.Element {
  if (correction !== null)
    return (
      <>
        {CAUSES[correction.cause]} <span class="quiet">(by {correction.by})</span>
      </>
    );
  if (causes.length === 0) return <span class="quiet">not looked into yet</span>;
  return <>{causes.map(({cause, percent}) => `${CAUSES[cause]} ${percent} %`).join(', ')}</>;
}

function Promised({
  line: {promisedAt, promiseConfidence, coveredBy},
}: {
  readonly line: Backorder;
}): JSX.Element {
  if (promisedAt === null) return <span class="bad">nobody can say when</span>;
  return (
    <>
      <Instant at={promisedAt} />
      <p class="quiet">
        {promiseConfidence === null ? 'agreed or confirmed' : `kept with ${chance(promiseConfidence)}`}
        {coveredBy === 'shelf' && ', from the shelf'}
      </p>
    </>
  );
}
