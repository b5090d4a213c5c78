import {invariant} from '../../../domain/invariant.ts';
import {negativeBinomialPmf} from '../probability/negative-binomial.ts';
import {mixture, quantile} from '../probability/pmf.ts';

/** One way the future may go: a negative binomial, and the probability that it is the true one. */
export interface View {
  readonly weight: number;
  readonly mean: number;
  readonly variance: number;
}

/** The mixture of the views as a distribution. A variance below the mean is taken as Poisson's. */
export function viewsPmf(views: readonly View[]): ReturnType<typeof mixture> {
  return mixture(
    views.map(({weight, mean, variance}) => ({
      weight,
      demand: negativeBinomialPmf(mean, Math.max(mean, variance)),
    })),
  );
}

/** exp(−700) is the last one far from the subnormal numbers. */
const LEAST_EXPONENT = -700;

/** Rounding of the sum stays far below what this leaves. */
const HIGHEST_LEVEL = 1 - 1e-9;

/**
 * Quantiles of the mixture without its distribution: both recursions run up from 0 together and stop at the last level, which
 * spares learning nine tenths of the work. Where a probability of 0 underflows, the distribution answers.
 *
 * @param levels ascending
 */
export function viewsQuantiles(views: readonly View[], levels: readonly number[]): number[] {
  invariant(
    levels.every((level) => level < HIGHEST_LEVEL),
    'a level is far enough below 1 for a sum of probabilities to reach it',
  );
  const slopes: number[] = [];
  const starts: number[] = [];
  const terms: number[] = [];
  for (const {weight, mean, variance} of views) {
    const spread = Math.max(mean, variance);
    const slope = mean === 0 ? 0 : (spread - mean) / spread;
    const start = mean === 0 ? 0 : (mean * mean) / spread;
    // P(0) = (1 − slope)^(start / slope), in the limit exp(−start)
    const exponent = slope < 1e-9 ? -start : (start / slope) * Math.log1p(-slope);
    if (exponent < LEAST_EXPONENT) return levels.map((level) => quantile(viewsPmf(views), level));
    slopes.push(slope);
    starts.push(start);
    terms.push(weight * Math.exp(exponent));
  }
  const found: number[] = [];
  let cumulative = 0;
  for (let k = 0; found.length < levels.length; k += 1) {
    let term = 0;
    for (let i = 0; i < terms.length; i += 1) {
      term += terms[i]!;
      terms[i] = (terms[i]! * (slopes[i]! * k + starts[i]!)) / (k + 1);
    }
    cumulative += term;
    while (found.length < levels.length && cumulative >= levels[found.length]! - 1e-12) found.push(k);
  }
  return found;
}
