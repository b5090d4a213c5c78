import {PenaltyFormula, formulaBeyond} from '../../domain/penalty.ts';
import type {TimedClause} from '../../domain/service-level/clause.ts';
import {settleWindow} from '../../domain/service-level/settlement.ts';
import {standingOf} from '../../domain/service-level/sla.ts';
import type {ServiceCase} from '../../domain/service-level/sla.ts';
import {addsUpWaiting, waitingOf} from '../../domain/service-level/waiting.ts';
import {windowAt} from '../../domain/service-level/window.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {Charge} from '../core/decision/situation.ts';

/** A charge with the clause that it belongs to. */
export interface ClauseCharge extends TimedClause {
  readonly charge: Charge;
}

/**
 * What one more late case would cost each clause now. Of a window's cap a case can cost what the window's settlement has left; and
 * the first late case of a window costs its bonus, where the clause holds all of the window.
 *
 * Where waiting is added up, a further hour costs what it adds to the window's sum: nothing while the allowed hours last.
 *
 * @param cases Of the current windows of clauses with such a cap or bonus, or that add up waiting.
 * Example: 100.00 an hour, 300.00 at most in a window, 200.00 of it settled → 100.00 an hour, 100.00 at most.
 */
export function chargesOf(
  clauses: readonly TimedClause[],
  cases: readonly ServiceCase[],
  now: EpochMs,
): ClauseCharge[] {
  return clauses.flatMap(({clause, clock}) => {
    const own = cases.filter(({contractId}) => contractId === clause.contractId);
    const at = {window: windowAt(clause.window, clock, now), now};
    const sum = addsUpWaiting(clause.metric);
    const {waitedH, allowedH} = sum
      ? waitingOf(clause, clock, own, at)
      : {waitedH: 0, allowedH: clause.limitH};
    const limitH = Math.max(0, allowedH - waitedH);
    const common = {scope: clause.scope, limitH, clockShare: clock.shareFrom(now)};
    const sofar = Math.max(0, waitedH - allowedH);
    const settled = settleWindow(clause, clock, own, at);
    const penalties = clause.penalties.map(({termNo, capPerWindowMinor, ...params}): Charge => {
      const spent = settled
        .filter((line) => line.termNo === termNo)
        .reduce((sum, {amountMinor}) => sum + amountMinor, 0);
      const left = capPerWindowMinor === null ? Infinity : capPerWindowMinor - spent;
      const capMinor = Math.min(params.capMinor ?? Infinity, left);
      const formula = PenaltyFormula.parse({...params, capMinor: capMinor === Infinity ? null : capMinor});
      return {termNo, ...common, formula: sofar > 0 ? formulaBeyond(formula, sofar) : formula};
    });
    const standing = standingOf(clause, clock, own, at);
    const lost = sum ? standing.breached : standing.late > 0;
    const bonuses = clause.bonuses.map(({termNo, perWindowMinor, from, to}): Charge => {
      const whole = Math.max(from, clause.from) <= at.window.from && at.window.to <= Math.min(to, clause.to);
      const formula = PenaltyFormula.parse({perEventMinor: lost || !whole ? 0 : perWindowMinor});
      return {termNo, ...common, formula};
    });
    return [...penalties, ...bonuses].map((charge) => ({clause, clock, charge}));
  });
}
