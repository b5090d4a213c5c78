import {describe, expect, it} from 'vitest';
import {normalQuantile, streamOf, weibullMean} from '../../simulator/random.ts';

const draws = (count: number, draw: () => number): number[] => Array.from({length: count}, draw);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]): number => {
  const m = mean(values);
  return mean(values.map((value) => (value - m) ** 2));
};

describe('the simulator’s chance', () => {
  it('gives the same draws for the same seed and path, and others for another path', () => {
    const once = draws(
      20,
      (
        (r) => () =>
          r.bits()
      )(streamOf(7, 'CH-0001', 'noise')),
    );
    expect(
      draws(
        20,
        (
          (r) => () =>
            r.bits()
        )(streamOf(7, 'CH-0001', 'noise')),
      ),
    ).toEqual(once);
    expect(
      draws(
        20,
        (
          (r) => () =>
            r.bits()
        )(streamOf(7, 'CH-0002', 'noise')),
      ),
    ).not.toEqual(once);
    expect(
      draws(
        20,
        (
          (r) => () =>
            r.bits()
        )(streamOf(8, 'CH-0001', 'noise')),
      ),
    ).not.toEqual(once);
    expect(streamOf(7, 'a', 'bc').bits()).not.toBe(streamOf(7, 'ab', 'c').bits());
  });

  it('has the published normal quantiles and Weibull means', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 5);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232, 5);
    expect(weibullMean(1, 100)).toBeCloseTo(100, 9);
    expect(weibullMean(2, 100)).toBeCloseTo(50 * Math.sqrt(Math.PI), 9); // Γ(3/2) = √π / 2
  });

  // 20,000 draws: the tolerances are about four standard errors of the mean.
  it('draws from the laws it names', () => {
    const random = streamOf(1, 'laws');
    const normal = draws(20_000, () => random.normal());
    expect(Math.abs(mean(normal))).toBeLessThan(0.03);
    expect(variance(normal)).toBeCloseTo(1, 1);
    expect(mean(draws(20_000, () => random.exponential(5)))).toBeCloseTo(5, 0);
    const gamma = draws(20_000, () => random.gamma(4, 2.5));
    expect(Math.abs(mean(gamma) - 10)).toBeLessThan(0.15);
    expect(Math.abs(variance(gamma) - 25)).toBeLessThan(1.5);
    expect(Math.abs(mean(draws(20_000, () => random.gamma(0.5, 2))) - 1)).toBeLessThan(0.05);
    const poisson = draws(20_000, () => random.poisson(3.5));
    expect(Math.abs(mean(poisson) - 3.5)).toBeLessThan(0.06);
    expect(Math.abs(variance(poisson) - 3.5)).toBeLessThan(0.2);
    expect(Math.abs(mean(draws(2000, () => random.poisson(1000))) - 1000)).toBeLessThan(3);
    const weibull = mean(draws(20_000, () => random.weibull(2.2, 14_000)));
    expect(Math.abs(weibull / weibullMean(2.2, 14_000) - 1)).toBeLessThan(0.015);
  });

  it('picks every number of a range, its ends included', () => {
    const random = streamOf(1, 'range');
    expect(new Set(draws(200, () => random.integer(-1, 2)))).toEqual(new Set([-1, 0, 1, 2]));
  });
});
