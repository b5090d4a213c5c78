import type {BusinessClock} from '../business-time.ts';
import {penaltyMinor, underWindowCap} from '../penalty.ts';
import type {EpochMs} from '../time.ts';
import type {Clause} from './clause.ts';
import {standingOf} from './sla.ts';
import type {ServiceCase, Verdict} from './sla.ts';
import type {Window} from './window.ts';

/** Money due for one late case, or earned by one window without any. */
export interface SettlementLine {
  readonly contractId: string;
  readonly version: number;
  /** Of the penalty or bonus. */
  readonly termNo: number;
  readonly clauseRef: string;
  readonly kind: 'penalty' | 'bonus';
  /** When the case ended; of a bonus, when its window and the last of its cases had. */
  readonly dueAt: EpochMs;
  readonly window: Window;
  readonly demandId: string | null;
  readonly equipmentId: string | null;
  /** Hours past the limit, on the clause's clock; null of a bonus. */
  readonly lateH: number | null;
  readonly amountMinor: number;
  readonly currency: string;
}

/**
 * What one window of a clause comes to: a line for each late case that has ended, the first ended first, under the window's cap;
 * and the bonus of a window that is over, with every case decided and none late. A line's sum is final: what runs has none yet.
 *
 * Example: 100.00 an hour after 8 h, 300.00 at most in a window; cases 2 h and 3 h late → 200.00 and 100.00.
 */
export function settleWindow(
  clause: Clause,
  clock: BusinessClock,
  cases: readonly ServiceCase[],
  {window, now}: {readonly window: Window; readonly now: EpochMs},
): SettlementLine[] {
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
        lateH,
        amountMinor: sums[i]!,
      }));
    },
  );
  const decidedAt = verdicts.reduce((at, {endAt}) => (endAt !== null && endAt > at ? endAt : at), window.to);
  // A window that the clause did not hold from end to end earns nothing: nobody had promised all of it.
  const bonuses = clause.bonuses
    .filter(
      ({from, to}) =>
        late + running === 0 &&
        window.to <= now &&
        Math.max(from, clause.from) <= window.from &&
        window.to <= Math.min(to, clause.to),
    )
    .map(({termNo, clauseRef, currency, perWindowMinor}): SettlementLine => ({
      ...{contractId, version, termNo, clauseRef, currency, window},
      kind: 'bonus',
      dueAt: decidedAt,
      demandId: null,
      equipmentId: null,
      lateH: null,
      amountMinor: perWindowMinor,
    }));
  return [...penalties, ...bonuses];
}
