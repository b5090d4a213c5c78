import {useQuery} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {api, ask} from '../data/client.ts';
import type {Reply} from '../data/client.ts';
import {percent} from './chance.ts';
import {Money} from './figures.tsx';
import {Instant, hours} from './instant.tsx';
import {Section} from './page.tsx';
import {Empty, Loaded} from './states.tsx';
import {Table} from './table.tsx';
import type {Column} from './table.tsx';

type Score = Reply<'/api/v1/my/scorecard'>['scores'][number];

/**
 * How a supplier delivered in the last year, by the same rules as the planners' key figures. Without `partyId`: the
 * reader's own.
 */
export function Scorecard({partyId}: {readonly partyId?: string}): JSX.Element {
  const card = useQuery({
    queryKey: ['scorecard', partyId ?? null],
    queryFn: () =>
      ask(api.GET('/api/v1/my/scorecard', {params: {query: partyId === undefined ? {} : {partyId}}})),
  });
  return (
    <Section title="Deliveries">
      <Loaded query={card} what="the scorecard">
        {({scores, from, until, settled}) =>
          scores.length === 1 ? (
            <Empty>No order fell due in the last year, and no supplied piece was handed out.</Empty>
          ) : (
            <>
              <p class="quiet">
                Orders due from <Instant at={from} year /> to <Instant at={until} year /> that have come, or
                are a day late. On time is less than a day after the date promised first, or the expected one
                where none was promised. Faulty is what technicians reported as wrong or dead on arrival, of
                the pieces handed out from the supplied shelves: no piece is traced to its delivery. Waited
                are days that needs waited at a depot while an order to it was late.
              </p>
              {Object.entries(settled ?? {}).map(([currency, {penaltyMinor, bonusMinor}]) => (
                <p key={currency}>
                  Settled for them: <Money minor={penaltyMinor} currency={currency} /> of penalties and{' '}
                  <Money minor={bonusMinor} currency={currency} /> of bonuses, without what is disputed.
                </p>
              ))}
              <Table
                caption="Deliveries by segment and part, the least punctual part first"
                rows={scores}
                rowKey={({partId, segment}) => `${partId ?? ''} ${segment ?? ''}`}
                columns={COLUMNS}
              />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

const COLUMNS: readonly Column<Score>[] = [
  {key: 'part', title: 'Part', cell: (score) => <strong>{aboutOf(score)}</strong>},
  {key: 'orders', title: 'Orders', numeric: true, cell: ({orders}) => orders},
  {key: 'onTime', title: 'On time', numeric: true, cell: ({onTime, orders}) => share(onTime, orders)},
  {
    key: 'inLeadTime',
    title: 'Within the agreed time',
    numeric: true,
    cell: ({inLeadTime, timed, beyondAgreedDays}) => (
      <>
        {share(inLeadTime, timed)}
        {beyondAgreedDays !== null && <p class="quiet">{beyond(beyondAgreedDays)}</p>}
      </>
    ),
  },
  {
    key: 'pieces',
    title: 'Pieces received',
    numeric: true,
    cell: ({receivedPieces, pieces}) => share(receivedPieces, pieces),
  },
  {
    key: 'confirmed',
    title: 'Confirmed',
    numeric: true,
    cell: ({confirmed, orders, confirmHours}) => (
      <>
        {share(confirmed, orders)}
        {confirmHours !== null && <p class="quiet">after {hours(confirmHours)}</p>}
      </>
    ),
  },
  {
    key: 'slipped',
    title: 'Date moved back',
    numeric: true,
    cell: ({slipped, orders}) => share(slipped, orders),
  },
  {key: 'faulty', title: 'Faulty', numeric: true, cell: ({faulty, handedOut}) => share(faulty, handedOut)},
  {key: 'waited', title: 'Waited, days', numeric: true, cell: ({waitedDays}) => waitedDays.toFixed(1)},
];

/** Example: the score of all parts of segment A → 'Segment A'. */
function aboutOf({partId, segment}: Score): string {
  return partId ?? (segment === null ? 'All parts' : `Segment ${segment}`);
}

/** 3 of 4 → '75 % (3 of 4)'. */
function share(some: number, all: number): string {
  return all === 0 ? '–' : `${percent(some / all, 0)} (${some} of ${all})`;
}

/** 2.5 → '2.5 days longer on average'. */
function beyond(days: number): string {
  const size = Math.abs(days).toFixed(1);
  return `${size} days ${days < 0 ? 'shorter' : 'longer'} on average`;
}
