import {invariant} from '../../../domain/invariant.ts';
import {newsvendorCost, newsvendorLevel} from './newsvendor.ts';
import {cdf, expectedBackorders, expectedOnHand, type DemandPmf} from '../probability/pmf.ts';

/** Reorder point and batch: when the inventory position falls to r, order Q. "r" means at or below. */
export interface RqPolicy {
  readonly r: number;
  readonly q: number;
}

/** Unit Poisson demand, continuous review, full backordering. Time in any one unit throughout. */
export interface RqSituation {
  readonly demandRate: number;
  /** Demand over one lead time. */
  readonly leadTimeDemand: DemandPmf;
  /** Per order. */
  readonly fixedCost: number;
  /** Per piece on hand and time unit. */
  readonly holdingCost: number;
  /** Per piece backordered and time unit. */
  readonly backorderCost: number;
}

export interface RqPerformance {
  readonly expectedBackorders: number;
  readonly expectedOnHand: number;
  /** Share of demands met from the shelf. */
  readonly fillRate: number;
  /** Per time unit: orders, holding and backorders. */
  readonly cost: number;
}

/**
 * Long-run performance of (r, Q): the inventory position is uniform on r + 1..r + Q, so every measure is the average of the
 * base-stock measure over these levels.
 *
 * Source: Hadley & Whitin (1963), Analysis of Inventory Systems, ch. 4.
 * Example: 45 a year, lead time 1/6 year, order 220, holding 950, backorder 8550, (9, 5) → 0.1202 backorders, fill 0.8990, cost 7397.
 */
export function evaluateRq(situation: RqSituation, {r, q}: RqPolicy): RqPerformance {
  invariant(
    Number.isInteger(r) && Number.isInteger(q) && q >= 1,
    '(r, Q) is in whole pieces and Q is at least 1',
  );
  const demand = situation.leadTimeDemand;
  let backorders = 0;
  let onHand = 0;
  let filled = 0;
  for (let position = r + 1; position <= r + q; position += 1) {
    backorders += expectedBackorders(demand, position) / q;
    onHand += expectedOnHand(demand, position) / q;
    filled += cdf(demand, position - 1) / q;
  }
  const ordering = (situation.fixedCost * situation.demandRate) / q;
  const cost = ordering + situation.holdingCost * onHand + situation.backorderCost * backorders;
  return {expectedBackorders: backorders, expectedOnHand: onHand, fillRate: filled, cost};
}

/** What (r, Q) is chosen by, when every level of the inventory position r + 1..r + Q is as likely as the other. */
export interface PositionCosts {
  /** Fixed cost per order × demand rate: what ordering piece by piece would cost per time unit. */
  readonly ordering: number;
  /** Of standing at one level of the inventory position, per time unit; convex. */
  readonly levelCost: (position: number) => number;
}

/** Cost of (r, Q) per time unit: (ordering + Σ levelCost(y)) / Q over y = r + 1..r + Q. Example: ordering 8, levels of 1 and 3 → 6. */
export function windowCost({ordering, levelCost}: PositionCosts, {r, q}: RqPolicy): number {
  let total = ordering;
  for (let position = r + 1; position <= r + q; position += 1) total += levelCost(position);
  return total / q;
}

/**
 * The cheapest window of position levels between two bounds. The cost of the levels is convex, so the best window grows from one
 * level by taking in the cheaper neighbour, as long as that lowers the average.
 *
 * @param best The cheapest level; where the reorder point is given, it is `lowest` as well, and only Q is chosen.
 * Source: Federgruen & Zheng (1992), An efficient algorithm for computing an optimal (r, Q) policy, Operations Research 40(4).
 * Example: ordering 8, level cost |y − 5|, best 5 → 3..7 at 14/5; no lower than 5 → 5..8 at 14/4.
 */
export function cheapestWindow(
  {ordering, levelCost}: PositionCosts,
  best: number,
  {lowest = -Infinity, highest = Infinity}: {readonly lowest?: number; readonly highest?: number} = {},
): RqPolicy & {readonly cost: number} {
  const costAt = (position: number): number =>
    position < lowest || position > highest ? Infinity : levelCost(position);
  let r = best - 1;
  let q = 1;
  let total = ordering + levelCost(best);
  let below = costAt(r);
  let above = costAt(r + q + 1);
  while (Math.min(below, above) < total / q) {
    total += Math.min(below, above);
    q += 1;
    if (below <= above) {
      r -= 1;
      below = costAt(r);
    } else above = costAt(r + q + 1);
  }
  return {r, q, cost: total / q};
}

/**
 * The (r, Q) of least cost.
 *
 * Source: `cheapestWindow`. Example: the situation of `evaluateRq` → r = 8, Q = 7 at 7225.15 a year.
 */
export function optimalRq(situation: RqSituation): RqPolicy & {readonly cost: number} {
  const costs = {overage: situation.holdingCost, underage: situation.backorderCost};
  const levelCost = (position: number): number => newsvendorCost(situation.leadTimeDemand, position, costs);
  const ordering = situation.fixedCost * situation.demandRate;
  return cheapestWindow({ordering, levelCost}, newsvendorLevel(situation.leadTimeDemand, costs));
}
