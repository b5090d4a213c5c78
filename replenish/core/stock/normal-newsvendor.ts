import {criticalRatio, type UnitCosts} from './newsvendor.ts';
import {normalDensity, normalQuantile} from '../probability/normal.ts';

/**
 * Base stock and its expected cost for normal demand: a yardstick for fast movers, which the comparison of policies shows beside the others. Service
 * parts move too slowly for it (a normal level for 200 machines with small p is almost always too low): decisions take the exact distribution.
 *
 * @param demand Mean and standard deviation over the protection interval (lead time + review period), in pieces.
 *
 * Source: Snyder & Shen (2019), Fundamentals of Supply Chain Theory, ch. 4.
 * Example: mean 50, sd 8, overage 0.18, underage 0.7 → 56.60 pieces at cost 1.9976 a period.
 */
export function normalNewsvendor(
  demand: {readonly mean: number; readonly sd: number},
  costs: UnitCosts,
): {readonly baseStock: number; readonly cost: number} {
  const z = normalQuantile(criticalRatio(costs));
  return {
    baseStock: demand.mean + z * demand.sd,
    cost: (costs.overage + costs.underage) * demand.sd * normalDensity(z),
  };
}
