import {describe, expect, it} from 'vitest';
import {visibleExposures} from '../../../../replenish/core/demand/censored-demand.ts';
import {forecastBackground, worthOfPriors} from '../../../../replenish/core/forecast/background-demand.ts';
import {demandMoments} from '../../../../replenish/core/forecast/demand-moments.ts';
import type {DemandPopulation} from '../../../../replenish/core/forecast/demand-population.ts';
import {excessVariance} from '../../../../replenish/core/forecast/excess-variance.ts';
import {seasonFactors, seasonPace} from '../../../../replenish/core/forecast/season.ts';

const PLAIN: DemandPopulation = {
  recentDiscount: 1,
  recentWeight: 0,
  usualSpread: {intercept: 0, slope: 0},
  spreadDemands: 1e9,
  levelDrift: 0,
  silent: {mean: 0, variance: 0},
  calibration: [],
};
const WORTH = {demands: 2, perMonth: 0};
const whole = (count: number): number[] => Array.from({length: count}, () => 1);

describe('background demand of one item', () => {
  it('C1 6 pieces in 12 months where 1 a month was typed, the prior worth 2 demands → 8 / 14 a month', () => {
    const history = [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0];
    const item = {history, exposures: whole(12), prior: {kind: 'master-data', perMonth: 1}} as const;
    const forecast = forecastBackground(item, 2, PLAIN, WORTH)!;
    expect(forecast.perMonth).toBeCloseTo(8 / 14, 6);
    expect(forecast.credibility).toBeCloseTo(12 / 14, 6);
    expect(forecast.vmr).toBeCloseTo(1 + 2 / 14, 6); // two months of the error of the rate
  });

  it('C1 without history it is the typed rate, and the error of that rate widens the spread', () => {
    const item = {history: [], exposures: [], prior: {kind: 'master-data', perMonth: 0.5}} as const;
    expect(forecastBackground(item, 1, PLAIN, WORTH)).toMatchObject({
      perMonth: 0.5,
      vmr: 1.25,
      credibility: 0,
    });
  });

  it('nobody asked and nobody expects it: the master data is left alone', () => {
    expect(
      forecastBackground({history: [0, 0, 0], exposures: whole(3), prior: null}, 1, PLAIN, WORTH),
    ).toBeNull();
  });

  it('a typed rate is worth the more demands the better such rates have held', () => {
    const item = (pieces: number) => ({
      history: [pieces, 0],
      exposures: [1, 1],
      prior: {kind: 'master-data', perMonth: 10} as const,
    });
    const right = [18, 22, 20, 21].map(item);
    const wrong = [0, 60, 5, 80].map(item);
    expect(worthOfPriors(right, PLAIN).demands).toBe(20);
    expect(worthOfPriors(wrong, PLAIN).demands).toBeLessThan(2);
    expect(worthOfPriors([item(20)].slice(0, 0), PLAIN).demands).toBe(2);
  });

  it('C2 periods count as much as they could see: 3 pieces in 1 and a half periods are 2 a period', () => {
    const seen = demandMoments([2, 1], 1, [1, 0.5]);
    expect([seen.mean, seen.variance, seen.effectivePeriods]).toEqual([2, 0, 1.5]);
  });

  it('C2 half a month without stock hides half of what is only handed out, and nothing of what waits', () => {
    const periods = [
      {recorded: 1, handedOut: 2, exposure: 1, inStockShare: 1},
      {recorded: 1, handedOut: 1, exposure: 1, inStockShare: 0.5},
    ];
    expect(visibleExposures(periods)).toEqual([1, expect.closeTo(2 / 3, 12)]);
    expect(visibleExposures(periods.map((one) => ({...one, handedOut: 0})))).toEqual([1, 1]);
  });
});

describe('season', () => {
  it('30 and 10 where 20 each were expected stray more than chance lets them; 22 and 18 do not', () => {
    const cell = (seen: number) => ({seen, expected: 20, spread: 1});
    expect(excessVariance([30, 10, 30, 10].map(cell))).toBeCloseTo(0.2, 12);
    expect(excessVariance([22, 18].map(cell))).toBe(0);
  });

  it('C10 a month with little demand keeps little of its factor', () => {
    const cells = (scale: number) =>
      Array.from({length: 12}, (_, i) => ({
        seen: scale * (i === 0 ? 60 : 27.27),
        expected: scale * 30,
        spread: 1,
      }));
    const [busy, quiet] = seasonFactors([cells(10), cells(0.01)]);
    expect(busy![0]).toBeGreaterThan(1.9);
    expect(quiet![0]).toBeLessThan(1.1);
  });

  it('hours are worth the factors of the months that they lie in', () => {
    const season = [2, ...Array.from({length: 11}, () => 10 / 11)];
    const pace = seasonPace(season, Date.UTC(2026, 0, 30));
    expect(pace(48)).toBeCloseTo(96, 9);
    expect(pace(72)).toBeCloseTo(96 + (24 * 10) / 11, 9);
    expect(pace(0)).toBe(0);
  });
});
