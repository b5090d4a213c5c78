import {groupBy} from '../../domain/group-by.ts';
import {ON_TIME_D} from '../../domain/kpi.ts';
import type {Segment} from '../../domain/segment.ts';
import {DAY_MS} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';

/** An order that fell due. */
export interface ScoredOrder {
  readonly partId: string;
  readonly qty: number;
  readonly receivedQty: number;
  readonly orderedAt: EpochMs;
  /** The first promised date, else the expected one. */
  readonly dueAt: EpochMs;
  /** When its last piece came. */
  readonly receivedAt: EpochMs | null;
  readonly confirmedAt: EpochMs | null;
  readonly slips: number;
  /** Mean lead time of the terms when it was ordered; null: the terms name none. */
  readonly agreedDays: number | null;
}

/** What became of a part that a supplier supplies. */
export interface SuppliedPart {
  readonly partId: string;
  readonly segment: Segment;
  /** Pieces of needs that were filled, from the shelves that it supplies. */
  readonly handedOut: number;
  /** Of those, reported as wrong or dead on arrival. */
  readonly faulty: number;
  /** Days that needs waited while an order was late. */
  readonly waitedDays: number;
}

/** How a supplier did, of one part, of those of a segment, or of all of them. */
export interface PartScore extends Pick<SuppliedPart, 'handedOut' | 'faulty' | 'waitedDays'> {
  /** Null: all parts, of the segment where there is one. */
  readonly partId: string | null;
  /** Null: of every one. */
  readonly segment: Segment | null;
  /** Orders that came, or are a day late. */
  readonly orders: number;
  /** Of those, whose last piece came less than a day after the first promised date. */
  readonly onTime: number;
  readonly pieces: number;
  readonly receivedPieces: number;
  /** Orders that came, with terms that name a lead time. */
  readonly timed: number;
  /** Of those, that took no more than a day longer. */
  readonly inLeadTime: number;
  /** Mean of what they took over what was agreed, in days; null: none came. */
  readonly beyondAgreedDays: number | null;
  readonly confirmed: number;
  /** Mean from order to first confirmation, in hours; null: none was confirmed. */
  readonly confirmHours: number | null;
  /** Orders whose promised date was moved back. */
  readonly slipped: number;
}

/**
 * Scores a supplier on its orders of a time: on-time delivery as the key figure has it (domain/kpi.ts), lead times against the terms,
 * completeness, how it confirms, what was faulty and who waited. All parts first, then the parts of each segment, then each part, the least
 * punctual first. What can be counted adds up: parts to their segment, segments to all.
 *
 * Example: due on days 10 and 20, come on days 10.5 and 22 after orders on day 0 with 20 agreed days → 2 orders, 1 on time (50 %);
 * 1 of 2 within the lead time and a day; −9.5 and +2 days beyond it, on average −3.75.
 */
export function supplierScorecard(
  orders: readonly ScoredOrder[],
  parts: readonly SuppliedPart[],
  now: EpochMs,
): readonly PartScore[] {
  const due = orders.filter(
    ({receivedAt, dueAt}) => (receivedAt !== null && receivedAt <= now) || dueAt + ON_TIME_D * DAY_MS <= now,
  );
  const ordersOf = groupBy(due, ({partId}) => partId);
  const shown = parts.filter(
    ({partId, handedOut, waitedDays}) => ordersOf.has(partId) || handedOut > 0 || waitedDays > 0,
  );
  const score = (of: Pick<PartScore, 'partId' | 'segment'>, own: readonly SuppliedPart[]): PartScore => ({
    ...of,
    ...scoreOf(own.flatMap(({partId}) => ordersOf.get(partId) ?? [])),
    handedOut: sum(own.map(({handedOut}) => handedOut)),
    faulty: sum(own.map(({faulty}) => faulty)),
    waitedDays: sum(own.map(({waitedDays}) => waitedDays)),
  });
  const bySegment = [...groupBy(shown, ({segment}) => segment)].sort(([a], [b]) => (a < b ? -1 : 1));
  const byPart = shown.map((part) => score({partId: part.partId, segment: part.segment}, [part]));
  const share = ({onTime, orders: all}: PartScore): number => (all === 0 ? 1 : onTime / all);
  return [
    score({partId: null, segment: null}, shown),
    ...bySegment.map(([segment, own]) => score({partId: null, segment}, own)),
    ...byPart.toSorted((a, b) => share(a) - share(b) || (a.partId! < b.partId! ? -1 : 1)),
  ];
}

type DeliveryScore = Omit<PartScore, 'partId' | 'segment' | 'handedOut' | 'faulty' | 'waitedDays'>;

function scoreOf(orders: readonly ScoredOrder[]): DeliveryScore {
  const beyond = orders.flatMap(({orderedAt, receivedAt, agreedDays}) =>
    receivedAt === null || agreedDays === null ? [] : [(receivedAt - orderedAt) / DAY_MS - agreedDays],
  );
  const waited = orders.flatMap(({orderedAt, confirmedAt}) =>
    confirmedAt === null ? [] : [(confirmedAt - orderedAt) / 3_600_000],
  );
  return {
    orders: orders.length,
    onTime: orders.filter(
      ({receivedAt, dueAt}) => receivedAt !== null && receivedAt < dueAt + ON_TIME_D * DAY_MS,
    ).length,
    pieces: sum(orders.map(({qty}) => qty)),
    receivedPieces: sum(orders.map(({receivedQty}) => receivedQty)),
    timed: beyond.length,
    inLeadTime: beyond.filter((days) => days < ON_TIME_D).length,
    beyondAgreedDays: mean(beyond),
    confirmed: waited.length,
    confirmHours: mean(waited),
    slipped: orders.filter(({slips}) => slips > 0).length,
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : sum(values) / values.length;
