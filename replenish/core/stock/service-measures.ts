import {cdf, type DemandPmf} from '../probability/pmf.ts';

/**
 * Three measures that are often all called "service level". Each has one name here; under one-for-one replenishment of unit
 * Poisson demand ready rate and fill rate agree, with larger orders or order sizes they do not (see policy-performance.ts). A plan of the
 * network says the fill rate of its targets (depot-targets.ts).
 *
 * Source: Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, ch. 6, where cycle service level, fill rate
 * and ready rate are P1, P2 and P3.
 */

/** Share of time with stock on the shelf: P(D < s). Source: P3 of the above. Example: Poisson mean 0.8, s = 2 → 0.8088. */
export function readyRate(leadTimeDemand: DemandPmf, s: number): number {
  return cdf(leadTimeDemand, s - 1);
}

/** Share of unit Poisson demands met from the shelf: P(D ≤ s − 1), since arrivals see time averages. Source: P2. Example: Poisson 0.8, s = 2 → 0.8088. */
export function fillRate(leadTimeDemand: DemandPmf, s: number): number {
  return cdf(leadTimeDemand, s - 1);
}

/** Chance that nobody waits: P(D ≤ s), "cycle service level". Source: P1. Example: Poisson mean 0.8, s = 2 → 0.9526. */
export function cycleServiceLevel(leadTimeDemand: DemandPmf, s: number): number {
  return cdf(leadTimeDemand, s);
}
