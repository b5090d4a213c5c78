import type {BusinessClock} from '../business-time.ts';
import {penaltyMinor, underWindowCap} from '../penalty.ts';
import {epochMs} from '../time.ts';
import type {EpochMs} from '../time.ts';
import type {Clause} from './clause.ts';
import {standingOf} from './sla.ts';
import {addsUpWaiting, isExceeded, waitingOf} from './waiting.ts';
import type {ServiceCase, Verdict} from './sla.ts';
import type {Window} from './window.ts';

/** Money due for one late case or for the waiting of one window, or earned by one window without. */
export interface SettlementLine {
  readonly contractId: string;
  readonly version: number;
  /** Of the penalty or bonus. */
  readonly termNo: number;
  readonly clauseRef: string;
  readonly kind: 'penalty' | 'bonus';
  /** When the case ended; of a window's waiting when the window had, of a bonus when its window and the last of its cases had. */
  readonly dueAt: EpochMs;
  readonly window: Window;
  readonly demandId: string | null;
  readonly equipmentId: string | null;
  /** The order of a supplier that came late. */
  readonly orderId: string | null;
  /** Hours past the limit, or waited beyond those allowed, on the clause's clock; null of a bonus. */
  readonly lateH: number | null;
  readonly amountMinor: number;
  readonly currency: string;
}

/**
 * What one window of a clause comes to: a line for each late case that has ended, the first ended first, under the window's cap;
 * and the bonus of a window that is over, with every case decided and none late. A line's sum is final: what runs has none yet.
 * Where waiting is added up there is one line for a window that is over, by its hours beyond those allowed.
 *
 * Example: 100.00 an hour after 8 h, 300.00 at most in a window; cases 2 h and 3 h late → 200.00 and 100.00.
 */
export function settleWindow(
  clause: Clause,
  clock: BusinessClock,
  cases: readonly ServiceCase[],
  {window, now}: {readonly window: Window; readonly now: EpochMs},
): SettlementLine[] {
  if (addsUpWaiting(clause.metric)) return settleWaiting(clause, clock, cases, {window, now});
  const {verdicts, late, running} = standingOf(clause, clock, cases, {window, now});
  const ended = verdicts
    .filter(
      (verdict): verdict is Verdict & {endAt: EpochMs} => verdict.state === 'late' && verdict.endAt !== null,
    )
    .sort((a, b) => a.endAt - b.endAt || (a.case.demandId < b.case.demandId ? -1 : 1));
  const {contractId, version} = clause;
  const penalties = clause.penalties.flatMap(
    ({termNo, clauseRef, currency, capPerWindowMinor, from, to, ...formula}) => {
      const charged = ended.filter(({startAt}) => startAt >= from && startAt < to);
      const sums = underWindowCap(
        charged.map(({lateH}) => penaltyMinor(formula, lateH)),
        capPerWindowMinor,
      );
      return charged.map(({case: one, endAt, lateH}, i): SettlementLine => ({
        ...{contractId, version, termNo, clauseRef, currency, window},
        kind: 'penalty',
        dueAt: endAt,
        demandId: one.demandId,
        equipmentId: one.equipmentId,
        orderId: null,
        lateH,
        amountMinor: sums[i]!,
      }));
    },
  );
  const decidedAt = verdicts.reduce((at, {endAt}) => (endAt !== null && endAt > at ? endAt : at), window.to);
  const isEarned = late + running === 0 && window.to <= now;
  return [...penalties, ...(isEarned ? bonusLines(clause, window, decidedAt) : [])];
}

/** A window that the clause did not hold from end to end earns nothing: nobody had promised all of it. */
function bonusLines(clause: Clause, window: Window, dueAt: EpochMs): SettlementLine[] {
  const {contractId, version} = clause;
  return clause.bonuses
    .filter(
      ({from, to}) => Math.max(from, clause.from) <= window.from && window.to <= Math.min(to, clause.to),
    )
    .map(({termNo, clauseRef, currency, perWindowMinor}): SettlementLine => ({
      ...{contractId, version, termNo, clauseRef, currency, window, dueAt},
      kind: 'bonus',
      ...OF_NO_CASE,
      lateH: null,
      amountMinor: perWindowMinor,
    }));
}
const OF_NO_CASE = {demandId: null, equipmentId: null, orderId: null};

/**
 * All waiting of a window that is over, as one late case.
 * Example: 100.00 an hour, 14.4 h allowed, 36 h waited → 21.6 h at 100.00.
 */
function settleWaiting(
  clause: Clause,
  clock: BusinessClock,
  cases: readonly ServiceCase[],
  at: {readonly window: Window; readonly now: EpochMs},
): SettlementLine[] {
  const {window, now} = at;
  const [from, to] = [Math.max(window.from, clause.from), Math.min(window.to, clause.to)];
  if (to > now || from >= to) return [];
  const waiting = waitingOf(clause, clock, cases, at);
  const dueAt = epochMs(to);
  if (!isExceeded(waiting)) return bonusLines(clause, window, dueAt);
  const {contractId, version} = clause;
  const lateH = waiting.waitedH - waiting.allowedH;
  return clause.penalties
    .filter((penalty) => penalty.from <= from && from < penalty.to)
    .map((penalty): SettlementLine => {
      const {termNo, clauseRef, currency, capPerWindowMinor} = penalty;
      return {
        ...{contractId, version, termNo, clauseRef, currency, window, dueAt},
        kind: 'penalty',
        ...OF_NO_CASE,
        lateH,
        amountMinor: underWindowCap([penaltyMinor(penalty, lateH)], capPerWindowMinor)[0]!,
      };
    });
}
