import {describe, expect, it} from 'vitest';
import {ALWAYS, BusinessClock} from '../../domain/business-time.ts';
import {readTerm} from '../../domain/contract-term.ts';
import {penaltyMinor} from '../../domain/penalty.ts';
import {epochMs, HOUR_MS} from '../../domain/time.ts';
import {clausesOf} from '../../domain/service-level/clause.ts';
import type {Term} from '../../domain/service-level/clause.ts';
import type {ServiceCase} from '../../domain/service-level/sla.ts';
import {chargesOf} from '../../replenish/adapters/contract-charges.ts';

const clock = new BusinessClock(ALWAYS);
const JANUARY = Date.UTC(2026, 0, 1);
const NOW = epochMs(JANUARY + 200 * HOUR_MS);

const terms = [
  ['sla', {metric: 'restoreH', target: 8}],
  [
    'penalty',
    {slaTermNo: 1, currency: 'EUR', perHourMinor: 10_000, capMinor: 25_000, capPerWindowMinor: 30_000},
  ],
  ['bonus', {slaTermNo: 1, currency: 'EUR', perWindowMinor: 70_000}],
].map(([type, params], i): Term => {
  const read = readTerm(type as string, params);
  if (!read.ok) throw new Error(read.detail);
  const term = {
    contractId: 'K-1',
    version: 1,
    termNo: i + 1,
    scope: {},
    clauseRef: '',
    from: -Infinity,
    to: Infinity,
  };
  return {...read.value, ...term};
});
const clauses = clausesOf(terms).map((clause) => ({clause, clock}));
/** The same money for days of waiting: one is allowed in a month. */
const summed = clauses.map((one) => ({
  ...one,
  clause: {...one.clause, metric: 'backorderDays' as const, limitH: 0, target: 1},
}));

/** Needed at `startH` hours into the year, filled so many hours later. */
function need(startH: number, afterH: number): ServiceCase {
  const neededAt = epochMs(JANUARY + startH * HOUR_MS);
  return {
    ...{contractId: 'K-1', demandId: `D-${startH}`, equipmentId: 'M-1', partId: 'P-1', depotId: 'D-1'},
    requestedAt: neededAt,
    neededAt,
    firstFilledAt: null,
    filledAt: epochMs(neededAt + afterH * HOUR_MS),
    cancelledAt: null,
    promise: null,
  };
}
/** What a case that is 20 h late would cost by each charge. */
const costs = (cases: readonly ServiceCase[], since = -Infinity): number[] =>
  chargesOf(
    clauses.map((one) => ({...one, clause: {...one.clause, from: since}})),
    cases,
    NOW,
  ).map(({charge}) => penaltyMinor(charge.formula, 20));

describe('what one more late case would cost', () => {
  it('I2 in a window without a late case: its own cap, and the bonus', () => {
    expect(costs([need(1, 5)])).toEqual([25_000, 70_000]);
  });

  it('I2 what the settlement has taken of the window’s cap cannot be lost again, nor the bonus', () => {
    expect(costs([need(1, 10)])).toEqual([10_000, 0]);
    expect(costs([need(1, 10), need(2, 12)])).toEqual([0, 0]);
  });

  it('I2 a version that took over within the window has its whole cap, and no bonus to lose', () => {
    expect(costs([need(1, 10)], JANUARY + 100 * HOUR_MS)).toEqual([25_000, 0]);
  });

  it('I2 where waiting is added up an hour is free while the window’s hours last, and has the rate beyond', () => {
    const charged = (...cases: ServiceCase[]) =>
      chargesOf(summed, cases, NOW).map(({charge: {limitH, formula}}) => [
        limitH,
        penaltyMinor(formula, limitH > 0 ? 20 - limitH : 20),
      ]);
    // 14 h are left of 24: of 20 h more 6 are charged, up to the cap, and the bonus is lost with the first.
    expect(charged(need(1, 10))).toEqual([
      [14, 25_000],
      [14, 70_000],
    ]);
    // One hour beyond costs 100.00 already; 150.00 are left of the case's cap, and no bonus.
    expect(charged(need(1, 25))).toEqual([
      [0, 15_000],
      [0, 0],
    ]);
    // What began before the window waits in it too.
    expect(charged(need(-30, 40))[0]![0]).toBe(14);
  });

  it('I2 another window’s cases are none of it', () => {
    expect(costs([need(-100, 50)])).toEqual([25_000, 70_000]);
  });
});
