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

/**
 * Share of pieces met from the shelf where demand has a variance-to-mean ratio above one: negative binomial demand is that of Poisson orders
 * with logarithmic sizes, and an order takes what is left. The piece at place u of its order finds stock when S − u or fewer are due.
 *
 *   fill = Σ w(u) · P(D ≤ S − u),  w(1) = ln v / (v − 1),  w(u + 1) = w(u) − (1 − 1/v)^(u − 1) / (u v)
 *
 * Source: Quenouille (1949), A relation between the logarithmic, Poisson, and negative binomial series, Biometrics 5(2), for the sizes; Zipkin
 * (2000), Foundations of Inventory Management, ch. 6, for the fill rate. Example: mean 3, variance 6, s = 3 → 0.4155.
 */
export function unitFillRate(leadTimeDemand: DemandPmf, s: number, vmr = 1): number {
  if (vmr === 1) return fillRate(leadTimeDemand, s);
  let weight = Math.log(vmr) / (vmr - 1);
  let power = 1;
  let filled = 0;
  for (let place = 1; place <= s; place += 1) {
    filled += weight * cdf(leadTimeDemand, s - place);
    weight -= power / (place * vmr);
    power *= 1 - 1 / vmr;
  }
  return filled;
}

/** Chance that nobody waits: P(D ≤ s), "cycle service level". Source: P1. Example: Poisson mean 0.8, s = 2 → 0.9526. */
export function cycleServiceLevel(leadTimeDemand: DemandPmf, s: number): number {
  return cdf(leadTimeDemand, s);
}
