import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {demandOverLeadTime} from '../../../replenish/core/demand/depot-demand.ts';
import {sequentialLeadTimeDemand} from '../../../replenish/core/lead-time/lead-time-demand.ts';
import {added, condensed, timePoints} from '../../../replenish/core/lead-time/time-points.ts';
import type {TimePoint} from '../../../replenish/core/lead-time/time-points.ts';
import {mean, mixture, quantile, variance} from '../../../replenish/core/probability/pmf.ts';
import type {DemandPmf} from '../../../replenish/core/probability/pmf.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';

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

describe('a learnt law as points', () => {
  /** On time nine times in ten, else thirty days late. */
  const LAW = [
    {hours: 240, weight: 0.9},
    {hours: 960, weight: 0.1},
  ];

  it('H1 a law of two times is these two, whatever the gamma law of its mean and deviation', () => {
    const learnt = condensed(LAW);
    expect(learnt).toEqual({meanH: 312, sdH: 216, shape: [[-0.3333, 900_000], [3, 100_000]]}); // prettier-ignore
    expect(timePoints(learnt).map(({hours}) => Math.round(hours))).toEqual([240, 960]);
    expect(condensed([{hours: 240, weight: 1}])).toEqual({meanH: 240, sdH: 0});
  });

  // The exact demand is the mixture over the two times; points about a normal law came to levels of 13, 16, 20 and 22.
  it('D1 half a piece a day and such a source: levels of 12, 20, 26 and 28 as exactly, where mean and deviation alone say 13, 15, 25, 28', () => {
    const source = {risks: [], backgroundPerYear: 0.5 * 365.25, backgroundVmr: 1};
    const demands = LAW.map(({hours, weight}) => ({weight, demand: poissonPmf((0.5 * hours) / 24)}));
    const learnt = condensed(LAW);
    const levels = (demand: DemandPmf): number[] =>
      [0.9, 0.95, 0.99, 0.995].map((level) => quantile(demand, level));
    expect(levels(mixture(demands))).toEqual([12, 20, 26, 28]);
    expect(levels(demandOverLeadTime(source, learnt, 0))).toEqual([12, 20, 26, 28]);
    const plain = {meanH: learnt.meanH, sdH: learnt.sdH};
    expect(levels(demandOverLeadTime(source, plain, 0))).toEqual([13, 15, 25, 28]);
  });

  it('H1 a law of many times keeps mean, variance and skewness, in points that lie within it', () => {
    const laws = fc
      .array(fc.record({hours: fc.integer({min: 6, max: 2000}), share: fc.integer({min: 1, max: 20})}), {
        minLength: 2,
        maxLength: 50,
      }) // prettier-ignore
      .map((points) => {
        const total = points.reduce((sum, {share}) => sum + share, 0);
        return points.map(({hours, share}) => ({hours, weight: share / total}));
      });
    fc.assert(
      fc.property(laws, (law) => {
        const {meanH, sdH, shape} = condensed(law);
        expect(meanH).toBeCloseTo(
          moment(law, (h) => h),
          6,
        );
        if (sdH === 0) return;
        const points = timePoints({meanH, sdH, shape});
        expect(points.length).toBeLessThanOrEqual(3);
        for (const degree of [0, 1, 2, 3]) {
          const of = (h: number): number => ((h - meanH) / sdH) ** degree;
          const wanted = moment(law, of);
          expect(Math.abs(moment(points, of) - wanted)).toBeLessThan(2e-3 * Math.max(1, Math.abs(wanted)));
        }
        const hours = law.map((one) => one.hours);
        expect(points[0]!.hours).toBeGreaterThan(Math.min(...hours) - 1e-4 * sdH);
        expect(points.at(-1)!.hours).toBeLessThan(Math.max(...hours) + 1e-4 * sdH);
      }),
      {seed: 52},
    );
  });

  it('H1 what follows a certain time, or is stretched or put off, keeps its shape', () => {
    const {shape} = condensed(LAW);
    const through = added({meanH: 24, sdH: 0}, condensed(LAW));
    expect(through).toEqual({meanH: 336, sdH: 216, shape});
    expect(timePoints({meanH: 2 * 312, sdH: 2 * 216, shape}).map(({hours}) => Math.round(hours))).toEqual([480, 1920]); // prettier-ignore
  });
});
