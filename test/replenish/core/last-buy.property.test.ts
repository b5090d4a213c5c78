import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {lastBuy} from '../../../replenish/core/plan/last-buy.ts';

const life = {
  vmr: 1,
  declinePerDay: 0,
  repairedShare: 0,
  turnaroundDays: 0,
};
const costs = {price: 100, holdingPerDay: 0.1, salvage: 0};
const single = {minimum: 1, multiple: 1};

describe('a last-time buy', () => {
  it('G4 the curve is convex and its parts add up, whatever the life and the costs', () => {
    fc.assert(
      fc.property(
        fc.record({
          rate: fc.double({min: 0.001, max: 0.2, noNaN: true}),
          cv2: fc.double({min: 0, max: 1, noNaN: true}),
          days: fc.integer({min: 10, max: 600}),
          shortage: fc.integer({min: 0, max: 50_000}),
          position: fc.integer({min: -3, max: 20}),
        }),
        ({rate, cv2, days, shortage, position}) => {
          const some = {...life, ratePerDay: rate, rateCv2: cv2, fleet: [{share: 1, untilDay: days}]};
          const run = lastBuy(some, position, {...costs, shortage}, single);
          let slope = -Infinity;
          run.curve.forEach((point, i) => {
            const parts = point.price + point.holding + point.shortage - point.salvage;
            expect(point.total).toBeCloseTo(parts, 6);
            expect(point.total).toBeGreaterThanOrEqual(run.best.total - 1e-6);
            const before = run.curve[i - 1];
            if (before === undefined) return;
            const next = (point.total - before.total) / (point.buy - before.buy);
            expect(next).toBeGreaterThanOrEqual(slope - 1e-6);
            slope = next;
          });
        },
      ),
      {seed: 11, numRuns: 60},
    );
  });
});
