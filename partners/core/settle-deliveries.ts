import {inScope} from '../../domain/contract-term.ts';
import type {TermParams} from '../../domain/contract-term.ts';
import {ON_TIME_D} from '../../domain/kpi.ts';
import {penaltyMinor, underWindowCap} from '../../domain/penalty.ts';
import type {Term} from '../../domain/service-level/clause.ts';
import type {SettlementLine} from '../../domain/service-level/settlement.ts';
import type {Window} from '../../domain/service-level/window.ts';
import {DAY_MS, HOUR_MS, epochMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';

/** An order to a supplier that was not called off. */
export interface Delivery {
  readonly supplierPartyId: string;
  readonly orderId: string;
  readonly partId: string;
  readonly depotId: string;
  /** The first promised date, else the expected one. */
  readonly dueAt: EpochMs;
  /** When its last piece came. */
  readonly receivedAt: EpochMs | null;
}

export type DeliveryTerm = Omit<Term, 'type' | 'params'> & {readonly params: TermParams<'delivery'>};

/**
 * What the orders come to that fell due in one window: a line for each late one that has come, once the window is decided, the first come
 * first, under the window's cap; or the bonus. Orders whose dispute is open or was waived are left out of all of it, and while one is
 * open no bonus is due. Late is a day or more, as on the scorecard; the hours count from the date.
 *
 * Example: 90 % on time agreed, 50.00 once for each late order and 80.00 at most in a month; of ten orders two were late → 50.00 and
 * 30.00. Is one of the two disputed, 8 of 9 (88.9 %) were on time → 50.00 for the other.
 */
export function settleDeliveries(
  term: DeliveryTerm,
  deliveries: readonly Delivery[],
  {window, now}: {readonly window: Window; readonly now: EpochMs},
): SettlementLine[] {
  const {targetPct, bonus, disputes, currency, capPerWindowMinor} = term.params;
  const within = deliveries.filter(
    ({dueAt, partId, depotId}) =>
      dueAt >= Math.max(window.from, term.from) &&
      dueAt < Math.min(window.to, term.to) &&
      inScope(term.scope, {equipmentId: '', partId, depotId}),
  );
  const excluded = new Map(
    disputes.filter(({outcome}) => outcome !== 'stands').map((one) => [one.orderId, one.outcome]),
  );
  const judged = within.filter(({orderId}) => !excluded.has(orderId)).map((one) => judge(one, now));
  const decidedAt = judged.reduce<number>((at, one) => Math.max(at, one.decidedAt), window.to);
  if (judged.length === 0 || decidedAt > now) return [];
  const late = judged.filter(({isLate}) => isLate);
  const onTimePct = (100 * (judged.length - late.length)) / judged.length;
  const {contractId, version, termNo, clauseRef} = term;
  const line = {contractId, version, termNo, clauseRef, currency, window, demandId: null, equipmentId: null};
  const isArgued = within.some(({orderId}) => excluded.has(orderId) && excluded.get(orderId) === undefined);
  const isWhole = term.from <= window.from && window.to <= term.to;
  if (bonus !== undefined && onTimePct >= bonus.fromPct && isWhole && !isArgued) {
    const dueAt = epochMs(decidedAt);
    return [{...line, kind: 'bonus', dueAt, orderId: null, lateH: null, amountMinor: bonus.perWindowMinor}];
  }
  if (onTimePct >= targetPct) return [];
  const come = late
    .flatMap(({of, receivedAt}) => (receivedAt === null ? [] : [{...of, receivedAt}]))
    .sort((a, b) => a.receivedAt - b.receivedAt || (a.orderId < b.orderId ? -1 : 1))
    .map((one) => ({...one, lateH: (one.receivedAt - one.dueAt) / HOUR_MS}));
  const sums = underWindowCap(
    come.map(({lateH}) => penaltyMinor(term.params, lateH)),
    capPerWindowMinor,
  );
  return come.map(({orderId, receivedAt, lateH}, i): SettlementLine => {
    const dueAt = epochMs(Math.max(decidedAt, receivedAt));
    return {...line, kind: 'penalty', dueAt, orderId, lateH, amountMinor: sums[i]!};
  });
}

/** An order is decided when it has come, or is a day late. */
function judge(
  of: Delivery,
  now: EpochMs,
): {
  readonly of: Delivery;
  readonly isLate: boolean;
  readonly decidedAt: number;
  readonly receivedAt: EpochMs | null;
} {
  const receivedAt = of.receivedAt !== null && of.receivedAt <= now ? of.receivedAt : null;
  const lateFrom = of.dueAt + ON_TIME_D * DAY_MS;
  const isLate = (receivedAt ?? now) >= lateFrom;
  return {of, isLate, receivedAt, decidedAt: isLate ? lateFrom : (receivedAt ?? Infinity)};
}
