import {newsvendorCost, newsvendorLevel} from './newsvendor.ts';
import type {DemandPmf} from '../probability/pmf.ts';

/** Periodic review: at or below s, order up to S. */
export interface MinMaxPolicy {
  readonly s: number;
  readonly S: number;
  /** Mean cost per period. */
  readonly cost: number;
}

/** One review period; order, then demand, then cost at the end of the period. */
export interface MinMaxSituation {
  readonly periodDemand: DemandPmf;
  /** Demand from an order until the end of the period in which it counts; equals periodDemand without lead time. */
  readonly protectionDemand: DemandPmf;
  /** Per order. */
  readonly fixedCost: number;
  /** Per piece left at the end of a period. */
  readonly holdingCost: number;
  /** Per piece short at the end of a period. */
  readonly backorderCost: number;
}

/**
 * Reference function: the (s, S) policy of least mean cost, exactly.
 *
 *   c(s, S) = (K + Σ m(j) · G(S − j)) / Σ m(j),  j = 0..S − s − 1,  m the renewal density of demand
 *
 * Source: Zheng & Federgruen (1991), Finding optimal (s, S) policies is about as simple as evaluating a single policy,
 * Operations Research 39(4). Example: Poisson 15 a period, K 64, holding 1, backorder 9 → (10, 49) at 42.70.
 */
export function optimalMinMax(situation: MinMaxSituation): MinMaxPolicy {
  const costs = {overage: situation.holdingCost, underage: situation.backorderCost};
  const levelCost = memo((y) => newsvendorCost(situation.protectionDemand, y, costs));
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

  let upTo = newsvendorLevel(situation.protectionDemand, costs);
  let s = upTo - 1;
  while (policyCost(s, upTo) > levelCost(s)) s -= 1;
  let best = policyCost(s, upTo);
  for (let candidate = upTo + 1; levelCost(candidate) <= best; candidate += 1) {
    if (policyCost(s, candidate) >= best) continue;
    upTo = candidate;
    while (policyCost(s, upTo) <= levelCost(s + 1)) s += 1;
    best = policyCost(s, upTo);
  }
  return {s, S: upTo, cost: best};
}

/** m(j): expected number of periods in which the demand since the last order stands at exactly j. */
function renewalDensity({p}: DemandPmf): (j: number) => number {
  const silence = 1 - p[0]!;
  return memo((j, density) => {
    if (j === 0) return 1 / silence;
    let sum = 0;
    for (let size = 1; size <= j && size < p.length; size += 1) sum += p[size]! * density(j - size);
    return sum / silence;
  });
}

function memo(of: (x: number, self: (x: number) => number) => number): (x: number) => number {
  const known = new Map<number, number>();
  const self = (x: number): number => {
    const old = known.get(x);
    if (old !== undefined) return old;
    const value = of(x, self);
    known.set(x, value);
    return value;
  };
  return self;
}
