import {invariant} from '../../../domain/invariant.ts';
import {compoundPmf, SINGLE_PIECES, type OrderSizes} from '../probability/compound-poisson.ts';
import type {DemandPmf} from '../probability/pmf.ts';

/** Orders that are asked for, and an uncertain lead time; all in the same time unit. */
export interface UncertainLeadTime {
  /** Orders per time unit. */
  readonly demandRate: number;
  /** Variance to mean of the number of orders in any time; 1, also when left out, is Poisson. */
  readonly vmr?: number;
  /** Left out: one piece each. */
  readonly sizes?: OrderSizes;
  readonly leadTimeMean: number;
  readonly leadTimeSd: number;
}

/**
 * Demand over the lead time of a supplier that works as one pipe, orders never overtaking each other: over-dispersed.
 *
 *   mean = λ E[L],  variance = vmr · λ E[L] + λ² Var[L]   of the number of orders
 *
 * Exactly negative binomial for Poisson orders and a gamma lead time; for another law the two moments are matched. Both follow from the
 * law of total variance. Decisions mix demand over three points of the lead time instead (time-points.ts), which is sequential, too.
 *
 * Source: Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, ch. 6; Zipkin (2000), Foundations of
 * Inventory Management, ch. 7. Example: λ = 1, L = 5 ± 2.5 → mean 5, variance 11.25, P(0) = 0.0390.
 */
export function sequentialLeadTimeDemand({leadTimeSd, ...orders}: UncertainLeadTime): DemandPmf {
  invariant(leadTimeSd >= 0, 'a lead time has no negative deviation');
  return ordersWithin(orders, (orders.demandRate * leadTimeSd) ** 2);
}

/**
 * Pieces under way when each order travels on its own and may overtake another: as many as are asked for in the mean lead time, whatever
 * its spread, which is why it does not appear (Palm's theorem). The plan of the network takes the same law. Negative binomial
 * demand is Poisson many clusters of orders, and each cluster travels on its own.
 *
 * Source: Palm (1938); Feeney & Sherbrooke (1966), The (s − 1, s) inventory policy under compound Poisson demand, Management Science 12(5).
 * Example: λ = 1, L = 5 → P(0) = e⁻⁵ ≈ 0.0067.
 */
export function parallelLeadTimeDemand(orders: Omit<UncertainLeadTime, 'leadTimeSd'>): DemandPmf {
  return ordersWithin(orders, 0);
}

function ordersWithin(
  {demandRate, vmr = 1, sizes = SINGLE_PIECES, leadTimeMean}: Omit<UncertainLeadTime, 'leadTimeSd'>,
  moreVariance: number,
): DemandPmf {
  invariant(demandRate >= 0 && leadTimeMean >= 0, 'rates and lead times are not negative');
  const mean = demandRate * leadTimeMean;
  return compoundPmf({mean, variance: vmr * mean + moreVariance}, sizes);
}
