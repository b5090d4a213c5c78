import {describe, expect, it} from 'vitest';
import {calibrate, rawLevelOf} from '../../../../replenish/core/forecast/calibrate.ts';
import {demandMoments} from '../../../../replenish/core/forecast/demand-moments.ts';
import type {DemandPopulation} from '../../../../replenish/core/forecast/demand-population.ts';
import {demandQuantiles, forecastDemand} from '../../../../replenish/core/forecast/forecast-demand.ts';
import {lotOf} from '../../../../replenish/core/forecast/lot.ts';
import {empiricalQuantiles, momentQuantiles} from '../../../../replenish/core/forecast/moment-forecast.ts';
import {pinballLoss} from '../../../../replenish/core/forecast/pinball.ts';
import {mean, variance} from '../../../../replenish/core/probability/pmf.ts';

/** Nothing lent: an item is forecast from its own moments and the error of its mean alone. */
const NOTHING_LENT: DemandPopulation = {
  recentDiscount: 0.5,
  recentWeight: 0,
  usualSpread: {intercept: 0, slope: 0},
  spreadDemands: 0,
  levelDrift: 0,
  silent: {mean: 0, variance: 0},
  calibration: [],
};

describe('the moments of a history', () => {
  it('count old periods less: [0, 2] at 0.5', () => {
    const seen = demandMoments([0, 2], 0.5);
    expect(seen.mean).toBeCloseTo(4 / 3, 12);
    expect(seen.variance).toBeCloseTo(2, 12); // the same two values vary alike, whatever their weights
    expect(seen.effectivePeriods).toBeCloseTo(1.8, 12); // 1.5² / 1.25
    expect(seen.demandWeight).toBe(1);
  });

  it('are the usual ones without a discount: [0, 0, 3, 1] has mean 1 and variance 2', () => {
    const seen = demandMoments([0, 0, 3, 1], 1);
    expect([seen.mean, seen.variance, seen.effectivePeriods]).toEqual([1, 2, 4]);
  });

  it('refuse a negative demand by its period', () => {
    expect(() => demandMoments([1, -2], 1)).toThrow('demand of period 1 is -2');
  });
});

describe('the forecast of total demand', () => {
  it('C1 usage history yields a distribution: mean 1, variance 2 over 4 periods, 3 ahead → mean 3, variance 6 + 9 · 2/4', () => {
    const {lot, pmf} = forecastDemand([0, 0, 3, 1], 3, NOTHING_LENT);
    expect(lot).toBe(1);
    expect(mean(pmf)).toBeCloseTo(3, 10);
    expect(variance(pmf)).toBeCloseTo(10.5, 8);
  });

  it('widens by a drift of the level that no sample size removes', () => {
    const {pmf} = forecastDemand([0, 0, 3, 1], 3, {...NOTHING_LENT, levelDrift: 0.2});
    expect(variance(pmf)).toBeCloseTo(10.5 + 9 * 0.2, 8);
  });

  it('borrows the usual spread where the item has seen little: 2 demands at 2, 2 lent at 4 → 3', () => {
    const lent = {...NOTHING_LENT, usualSpread: {intercept: Math.log(4), slope: 0}, spreadDemands: 2};
    expect(variance(forecastDemand([0, 0, 3, 1], 1, lent).pmf)).toBeCloseTo(3 + 3 / 4, 8);
  });

  it('is a mixture of the whole and the recent past', () => {
    const {lot, pmf} = forecastDemand([0, 2], 1, {...NOTHING_LENT, recentWeight: 0.25});
    expect(lot * mean(pmf)).toBeCloseTo(0.75 * 1 + 0.25 * (4 / 3), 10);
  });

  it('gives an item that was never asked for what such items came to need', () => {
    const {pmf} = forecastDemand([0, 0, 0], 6, {...NOTHING_LENT, silent: {mean: 0.1, variance: 0.3}});
    expect([mean(pmf), variance(pmf)]).toEqual([expect.closeTo(0.6, 10), expect.closeTo(1.8, 10)]);
  });

  it('counts in the lots that the item is asked for in', () => {
    const {lot, pmf} = forecastDemand([0, 300, 0, 100], 1, NOTHING_LENT);
    expect(lot).toBe(100);
    expect(lot * mean(pmf)).toBeCloseTo(100, 8);
    expect(lotOf([0, 0.5, 2])).toBe(0.5);
    expect(lotOf([0, 0])).toBe(1);
  });

  it('keeps a distribution short where pieces are many', () => {
    const history = Array.from({length: 24}, (_, i) => 40_000 + 9_001 * ((i * 7) % 5));
    const {lot, pmf} = forecastDemand(history, 6, NOTHING_LENT);
    expect(pmf.p.length).toBeLessThan(5_000);
    expect(lot * mean(pmf)).toBeCloseTo((6 * history.reduce((sum, each) => sum + each, 0)) / 24, 4);
  });

  it('asks the calibration of the nearest horizon and of items as busy', () => {
    const calibrated: DemandPopulation = {
      ...NOTHING_LENT,
      calibration: [
        {periods: 1, demandsMax: Infinity, knots: [{raw: 0.99, level: 0.9}]},
        {periods: 6, demandsMax: 1, knots: [{raw: 0.5, level: 0.9}]},
        {periods: 6, demandsMax: Infinity, knots: [{raw: 0.99, level: 0.9}]},
      ],
    };
    const at = (history: readonly number[], population: DemandPopulation): number =>
      demandQuantiles(history, [5], [0.9], population)[0]![0]!;
    expect(at([0, 0, 3, 1], calibrated)).toBeGreaterThan(at([0, 0, 3, 1], NOTHING_LENT));
    expect(at([0, 0, 0, 2], calibrated)).toBeLessThan(at([0, 0, 0, 2], NOTHING_LENT));
  });
});

describe('calibration', () => {
  const knots = [{raw: 0.96, level: 0.9}];
  it('moves probabilities along straight lines between its knots', () => {
    const {p} = calibrate({p: Float64Array.of(0.9, 0.06, 0.04), tail: 0}, knots);
    expect([...p].map((each) => +each.toFixed(8))).toEqual([0.84375, 0.05625, 0.1]);
  });
  it('is undone by the raw level: 0.95 stands at 0.98', () => {
    expect(rawLevelOf(0.95, knots)).toBeCloseTo(0.98, 12);
    expect(rawLevelOf(0.45, knots)).toBeCloseTo(0.48, 12);
    expect(rawLevelOf(0.95, [])).toBeCloseTo(0.95, 12);
  });
});

describe('what a forecast is compared with', () => {
  it('the moment-fitted negative binomial of [0, 2] has P(0) = 0.5 and P(≤ 3) = 0.9375', () => {
    expect(momentQuantiles([0, 2], 1, [0.5, 0.9, 0.93, 0.94])).toEqual([0, 3, 3, 4]);
  });
  it('the totals of two periods in [0, 3, 0, 1] are 3, 3 and 1', () => {
    expect(empiricalQuantiles([0, 3, 0, 1], 2, [0.3, 0.5, 0.99])).toEqual([1, 3, 3]);
  });
  it('a piece short costs the level, a piece too many what is left of it', () => {
    expect(pinballLoss(5, 3, 0.9)).toBeCloseTo(1.8, 12);
    expect(pinballLoss(3, 5, 0.9)).toBeCloseTo(0.2, 12);
  });
});
