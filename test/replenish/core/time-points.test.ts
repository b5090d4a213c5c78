import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {demandOverLeadTime} from '../../../replenish/core/demand/depot-demand.ts';
import {sequentialLeadTimeDemand} from '../../../replenish/core/lead-time/lead-time-demand.ts';
import {timePoints} from '../../../replenish/core/lead-time/time-points.ts';
import type {TimePoint} from '../../../replenish/core/lead-time/time-points.ts';
import {mean, quantile, variance} from '../../../replenish/core/probability/pmf.ts';

const moment = (points: readonly TimePoint[], of: (hours: number) => number): number =>
  points.reduce((sum, {hours, weight}) => sum + weight * of(hours), 0);

describe('an uncertain time as points', () => {
  it('H1 100 ± 20 h: three points, the late one further off than the early one', () => {
    const [early, usual, late] = timePoints({meanH: 100, sdH: 20});
    expect([early!.hours, usual!.hours, late!.hours].map((h) => Number(h.toFixed(1)))).toEqual([73.4, 105.3, 145.3]); // prettier-ignore
    expect([early!.weight, usual!.weight, late!.weight].map((w) => Number(w.toFixed(3)))).toEqual([0.28, 0.63, 0.09]); // prettier-ignore
    expect(timePoints({meanH: 100, sdH: 0})).toEqual([{hours: 100, weight: 1}]);
  });

  it('H1 keep mean, variance and skewness of the gamma law, however wide, and lie after now', () => {
    fc.assert(
      fc.property(
        fc.double({min: 0.1, max: 5000, noNaN: true}),
        fc.double({min: 0.001, max: 3, noNaN: true}),
        (meanH, cv) => {
          const points = timePoints({meanH, sdH: cv * meanH});
          expect(moment(points, () => 1)).toBeCloseTo(1, 9);
          expect(moment(points, (h) => h) / meanH).toBeCloseTo(1, 9);
          expect(moment(points, (h) => (h / meanH - 1) ** 2)).toBeCloseTo(cv ** 2, 7);
          expect(moment(points, (h) => (h / meanH - 1) ** 3)).toBeCloseTo(2 * cv ** 4, 5);
          for (const {hours, weight} of points) {
            expect(hours).toBeGreaterThan(0);
            expect(weight).toBeGreaterThan(0);
          }
        },
      ),
      {seed: 51},
    );
  });

  // A gamma lead time makes Poisson demand exactly negative binomial (lead-time-demand.ts). Points about a normal law came to a mean of
  // 5.69 pieces and to levels of 20, 21 and 24.
  it('D1 five pieces expected over 5 ± 5 days: the demand of the mean time, and levels near the exact 25, 29 and 37', () => {
    const source = {risks: [], backgroundPerYear: 365.25, backgroundVmr: 1};
    const demand = demandOverLeadTime(source, {meanH: 120, sdH: 120}, 0);
    const exact = sequentialLeadTimeDemand({demandRate: 1, leadTimeMean: 5, leadTimeSd: 5});
    expect(mean(demand)).toBeCloseTo(5, 9);
    expect(variance(demand)).toBeCloseTo(variance(exact), 6);
    expect([0.99, 0.995, 0.999].map((level) => quantile(exact, level))).toEqual([25, 29, 37]);
    expect([0.99, 0.995, 0.999].map((level) => quantile(demand, level))).toEqual([23, 32, 39]);
  });

  it('D1 two pieces expected over 5 ± 2.5 days: the levels are the exact ones', () => {
    const levels = [0.9, 0.95, 0.99, 0.995, 0.999];
    const source = {risks: [], backgroundPerYear: 0.4 * 365.25, backgroundVmr: 1};
    const demand = demandOverLeadTime(source, {meanH: 120, sdH: 60}, 0);
    const exact = sequentialLeadTimeDemand({demandRate: 0.4, leadTimeMean: 5, leadTimeSd: 2.5});
    expect(levels.map((level) => quantile(demand, level))).toEqual(
      levels.map((level) => quantile(exact, level)),
    );
    expect(quantile(demand, 0.999)).toBe(10); // 9 about a normal law
  });
});
