import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {exactPooling} from '../../../replenish/core/plan/lateral-exact.ts';
import {
  approximatePooling,
  erlangLoss,
  fullPoolingEmergency,
  type PoolingPoint,
} from '../../../replenish/core/plan/lateral.ts';
import {stationary} from '../../../replenish/core/probability/stationary.ts';

const point = fc.record({
  demandRate: fc.double({min: 0.01, max: 0.5, noNaN: true}),
  baseStock: fc.integer({min: 0, max: 3}),
});

/** Two to four points, each asking all others, replaced in five time units. */
const pool = fc.array(point, {minLength: 2, maxLength: 4}).map((points): PoolingPoint[] =>
  points.map((one, i) => ({
    ...one,
    replenishmentTime: 5,
    donors: points.map((_, j) => j).filter((j) => j !== i),
  })),
);

describe('lateral transshipment', () => {
  it('F2 every demand is met once: the shares add up to 1', () => {
    fc.assert(
      fc.property(pool, (points) => {
        for (const {own, lateral, unserved} of exactPooling(points))
          expect(total(own, lateral, unserved)).toBeCloseTo(1, 9);
        for (const {own, lateral, emergency} of approximatePooling(points)) {
          expect(total(own, lateral, emergency)).toBeCloseTo(1, 9);
        }
      }),
      {numRuns: 60, seed: 7},
    );
  });

  it('F2 a pool where everybody asks everybody is one stock: its emergency share is Erlang’s', () => {
    fc.assert(
      fc.property(pool, (points) => {
        for (const {unserved} of exactPooling(points))
          expect(unserved).toBeCloseTo(fullPoolingEmergency(points), 9);
      }),
      {numRuns: 60, seed: 11},
    );
  });

  it('F2 without donors each point is alone: Erlang’s loss, and M/M/∞ when demand may wait', () => {
    const alone = {demandRate: 0.08, baseStock: 1, replenishmentTime: 10, donors: []};
    expect(exactPooling([alone])[0]?.unserved).toBeCloseTo(erlangLoss(1, 0.8), 12);
    expect(approximatePooling([alone])[0]?.emergency).toBeCloseTo(0.8 / 1.8, 12);
    // Poisson(0.8) on order: expected backorders 0.8 − 1 + e^−0.8.
    const [waiting] = exactPooling([alone], {then: 'backorder', waiting: 20});
    expect(waiting?.expectedBackorders).toBeCloseTo(0.8 - 1 + Math.exp(-0.8), 9);
    expect(waiting?.own).toBeCloseTo(Math.exp(-0.8), 9);
  });

  it('F2 a pool beyond the exact method is refused with its size', () => {
    const large = Array.from({length: 8}, (_, i) => ({
      demandRate: 1,
      baseStock: 3,
      replenishmentTime: 1,
      donors: [(i + 1) % 8],
    }));
    expect(() => exactPooling(large)).toThrow('65536 states');
    expect(() => approximatePooling([{...large[0]!, donors: [0]}])).toThrow('point 0');
  });

  it('a chain that cannot return is refused', () => {
    expect([...stationary([[{to: 1, rate: 1}], [{to: 0, rate: 3}]])]).toEqual([0.75, 0.25]);
    expect(() => stationary([[{to: 1, rate: 1}], []])).toThrow('state 1');
  });
});

function total(own: number, lateral: readonly number[], unserved: number): number {
  return lateral.reduce((sum, share) => sum + share, own + unserved);
}
