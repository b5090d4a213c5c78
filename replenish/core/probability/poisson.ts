import type {DemandPmf} from './pmf.ts';
import {recursivePmf} from './recursive-pmf.ts';

/**
 * Poisson demand: P(D = k) = e^−λ λ^k / k!
 *
 * For unit demands and one-for-one replenishment the pipeline is Poisson with mean (rate × mean lead time) whatever the
 * lead-time law, as long as lead times are independent (Palm's theorem).
 *
 * @param meanDemand Mean over the period, in pieces; at least 0. Example: mean 1 → P(0) = e⁻¹ ≈ 0.3679.
 */
export function poissonPmf(meanDemand: number): DemandPmf {
  return recursivePmf(0, meanDemand);
}
