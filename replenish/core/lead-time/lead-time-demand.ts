import {invariant} from '../../../domain/invariant.ts';
import {negativeBinomialPmf} from '../probability/negative-binomial.ts';
import type {DemandPmf} from '../probability/pmf.ts';
import {poissonPmf} from '../probability/poisson.ts';

/** Poisson demand and an uncertain lead time; both in the same time unit. */
export interface UncertainLeadTime {
  readonly demandRate: number;
  readonly leadTimeMean: number;
  readonly leadTimeSd: number;
}

/**
 * Reference function: decisions mix demand over three points of the lead time (time-points.ts), which is sequential, too.
 *
 * Demand over the lead time of a supplier that works as one pipe, orders never overtaking each other: over-dispersed.
 *
 *   mean = λ E[L],  variance = λ E[L] + λ² Var[L]
 *
 * Exactly negative binomial when the lead time is gamma distributed; for another law the two moments are matched.
 * Both follow from the law of total variance.
 *
 * Source: Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, ch. 6; Zipkin (2000), Foundations of
 * Inventory Management, ch. 7. Example: λ = 1, L = 5 ± 2.5 → mean 5, variance 11.25, P(0) = 0.0390.
 */
export function sequentialLeadTimeDemand({
  demandRate,
  leadTimeMean,
  leadTimeSd,
}: UncertainLeadTime): DemandPmf {
  invariant(demandRate >= 0 && leadTimeMean >= 0 && leadTimeSd >= 0, 'rates and lead times are not negative');
  const mean = demandRate * leadTimeMean;
  return negativeBinomialPmf(mean, mean + (demandRate * leadTimeSd) ** 2);
}

/**
 * Units in the pipeline when each order travels on its own and may overtake another: Poisson whatever the spread of the lead
 * time, which is why it does not appear (Palm's theorem). A reference function, too; the plan of the network takes the same law.
 *
 * Source: Palm (1938); Sherbrooke (2004), Optimal Inventory Modeling of Systems, ch. 2. Example: λ = 1, L = 5 → P(0) = e⁻⁵ ≈ 0.0067.
 */
export function parallelLeadTimeDemand({
  demandRate,
  leadTimeMean,
}: Omit<UncertainLeadTime, 'leadTimeSd'>): DemandPmf {
  return poissonPmf(demandRate * leadTimeMean);
}
