import {demandMoments} from './demand-moments.ts';
import {viewsQuantiles} from './quick-quantiles.ts';

/**
 * Quantiles of the total demand of `periods` by the baseline of the field: a negative binomial with h times the history's mean
 * and variance, Poisson where the variance is below the mean.
 *
 * Example: [0, 2] → mean 1, variance 2; over one period P(0) = 0.5 and P(≤ 3) = 0.9375, so the 0.9 quantile is 3.
 */
export function momentQuantiles(
  history: readonly number[],
  periods: number,
  levels: readonly number[],
): number[] {
  const {mean, variance} = demandMoments(history, 1);
  return viewsQuantiles([{weight: 1, mean: periods * mean, variance: periods * variance}], levels);
}

/**
 * Quantiles of the totals of every run of `periods` in the history, overlapping.
 *
 * Example: [0, 3, 0, 1] over 2 periods → totals 3, 3, 1, so the median is 3.
 */
export function empiricalQuantiles(
  history: readonly number[],
  periods: number,
  levels: readonly number[],
): number[] {
  const totals: number[] = [];
  for (let from = 0; from + periods <= history.length; from += 1)
    totals.push(history.slice(from, from + periods).reduce((sum, pieces) => sum + pieces, 0));
  totals.sort((a, b) => a - b);
  return levels.map((level) => totals[Math.ceil(level * totals.length - 1e-9) - 1] ?? 0);
}
