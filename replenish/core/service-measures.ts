import {cdf, type DemandPmf} from './pmf.ts';

/**
 * Three measures that are often all called "service level". Each has one name here; under one-for-one replenishment of unit
 * Poisson demand ready rate and fill rate agree, with larger orders or order sizes they do not (see compound-poisson.ts).
 */

/** Share of time with stock on the shelf: P(D < s). Example: Poisson mean 0.8, s = 2 → 0.8088. */
export function readyRate(leadTimeDemand: DemandPmf, s: number): number {
  return cdf(leadTimeDemand, s - 1);
}

/** Share of unit Poisson demands met from the shelf: P(D ≤ s − 1), since arrivals see time averages. */
export function fillRate(leadTimeDemand: DemandPmf, s: number): number {
  return cdf(leadTimeDemand, s - 1);
}

/** Chance that nobody waits: P(D ≤ s), "cycle service level". Example: Poisson mean 0.8, s = 2 → 0.9526. */
export function cycleServiceLevel(leadTimeDemand: DemandPmf, s: number): number {
  return cdf(leadTimeDemand, s);
}
