import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {timePoints} from '../../../replenish/core/lead-time/time-points.ts';
import {Outlook} from '../../../replenish/core/demand/outlook.ts';
import type {Supply} from '../../../replenish/core/demand/outlook.ts';

const supply: fc.Arbitrary<Supply> = fc
  .record({
    quantity: fc.integer({min: 1, max: 3}),
    meanH: fc.integer({min: 1, max: 300}),
    sdH: fc.constantFrom(0, 5, 40),
  })
  .map(({quantity, ...arrival}) => ({quantity, times: timePoints(arrival)}));

/** P(pieces arrived by `hours` = k), by trying every combination of arrival times. */
function arrivedByHand(supplies: readonly Supply[], hours: number): Map<number, number> {
  let all = [{pieces: 0, weight: 1}];
  for (const {quantity, times} of supplies) {
    all = all.flatMap(({pieces, weight}) =>
      times.map((time) => ({
        pieces: pieces + (time.hours <= hours ? quantity : 0),
        weight: weight * time.weight,
      })),
    );
  }
  const sums = new Map<number, number>();
  for (const {pieces, weight} of all) sums.set(pieces, (sums.get(pieces) ?? 0) + weight);
  return sums;
}

const HORIZON_H = 336;
const calm = {risks: [], backgroundPerYear: 30, backgroundVmr: 1};

describe('what supplies will have brought', () => {
  it('is at every instant what trying every combination of arrival times gives', () => {
    fc.assert(
      fc.property(fc.array(supply, {maxLength: 4}), (supplies) => {
        const times = supplies.flatMap((one) => one.times.map(({hours}) => hours));
        const outlook = new Outlook(calm, HORIZON_H, times, 40);
        const grid = Array.from({length: 13}, (_, i) => HORIZON_H * (i / 12) ** 2);
        const instants = [...new Set([...grid, ...times.filter((at) => at < HORIZON_H)])].sort(
          (a, b) => a - b,
        );
        const arrivals = outlook.arrivals(supplies);
        expect(arrivals).toHaveLength(instants.length);
        for (const [i, {pieces, weights}] of arrivals.entries()) {
          const expected = arrivedByHand(supplies, instants[i]!);
          for (const [count, weight] of expected)
            expect(weights[pieces.indexOf(count)] ?? 0).toBeCloseTo(weight, 12);
          expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
        }
      }),
      {seed: 2, numRuns: 200},
    );
  });
});
