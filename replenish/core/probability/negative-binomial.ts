import {invariant} from '../../../domain/invariant.ts';
import type {DemandPmf} from './pmf.ts';
import {recursivePmf} from './recursive-pmf.ts';

/**
 * Negative binomial demand with the given mean and variance (r = mean² / (variance − mean), real-valued).
 * Becomes Poisson, without a jump, as the variance falls to the mean.
 *
 * @param meanDemand     In pieces; at least 0.
 * @param varianceDemand In pieces²; at least the mean (a rounding of 1e-9 below is taken as Poisson).
 *
 * Example: mean 0.6, variance 1.5 → r = 0.4, P(0) = 0.4^0.4 ≈ 0.6931.
 */
export function negativeBinomialPmf(meanDemand: number, varianceDemand: number): DemandPmf {
  invariant(
    varianceDemand >= meanDemand * (1 - 1e-9),
    'negative binomial demand varies at least as much as its mean',
  );
  if (meanDemand === 0) return recursivePmf(0, 0);
  const spread = Math.max(varianceDemand, meanDemand);
  return recursivePmf((spread - meanDemand) / spread, (meanDemand * meanDemand) / spread);
}
