import {describe, expect, it} from 'vitest';
import {ALWAYS, BusinessClock} from '../../domain/business-time.ts';
import {readTerm} from '../../domain/contract-term.ts';
import {clausesOf, withMachines} from '../../domain/service-level/clause.ts';
import type {Clause, Term} from '../../domain/service-level/clause.ts';
import {settleWindow} from '../../domain/service-level/settlement.ts';
import {standingOf} from '../../domain/service-level/sla.ts';
import type {ServiceCase} from '../../domain/service-level/sla.ts';
import {waitingOf} from '../../domain/service-level/waiting.ts';
import {windowAt} from '../../domain/service-level/window.ts';
import {epochMs, HOUR_MS} from '../../domain/time.ts';

const always = new BusinessClock(ALWAYS);
/** 720 hours. */
const JUNE = windowAt('month', always, Date.UTC(2026, 5, 10));
const at = (hours: number) => epochMs(JUNE.from + hours * HOUR_MS);
const JULY = at(800);

function term(termNo: number, type: string, params: object, more: Partial<Term> = {}): Term {
  const read = readTerm(type, params);
  if (!read.ok) throw new Error(read.detail);
  const by = {contractId: 'K-1', version: 1, termNo, scope: {}, clauseRef: `§${termNo}`};
  return {...read.value, ...by, from: -Infinity, to: Infinity, ...more} as Term;
}
const MONEY = [
  term(2, 'penalty', {slaTermNo: 1, currency: 'EUR', perHourMinor: 10_000}),
  term(3, 'bonus', {slaTermNo: 1, currency: 'EUR', perWindowMinor: 70_000}),
];
const MACHINES = ['M-1', 'M-2'].map((equipmentId) => ({contractId: 'K-1', equipmentId, since: epochMs(0)}));
function clause(sla: object, more: Partial<Term> = {}): Clause {
  return withMachines(clausesOf([term(1, 'sla', sla, more), ...MONEY]), MACHINES)[0]!;
}
const availability = clause({metric: 'availability', target: 99});
const backorderDays = clause({metric: 'backorderDays', target: 1});

/** Needed so many hours into June, filled at that hour; null: not yet. */
function need(fromH: number, toH: number | null, more: Partial<ServiceCase> = {}): ServiceCase {
  return {
    ...{contractId: 'K-1', demandId: `D-${fromH}`, equipmentId: 'M-1', partId: 'P-1', depotId: 'D-1'},
    requestedAt: at(fromH),
    neededAt: at(fromH),
    firstFilledAt: null,
    filledAt: toH === null ? null : at(toH),
    cancelledAt: null,
    promise: null,
    ...more,
  };
}
const other = {equipmentId: 'M-2'};
const standing = (of: Clause, cases: readonly ServiceCase[], now = JULY) =>
  standingOf(of, always, cases, {window: JUNE, now});
const settled = (of: Clause, cases: readonly ServiceCase[], now = JULY) =>
  settleWindow(of, always, cases, {window: JUNE, now});

describe('the availability of machines', () => {
  it('I1 two machines, 99 % of 720 h each: 14.4 h are allowed, and 36 h of waiting are 97.5 %', () => {
    const cases = [need(0, 20), need(100, 116, other)];
    const {waitedH, allowedH} = waitingOf(availability, always, cases, {window: JUNE, now: JULY});
    expect(waitedH).toBe(36);
    expect(allowedH).toBeCloseTo(14.4, 9);
    expect(standing(availability, cases)).toMatchObject({
      measured: 97.5,
      breached: true,
      breachProbability: 1,
    });
  });

  it('I1 14.4 h keep it exactly, and a minute more does not', () => {
    expect(standing(availability, [need(0, 14.4)])).toMatchObject({measured: 99, breached: false});
    expect(standing(availability, [need(0, 14.4 + 1 / 60)]).breached).toBe(true);
  });

  it('I1 a machine that waits for two parts is down once; two machines are down twice', () => {
    const overlapping = [need(0, 10), need(4, 12)];
    const waited = (cases: ServiceCase[]) =>
      waitingOf(availability, always, cases, {window: JUNE, now: JULY}).waitedH;
    expect(waited(overlapping)).toBe(12);
    expect(waited([overlapping[0]!, {...overlapping[1]!, ...other}])).toBe(18);
  });

  it('I1 only the window’s own hours count: a need of May until June 5 h, one of June into July', () => {
    const cases = [need(-30, 5), need(710, 790, other)];
    expect(waitingOf(availability, always, cases, {window: JUNE, now: JULY}).waitedH).toBe(15);
  });

  it('I1 a machine counts from its commissioning: one of the middle of June has half of its hours, one of July none', () => {
    const later = (hours: number) => [...availability.machines, at(hours)];
    const allowed = (machines: readonly number[]) =>
      waitingOf({...availability, machines}, always, [], {window: JUNE, now: JULY}).allowedH;
    expect(allowed(later(360))).toBeCloseTo(0.01 * 2.5 * 720, 9);
    expect(allowed(later(720))).toBeCloseTo(0.01 * 2 * 720, 9);
  });

  it('I1 by its tenth hour, with one of two machines down for five, it is 75 %', () => {
    expect(standing(availability, [need(5, null)], at(10))).toMatchObject({measured: 75, running: 1});
  });
});

describe('days of backorder', () => {
  it('I1 every need counts by itself: 30 h and 6 h of one machine are a day and a half, against one allowed', () => {
    expect(standing(backorderDays, [need(0, 30), need(4, 10)])).toMatchObject({
      measured: 1.5,
      breached: true,
    });
    expect(standing(backorderDays, [need(0, 24)])).toMatchObject({measured: 1, breached: false});
  });

  it('I1 a clause that begins in the middle of the window allows half of its days, and counts its own half alone', () => {
    const half = clause({metric: 'backorderDays', target: 1}, {from: at(360)});
    const waiting = waitingOf(half, always, [need(340, 370)], {window: JUNE, now: JULY});
    expect(waiting).toMatchObject({waitedH: 10, allowedH: 12});
  });

  it('I1 what is called off waits until then, and what its scope leaves out does not count', () => {
    const scoped = {...backorderDays, scope: {partIds: ['P-1' as never]}};
    const cases = [need(0, null, {cancelledAt: at(12)}), need(0, 100, {partId: 'P-2'})];
    expect(standing(scoped, cases).measured).toBe(0.5);
  });
});

describe('the chance that the window ends with too much waiting', () => {
  const chance = (cases: readonly ServiceCase[]) => standing(backorderDays, cases, at(10)).breachProbability;
  const promised = (hours: number, sdH: number, more: Partial<ServiceCase> = {}) =>
    need(4, null, {promise: {at: at(hours), sdH}, ...more});

  it('I1 one that waits 6 h of 24 by now, and is promised 18 h from now ± 2 h: one half', () => {
    expect(chance([promised(28, 2)])).toBeCloseTo(0.5, 6);
    expect(chance([promised(28 - 1.6449 * 2, 2)])).toBeCloseTo(0.05, 4);
    expect([chance([promised(27, 0)]), chance([promised(29, 0)])]).toEqual([0, 1]);
  });

  it('I1 two of them share the hours that are left; what nobody promised lasts to the end', () => {
    const two = [promised(16, 1), promised(16, 1, {demandId: 'D-b', ...other})];
    // 12 h by now and 12 h left: each is expected in 6 h, ± 1 h.
    expect(chance(two)).toBeCloseTo(0.5, 2);
    expect(chance([promised(16, 1), promised(12.7, 1, {demandId: 'D-b'})])).toBeCloseTo(0.01, 2);
    expect(chance([need(9, null)])).toBe(1);
  });

  it('I1 nothing waits: none, and a window that is over is certain', () => {
    expect(chance([])).toBe(0);
    expect(standing(backorderDays, [need(0, 20)]).breachProbability).toBe(0);
    expect(standing(backorderDays, [need(719, null)]).breachProbability).toBe(0);
  });
});

describe('the settlement of waiting', () => {
  it('I2 a window is one line, by the formula: 36 h against 14.4 h allowed at 100.00 are 2,160.00', () => {
    const lines = settled(availability, [need(0, 20), need(100, 116, other)]);
    expect(lines).toMatchObject([
      {kind: 'penalty', termNo: 2, demandId: null, dueAt: JUNE.to, amountMinor: 216_000},
    ]);
    expect(lines[0]!.lateH).toBeCloseTo(21.6, 9);
  });

  it('I2 before the window is over nothing is due, and kept it earns its bonus', () => {
    const cases = [need(0, 20), need(100, 116, other)];
    expect(settled(availability, cases, epochMs(JUNE.to - 1))).toEqual([]);
    expect(settled(availability, [need(0, 5)])).toMatchObject([
      {kind: 'bonus', amountMinor: 70_000, dueAt: JUNE.to},
    ]);
    const capped = clause({metric: 'backorderDays', target: 1});
    const half = {...capped, penalties: capped.penalties.map((one) => ({...one, capPerWindowMinor: 5_000}))};
    expect(settled(half, [need(0, 100)])).toMatchObject([{amountMinor: 5_000}]);
  });

  it('I2 a clause that was not in force in the window settles nothing', () => {
    expect(settled(clause({metric: 'availability', target: 99}, {from: JULY}), [need(0, 300)])).toEqual([]);
  });
});
