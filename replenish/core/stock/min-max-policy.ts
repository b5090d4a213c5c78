import {cheapestLevel, type Positions} from './policy-performance.ts';
import type {DemandPmf} from '../probability/pmf.ts';

/** Periodic review: at or below s, order up to S. */
export interface MinMaxPolicy {
  readonly s: number;
  readonly S: number;
  /** Mean cost per period. */
  readonly cost: number;
}

/** One review period; order, then demand, then cost. */
export interface MinMaxSituation {
  readonly periodDemand: DemandPmf;
  /** Per order. */
  readonly fixedCost: number;
  /** What a period costs that begins at this position, its order included: falls, then rises (`levelCosts`). */
  readonly levelCost: (position: number) => number;
  /** s is this at least; left out: any. */
  readonly lowest?: number;
}

/**
 * The (s, S) policy of least mean cost, exactly.
 *
 *   c(s, S) = (K + Σ m(j) · G(S − j)) / Σ m(j),  j = 0..S − s − 1,  m the renewal density of demand
 *
 * Source: Zheng & Federgruen (1991), Finding optimal (s, S) policies is about as simple as evaluating a single policy,
 * Operations Research 39(4). Example: Poisson 15 a period, K 64, holding 1, backorder 9 → (10, 49) at 42.70.
 */
export function optimalMinMax(situation: MinMaxSituation): MinMaxPolicy {
  const {levelCost, lowest = -Infinity} = situation;
  const density = renewalDensity(situation.periodDemand);
  const policyCost = (s: number, upTo: number): number => {
    let cost = situation.fixedCost;
    let periods = 0;
    for (let j = 0; j < upTo - s; j += 1) {
      cost += density(j) * levelCost(upTo - j);
      periods += density(j);
    }
    return cost / periods;
  };

  let upTo = cheapestLevel(levelCost, 0);
  let s = upTo - 1;
  while (s > lowest && policyCost(s, upTo) > levelCost(s)) s -= 1;
  let best = policyCost(s, upTo);
  for (let candidate = upTo + 1; levelCost(candidate) <= best; candidate += 1) {
    if (policyCost(s, candidate) >= best) continue;
    upTo = candidate;
    while (policyCost(s, upTo) <= levelCost(s + 1)) s += 1;
    best = policyCost(s, upTo);
  }
  return {s, S: upTo, cost: best};
}

/**
 * Where (s, S) stands after its reviews, and how often it orders: a cycle between two orders has Σ m(j) periods, m(j) of them at S − j.
 *
 * Source: as above. Example: one piece a period for sure, (0, 2) → half of the time at 1, half at 2; an order every second period.
 */
export function minMaxPositions(
  periodDemand: DemandPmf,
  {s, S}: Pick<MinMaxPolicy, 's' | 'S'>,
): {readonly positions: Positions; readonly ordersPerPeriod: number} {
  const density = renewalDensity(periodDemand);
  const shares = Float64Array.from({length: S - s}, (_, i) => density(S - s - 1 - i));
  const periods = shares.reduce((sum, each) => sum + each, 0);
  return {
    positions: {lowest: s + 1, shares: shares.map((each) => each / periods)},
    ordersPerPeriod: 1 / periods,
  };
}

/** m(j): expected number of periods in which the demand since the last order stands at exactly j. */
function renewalDensity({p}: DemandPmf): (j: number) => number {
  const silence = 1 - p[0]!;
  const known = [1 / silence];
  return (j) => {
    while (known.length <= j) {
      let sum = 0;
      for (let size = 1; size <= known.length && size < p.length; size += 1)
        sum += p[size]! * known[known.length - size]!;
      known.push(sum / silence);
    }
    return known[j]!;
  };
}
