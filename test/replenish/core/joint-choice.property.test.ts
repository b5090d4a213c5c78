import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {phraseReason} from '../../../replenish/core/decision/phrase.ts';
import {DEFAULT_POLICY} from '../../../replenish/core/decision/policy.ts';
import type {Situation} from '../../../replenish/core/decision/situation.ts';
import {optimalAssignments} from '../../../replenish/core/decision/source-assignment.ts';
import {NOW, applied, depot, lane, situation} from './situations.ts';

const FC = {seed: 20260105, numRuns: 60, endOnFailure: true};
/** A depot without any source is looked ahead a week: so long its machine stands when nobody sends a piece. */
const HORIZON_H = 168;
/** Any saving pays: which of two ways is cheaper is all that counts here. */
const policy = {...DEFAULT_POLICY, marginMinor: 0, marginShare: 0};

interface Case {
  /** What a standing machine costs an hour at each receiver. */
  readonly rates: readonly number[];
  readonly stocks: readonly number[];
  /** By donor and receiver. */
  readonly ways: readonly (readonly {readonly hours: number; readonly costMinor: number}[])[];
}

const cases: fc.Arbitrary<Case> = fc
  .record({receivers: fc.integer({min: 2, max: 4}), donors: fc.integer({min: 1, max: 3})})
  .chain(({receivers, donors}) =>
    fc.record({
      rates: fc.array(fc.integer({min: 500, max: 20_000}), {minLength: receivers, maxLength: receivers}),
      stocks: fc.array(fc.integer({min: 1, max: 2}), {minLength: donors, maxLength: donors}),
      ways: fc.array(
        fc.array(
          fc.record({hours: fc.integer({min: 2, max: 150}), costMinor: fc.integer({min: 0, max: 400_000})}),
          {minLength: receivers, maxLength: receivers},
        ),
        {minLength: donors, maxLength: donors},
      ),
    }),
  );

function network({rates, stocks, ways}: Case): Situation {
  const receivers = rates.map((rate, i) =>
    depot(`R${i}`, {
      needs: [{demandId: `N${i}`, quantity: 1, neededAt: NOW, equipmentId: null, shortageMinorPerH: rate}],
    }),
  );
  const donors = stocks.map((onHand, i) => depot(`S${i}`, {onHand}));
  const lanes = ways.flatMap((row, from) =>
    row.map(({hours, costMinor}, to) => lane(`S${from}`, `R${to}`, {meanH: hours, costMinor})),
  );
  return situation([...receivers, ...donors], lanes, {policy});
}

/** What the decisions cost, one after the other until nothing is left to do. */
function followed({rates, ways}: Case, start: Situation): number {
  const unmet = rates.map((rate) => rate * HORIZON_H);
  let now = start;
  for (let step = 0; step < 20; step += 1) {
    const decision = decide(now);
    const {option, depotId} = decision;
    if (option.action === 'nothing') return unmet.reduce((sum, cost) => sum + cost, 0);
    const to = Number(depotId.slice(1));
    const way = ways[Number(option.sourceId!.slice(1))]![to]!;
    unmet[to] = way.costMinor + way.hours * rates[to]!;
    now = applied(now, decision, step);
  }
  throw new Error('the decisions never came to rest');
}

function best({rates, stocks, ways}: Case): number {
  const sources = stocks.map((units, from) => ({
    id: `S${from}`,
    units,
    costByNeed: ways[from]!.map(({hours, costMinor}, to) => costMinor + hours * rates[to]!),
  }));
  return optimalAssignments(
    rates.map((rate) => rate * HORIZON_H),
    sources,
  ).cost;
}

describe('needs that compete for the same pieces', () => {
  it('F1 the one who saves most does not take the piece that only the other can use', () => {
    // R0 saves most with S0's piece and nearly as much with S1's; R1 can only have S0's.
    const rivals: Case = {
      rates: [10_000, 9_000],
      stocks: [1, 1],
      ways: [
        [
          {hours: 10, costMinor: 0},
          {hours: 12, costMinor: 0},
        ],
        [
          {hours: 20, costMinor: 0},
          {hours: 160, costMinor: 90_000},
        ],
      ],
    };
    expect(followed(rivals, network(rivals))).toBe(20 * 10_000 + 12 * 9_000);
  });

  it('F1 above the states that a decision has time for each depot keeps its own best, and the decision says so', () => {
    const ways = [[4], [5]].map(([hours]) => [1, 2].map(() => ({hours: hours!, costMinor: 0})));
    const rivals = network({rates: [10_000, 9_000], stocks: [1, 1], ways});
    const exact = decide(rivals);
    expect(exact.reasons.map(({code}) => code)).not.toContain('jointly-approximated');
    // Two needs, two donors of one piece each: 2 · 2 · 2 states.
    expect(decide(rivals, {jointStatesMax: 8})).toEqual(exact);
    const approximated = decide(rivals, {jointStatesMax: 7});
    const reason = {code: 'jointly-approximated', depots: 2, donors: 2} as const;
    expect(approximated.reasons).toContainEqual(reason);
    expect(phraseReason(reason)).toMatch(/^2 depots want what 2 donors have not got for all of them/u);
    expect(approximated.wants.map((want) => want.includes('S0'))).toEqual([true, true]);
    expect(exact.wants.map((want) => want.includes('S0')).sort()).toEqual([false, true]);
  });

  it('F1 what a planner turned down keeps no piece from the others, and what waits for a planner does', () => {
    const last: Case = {
      rates: [10_000, 9_000],
      stocks: [1],
      ways: [
        [
          {hours: 10, costMinor: 0},
          {hours: 10, costMinor: 0},
        ],
      ],
    };
    const first = decide(network(last));
    expect(first.depotId).toBe('R0');
    const [essence] = first.wants;
    const ask = (more: {rejected?: true}) =>
      decide({...network(last), asked: [{depotId: 'R0', action: 'transfer', essence: essence!, ...more}]});
    expect(ask({rejected: true}).depotId).toBe('R1');
    expect(ask({}).wants).toEqual([essence]);
  });

  it('F1 the sequence of decisions costs what the best assignment of all needs together costs', () => {
    fc.assert(
      fc.property(cases, (one) => {
        expect(followed(one, network(one))).toBe(best(one));
      }),
      FC,
    );
  }, 60_000);
});
