import {describe, expect, it} from 'vitest';
import {readTerm} from '../../domain/contract-term.ts';
import {TermScope} from '../../domain/contract-term.ts';
import {clausesOf, withClocks} from '../../domain/service-level/clause.ts';
import type {Term, TimedClause} from '../../domain/service-level/clause.ts';
import {settleWindow} from '../../domain/service-level/settlement.ts';
import {standingOf} from '../../domain/service-level/sla.ts';
import type {ServiceCase} from '../../domain/service-level/sla.ts';
import {windowAt} from '../../domain/service-level/window.ts';
import {epochMs, HOUR_MS} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';

const at = (iso: string): EpochMs => epochMs(Date.parse(iso));
const MONDAY = at('2026-01-05T00:00:00Z');
const LATER = at('2026-03-01T00:00:00Z');

function term(termNo: number, type: string, params: object, scope: object = {}): Term {
  const read = readTerm(type, params);
  if (!read.ok) throw new Error(read.detail);
  const span = {from: -Infinity, to: Infinity, clauseRef: ''};
  return {
    ...read.value,
    contractId: 'K-1',
    version: 1,
    termNo,
    scope: TermScope.parse(scope),
    ...span,
  };
}
const storm = (from: string, until: string) => ({event: 'flood at the port', from, until});
const majeure = (declared: object[], scope: object = {}): Term =>
  term(9, 'forceMajeure', {events: ['flood'], noticeHours: 24, declared}, scope);
const timed = (sla: object, ...others: Term[]): TimedClause =>
  withClocks(
    clausesOf([
      term(1, 'sla', {metric: 'restoreH', target: 8, ...sla}),
      term(2, 'penalty', {slaTermNo: 1, currency: 'EUR', perHourMinor: 10_000}),
      ...others,
    ]),
    [],
  )[0]!;

/** Needed on Monday at 00:00, filled 30 hours later. */
const one: ServiceCase = {
  ...{contractId: 'K-1', demandId: 'D', equipmentId: 'M-1', partId: 'P-1', depotId: 'D-1'},
  ...{requestedAt: MONDAY, neededAt: MONDAY, firstFilledAt: null, cancelledAt: null, promise: null},
  filledAt: epochMs(MONDAY + 30 * HOUR_MS),
};
const due = ({clause, clock}: TimedClause): (number | null)[] =>
  settleWindow(clause, clock, [one], {window: windowAt(clause.window, clock, MONDAY), now: LATER}).map(
    ({lateH}) => lateH,
  );

describe('a clock that is suspended', () => {
  it('I1 M1 while force majeure is declared no service level runs and nothing is charged: 22 h late are 10', () => {
    expect(due(timed({}))).toEqual([22]);
    expect(due(timed({}, majeure([])))).toEqual([22]);
    expect(due(timed({}, majeure([storm('2026-01-05T06:00:00Z', '2026-01-05T18:00:00Z')])))).toEqual([10]);
    expect(due(timed({}, majeure([storm('2026-01-05T00:00:00Z', '2026-01-07T00:00:00Z')])))).toEqual([]);
  });

  it('I1 what was agreed to be left out is left out the same way', () => {
    const exclusions = [
      {from: '2026-01-05T06:00:00Z', until: '2026-01-05T18:00:00Z', reason: 'yearly service'},
    ];
    expect(due(timed({exclusions}))).toEqual([10]);
  });

  it('I1 M1 what is declared for other machines, parts or depots than the clause is about suspends nothing', () => {
    const all = [storm('2026-01-05T00:00:00Z', '2026-01-07T00:00:00Z')];
    expect(due(timed({}, majeure(all, {depotIds: ['D-1']})))).toEqual([22]);
    const scoped = withClocks(
      clausesOf([
        term(1, 'sla', {metric: 'restoreH', target: 8}, {depotIds: ['D-1']}),
        term(2, 'penalty', {slaTermNo: 1, currency: 'EUR', perHourMinor: 10_000}),
        majeure(all, {depotIds: ['D-1', 'D-2']}),
      ]),
      [],
    )[0]!;
    expect(due(scoped)).toEqual([]);
  });

  it('I1 M1 a machine that waits meanwhile is not down, nor up: the hours are nobody’s', () => {
    const {clause, clock} = timed({metric: 'availability', target: 99}, majeure([storm('2026-01-05T06:00:00Z', '2026-01-05T18:00:00Z')])); // prettier-ignore
    const window = windowAt('month', clock, MONDAY);
    const {measured} = standingOf({...clause, machines: [0]}, clock, [one], {window, now: window.to});
    expect(measured).toBeCloseTo(100 * (1 - 18 / (744 - 12)), 9);
  });
});
