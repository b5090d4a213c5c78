import {groupBy} from '../../domain/group-by.ts';
import {ON_TIME_D} from '../../domain/kpi.ts';
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

/** How a supplier did, of one part or of all of them. */
export interface PartScore {
  /** Null: all parts. */
  readonly partId: string | null;
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
 * completeness, and how it confirms. All parts first, then each, the least punctual first.
 *
 * Example: due on days 10 and 20, come on days 10.5 and 22 after orders on day 0 with 20 agreed days → 2 orders, 1 on time (50 %);
 * 1 of 2 within the lead time and a day; −9.5 and +2 days beyond it, on average −3.75.
 */
export function supplierScorecard(orders: readonly ScoredOrder[], now: EpochMs): readonly PartScore[] {
  const due = orders.filter(
    ({receivedAt, dueAt}) => (receivedAt !== null && receivedAt <= now) || dueAt + ON_TIME_D * DAY_MS <= now,
  );
  const byPart = [...groupBy(due, ({partId}) => partId)].map(([partId, own]) => scoreOf(partId, own));
  const share = ({onTime, orders: all}: PartScore): number => onTime / all;
  return [
    scoreOf(null, due),
    ...byPart.toSorted((a, b) => share(a) - share(b) || (a.partId! < b.partId! ? -1 : 1)),
  ];
}

function scoreOf(partId: string | null, orders: readonly ScoredOrder[]): PartScore {
  const beyond = orders.flatMap(({orderedAt, receivedAt, agreedDays}) =>
    receivedAt === null || agreedDays === null ? [] : [(receivedAt - orderedAt) / DAY_MS - agreedDays],
  );
  const waited = orders.flatMap(({orderedAt, confirmedAt}) =>
    confirmedAt === null ? [] : [(confirmedAt - orderedAt) / 3_600_000],
  );
  return {
    partId,
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
