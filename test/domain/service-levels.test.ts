import {describe, expect, it} from 'vitest';
import {ALWAYS, BusinessClock} from '../../domain/business-time.ts';
import {readTerm} from '../../domain/contract-term.ts';
import {epochMs, HOUR_MS} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {clausesOf, spansInForce} from '../../domain/service-level/clause.ts';
import type {Clause, Term} from '../../domain/service-level/clause.ts';
import {settleWindow} from '../../domain/service-level/settlement.ts';
import {breachedInARow, judgeCase, standingOf} from '../../domain/service-level/sla.ts';
import type {ServiceCase} from '../../domain/service-level/sla.ts';
import {windowAt, windowsUntil} from '../../domain/service-level/window.ts';

const at = (iso: string): EpochMs => epochMs(Date.parse(iso));
const always = new BusinessClock(ALWAYS);
const office = new BusinessClock({
  calendarId: 'office',
  timeZone: 'Europe/Warsaw',
  hours: 'Mon-Fri 08:00-17:00',
  holidays: [],
});
const JANUARY = windowAt('month', always, at('2026-01-10T00:00:00Z'));
const LATER = at('2026-02-10T00:00:00Z');

function term(termNo: number, type: string, params: object, more: Partial<Term> = {}): Term {
  const read = readTerm(type, params);
  if (!read.ok) throw new Error(read.detail);
  return {
    ...read.value,
    ...{
      contractId: 'K-1',
      version: 1,
      termNo,
      scope: {},
      clauseRef: `§${termNo}`,
      from: -Infinity,
      to: Infinity,
    },
    ...more,
  } as Term;
}

const clause = (sla: object, ...others: Term[]): Clause => clausesOf([term(1, 'sla', sla), ...others])[0]!;

/** Needed at `startH` hours into January, filled so many hours later; null: not yet. */
function need(startH: number, filledAfterH: number | null, more: Partial<ServiceCase> = {}): ServiceCase {
  const neededAt = epochMs(JANUARY.from + startH * HOUR_MS);
  return {
    contractId: 'K-1',
    demandId: `D-${startH}`,
    equipmentId: 'M-1',
    partId: 'P-1',
    depotId: 'D-1',
    requestedAt: neededAt,
    neededAt,
    firstFilledAt: null,
    filledAt: filledAfterH === null ? null : epochMs(neededAt + filledAfterH * HOUR_MS),
    cancelledAt: null,
    promise: null,
    ...more,
  };
}

describe('one case under a clause', () => {
  it('I1 eight business hours from Friday 15:00 are over on Monday at 14:00, and filled at 16:00 is two hours late', () => {
    const one = {
      ...need(0, null),
      neededAt: at('2026-01-09T14:00:00Z'),
      filledAt: at('2026-01-12T15:00:00Z'),
    };
    const verdict = judgeCase({metric: 'restoreH', limitH: 8}, office, one, LATER);
    expect(verdict).toMatchObject({state: 'late', dueAt: at('2026-01-12T13:00:00Z'), lateH: 2});
  });

  it('I1 a case whose hours end at closing time is late when the clock runs again, not overnight', () => {
    // Friday 09:00 to 17:00 in Warsaw; filled on Saturday, and asked on Saturday.
    const one = {...need(0, null), neededAt: at('2026-01-09T08:00:00Z')};
    const judge = (filledAt: string | null, now: string) =>
      judgeCase(
        {metric: 'restoreH', limitH: 8},
        office,
        {...one, filledAt: filledAt === null ? null : at(filledAt)},
        at(now),
      );
    const dueAt = at('2026-01-09T16:00:00Z');
    const saturday = '2026-01-10T10:00:00Z';
    expect(judge(saturday, '2026-02-10T00:00:00Z')).toMatchObject({state: 'on-time', dueAt, lateH: 0});
    expect(judge(null, saturday)).toMatchObject({state: 'running', dueAt, lateH: 0});
    expect(judge(null, '2026-01-12T08:00:00Z')).toMatchObject({state: 'late', dueAt, lateH: 1});
  });

  it('I1 what happened later is not known yet: before its limit the case runs, after it it is late by the hour', () => {
    const one = need(0, 30);
    const judge = (hours: number) =>
      judgeCase({metric: 'restoreH', limitH: 8}, always, one, epochMs(JANUARY.from + hours * HOUR_MS));
    expect(judge(8)).toMatchObject({state: 'running', endAt: null, lateH: 0});
    expect(judge(20)).toMatchObject({state: 'late', endAt: null, lateH: 12});
    expect(judge(200)).toMatchObject({state: 'late', endAt: one.filledAt, lateH: 22});
  });

  it('I1 a response is the first piece, a restoration the last', () => {
    const one = need(0, 30, {firstFilledAt: epochMs(JANUARY.from + 3 * HOUR_MS)});
    expect(judgeCase({metric: 'responseH', limitH: 4}, always, one, LATER).state).toBe('on-time');
    expect(judgeCase({metric: 'restoreH', limitH: 4}, always, one, LATER).state).toBe('late');
  });

  it('I1 a case that is called off in time is none; called off too late it is late until then', () => {
    const called = (hours: number) => need(0, null, {cancelledAt: epochMs(JANUARY.from + hours * HOUR_MS)});
    expect(judgeCase({metric: 'restoreH', limitH: 8}, always, called(5), LATER).state).toBe('void');
    expect(judgeCase({metric: 'restoreH', limitH: 8}, always, called(10), LATER)).toMatchObject({
      state: 'late',
      lateH: 2,
    });
  });

  it('I1 a running case is late with the probability that its promise misses the limit', () => {
    const promised = (hours: number, sdH: number) =>
      judgeCase(
        {metric: 'restoreH', limitH: 24},
        always,
        need(0, null, {promise: {at: epochMs(JANUARY.from + hours * HOUR_MS), sdH}}),
        JANUARY.from,
      ).lateProbability;
    expect(promised(24 - 1.6449 * 4, 4)).toBeCloseTo(0.05, 4);
    expect(promised(24 + 1.6449 * 4, 4)).toBeCloseTo(0.95, 4);
    expect([promised(23, 0), promised(25, 0)]).toEqual([0, 1]);
    expect(
      judgeCase({metric: 'restoreH', limitH: 24}, always, need(0, null), JANUARY.from).lateProbability,
    ).toBe(1);
  });
});

describe('a clause over a window', () => {
  const filled = (n: number, afterH: number) => Array.from({length: n}, (_, i) => need(i, afterH));

  it('I1 95 % in time: with one of twenty late and one at risk of 30 % it stands at 94.7 % and is breached with 30 %', () => {
    const now = epochMs(JANUARY.from + 100 * HOUR_MS);
    const running = need(99, null, {
      promise: {at: epochMs(JANUARY.from + (99 + 8 - 0.5244 * 2) * HOUR_MS), sdH: 2},
    });
    const standing = standingOf(
      clause({metric: 'fillRate', target: 95, withinH: 8}),
      always,
      [...filled(18, 2), need(50, 20), running],
      {window: JANUARY, now},
    );
    expect(standing).toMatchObject({onTime: 18, late: 1, running: 1, breached: false});
    expect(standing.compliancePct).toBeCloseTo(94.737, 3);
    expect(standing.breachProbability).toBeCloseTo(0.3, 4);
  });

  it('I1 twenty thousand cases that run are judged at once', () => {
    const promise = {at: epochMs(JANUARY.from + 8 * HOUR_MS), sdH: 1};
    const running = Array.from({length: 20_000}, (_, i) => need(0, null, {demandId: `D-${i}`, promise}));
    const at_ = {window: JANUARY, now: JANUARY.from};
    const sla = clause({metric: 'restoreH', target: 8, sharePct: 50});
    // Each is late with one half; breached by more than half of them: a half, less half of P(exactly half) = 1/√(2π·5000).
    expect(standingOf(sla, always, running, at_).breachProbability).toBeCloseTo(
      0.5 - 0.5 / Math.sqrt(2 * Math.PI * 5000),
      5,
    );
  }, 5_000);

  it('I1 the share meets its bound exactly: one of forty late keeps 97.5 %, two do not', () => {
    const sla = clause({metric: 'restoreH', target: 8, sharePct: 97.5});
    const with_ = (late: number) =>
      standingOf(
        sla,
        always,
        [...filled(40 - late, 2), ...Array.from({length: late}, (_, i) => need(100 + i, 9))],
        {
          window: JANUARY,
          now: LATER,
        },
      );
    expect([with_(1).breached, with_(2).breached]).toEqual([false, true]);
    expect([with_(1).breachProbability, with_(2).breachProbability]).toEqual([0, 1]);
  });

  it('I1 a case of another machine than the clause names is none of its cases', () => {
    const scoped = {...clause({metric: 'restoreH', target: 8}), scope: {partIds: ['P-2' as never]}};
    expect(standingOf(scoped, always, filled(3, 20), {window: JANUARY, now: LATER}).late).toBe(0);
  });

  it('I1 a new version counts from its date: the case before it keeps the eight hours, the one behind it has four', () => {
    const change = JANUARY.from + 100 * HOUR_MS;
    const spans = spansInForce([
      {contractId: 'K-1', version: 1, from: -Infinity, to: Infinity},
      {contractId: 'K-1', version: 2, from: change, to: Infinity},
    ]);
    expect(spans).toEqual([
      {contractId: 'K-1', version: 1, from: -Infinity, to: change},
      {contractId: 'K-1', version: 2, from: change, to: Infinity},
    ]);
    const late = spans.map(({version, from, to}) =>
      standingOf(
        {...clause({metric: 'restoreH', target: version === 1 ? 8 : 4}), version, from, to},
        always,
        [need(99, 6), need(100, 6)],
        {window: JANUARY, now: LATER},
      ).verdicts.map(({case: one, state}) => [one.demandId, state]),
    );
    expect(late).toEqual([[['D-99', 'on-time']], [['D-100', 'late']]]);
  });

  it('I1 a version that is lapsed for a while is taken over and comes back', () => {
    const spans = spansInForce([
      {contractId: 'K-1', version: 1, from: 0, to: 100},
      {contractId: 'K-1', version: 2, from: 40, to: 60},
    ]);
    expect(spans.map(({version, from, to}) => [version, from, to])).toEqual([
      [1, 0, 40],
      [2, 40, 60],
      [1, 60, 100],
    ]);
  });

  it('I1 windows are the calendar’s own: a quarter in Warsaw begins an hour before it does in UTC', () => {
    const quarter = windowAt('quarter', office, at('2026-02-10T00:00:00Z'));
    expect(quarter).toEqual({from: at('2025-12-31T23:00:00Z'), to: at('2026-03-31T22:00:00Z')});
    const years = windowsUntil('year', always, at('2026-02-10T00:00:00Z'), 3);
    expect(years.map(({from}) => from)).toEqual(
      ['2024', '2025', '2026'].map((year) => at(`${year}-01-01T00:00:00Z`)),
    );
  });

  it('I1 breached windows in a row: one that runs neither counts nor ends the row until it is breached', () => {
    const windows = windowsUntil('month', always, LATER, 4);
    const row = (...breached: boolean[]) =>
      breachedInARow(
        breached.map((one, i) => ({breached: one, window: windows[i]!})),
        LATER,
      );
    expect(row(true, true, true, false)).toBe(3);
    expect(row(true, false, true, true)).toBe(2);
    expect(row(true, true, false, false)).toBe(0);
  });
});

describe('the settlement of a window', () => {
  const sla = {metric: 'restoreH', target: 8};
  const penalty = (params: object) => term(2, 'penalty', {slaTermNo: 1, currency: 'EUR', ...params});
  const settle = (terms: Term[], cases: ServiceCase[], now = LATER) =>
    settleWindow(clause(sla, ...terms), always, cases, {window: JANUARY, now});

  it('I2 100.00 an hour under 300.00 a window: 2 h and 3 h late are 200.00 and 100.00, the first ended first', () => {
    const lines = settle(
      [penalty({perHourMinor: 10_000, capPerWindowMinor: 30_000})],
      [need(0, 30), need(1, 10)],
    );
    expect(lines.map(({demandId, lateH, amountMinor}) => [demandId, lateH, amountMinor])).toEqual([
      ['D-1', 2, 20_000],
      ['D-0', 22, 10_000],
    ]);
    const [line] = settle([penalty({perHourMinor: 10_000})], [need(0, 11)]);
    expect(line).toMatchObject({
      kind: 'penalty',
      termNo: 2,
      clauseRef: '§2',
      currency: 'EUR',
      amountMinor: 30_000,
    });
  });

  it('I2 a case that still runs has no line yet', () => {
    expect(settle([penalty({perHourMinor: 10_000})], [need(0, null)])).toEqual([]);
  });

  it('I2 a window without a late case earns its bonus once it is over, and one late case loses it', () => {
    const bonus = term(3, 'bonus', {slaTermNo: 1, currency: 'EUR', perWindowMinor: 250_000});
    expect(settle([bonus], [need(0, 5)])).toMatchObject([
      {kind: 'bonus', amountMinor: 250_000, dueAt: JANUARY.to, demandId: null},
    ]);
    expect(settle([bonus], [need(0, 5)], epochMs(JANUARY.to - 1))).toEqual([]);
    expect(settle([bonus], [need(0, 9)])).toEqual([]);
  });

  it('I2 a bonus is due once its last case is decided, so that a statement of an earlier period stays as it was', () => {
    const bonus = term(3, 'bonus', {slaTermNo: 1, currency: 'EUR', perWindowMinor: 250_000});
    const last = need(31 * 24 - 1, 6); // an hour before the window ends, in time five hours after it
    expect(settle([bonus], [need(0, 5), last], epochMs(JANUARY.to + HOUR_MS))).toEqual([]);
    expect(settle([bonus], [need(0, 5), last])).toMatchObject([{kind: 'bonus', dueAt: last.filledAt}]);
  });
});
