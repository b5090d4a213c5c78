import {invariant} from '../../../domain/invariant.ts';
import {
  cheapestLevel,
  evenly,
  levelCosts,
  performanceOf,
  type PolicyPerformance,
} from './policy-performance.ts';
import {meanSize, SINGLE_PIECES, type OrderSizes} from '../probability/compound-poisson.ts';
import {mean, type DemandPmf} from '../probability/pmf.ts';

/** Reorder point and batch: when the inventory position falls to r, order Q. "r" means at or below. */
export interface RqPolicy {
  readonly r: number;
  readonly q: number;
}

/** Continuous review, full backordering. Time in any one unit throughout. */
export interface RqSituation {
  /** Pieces. */
  readonly demandRate: number;
  /** Of the orders that ask for them; left out: one piece each. */
  readonly sizes?: OrderSizes;
  /** Demand over one lead time. */
  readonly leadTimeDemand: DemandPmf;
  /** Per order. */
  readonly fixedCost: number;
  /** Per piece on hand and time unit. */
  readonly holdingCost: number;
  /** Per piece backordered and time unit. */
  readonly backorderCost: number;
  /** Per time unit, if every piece were missed: for pieces that cost once. Left out: none do. */
  readonly missedCost?: number;
}

/**
 * Long-run performance of (r, Q), with as many batches of Q as bring the position above r: it is uniform on r + 1..r + Q, so every measure
 * is the average of the base-stock measure over these levels. An order of j pieces finds it within j of r, and so makes us order, with
 * probability min(j, Q) / Q.
 *
 * Source: Hadley & Whitin (1963), Analysis of Inventory Systems, ch. 4.
 * Example: 45 a year, lead time 1/6 year, order 220, holding 950, backorder 8550, (9, 5) → 0.1202 backorders, fill 0.8990, cost 7397.
 */
export function evaluateRq(situation: RqSituation, {r, q}: RqPolicy): PolicyPerformance {
  invariant(
    Number.isInteger(r) && Number.isInteger(q) && q >= 1,
    '(r, Q) is in whole pieces and Q is at least 1',
  );
  const {demandRate, sizes = SINGLE_PIECES, leadTimeDemand: outstanding, fixedCost: orderCost} = situation;
  const upToQ = sizes.map(({pieces, probability}) => ({pieces: Math.min(pieces, q), probability}));
  const ordersPerTime = (demandRate / meanSize(sizes)) * (meanSize(upToQ) / q);
  return performanceOf({outstanding, sizes}, evenly(r + 1, q), ordersPerTime, {...situation, orderCost});
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
 * The window of `size` levels with the least cost: convex costs let it grow from the cheapest level by the cheaper neighbour.
 *
 * Example: level cost |y − 5|, best 5, size 4 → 3..6 (5, then 4, 6, 3).
 */
export function cheapestWindowOf(
  levelCost: PositionCosts['levelCost'],
  best: number,
  size: number,
  lowest = -Infinity,
): RqPolicy {
  let r = best - 1;
  for (let q = 1; q < size; q += 1) if (r >= lowest && levelCost(r) <= levelCost(r + q + 1)) r -= 1;
  return {r, q: size};
}

/** Quantities that the source takes: at least `minimum`, in multiples. */
export interface LotRule {
  readonly minimum: number;
  readonly multiple: number;
}

/** The smallest order that a source takes of at least so many pieces. Example: 7 pieces, minimum 5, multiple 4 → 8. */
export function permittedLot(pieces: number, {minimum, multiple}: LotRule): number {
  return Math.ceil(Math.max(pieces, minimum) / multiple) * multiple;
}

/**
 * The (r, Q) of least cost among the lots that the source takes: cost falls with Q up to its least and rises beyond, so it is one of the two
 * permitted lots around that.
 *
 * Source: `cheapestWindow`. Example: the situation of `evaluateRq` → r = 8, Q = 7 at 7225.15 a year; with a multiple of 5, (9, 5) at 7397.
 */
export function optimalRq(
  situation: RqSituation,
  lots: LotRule = {minimum: 1, multiple: 1},
): RqPolicy & {readonly cost: number} {
  const {demandRate, fixedCost, sizes = SINGLE_PIECES, leadTimeDemand: outstanding} = situation;
  const levelCost = levelCosts({outstanding, sizes}, {...situation, orderCost: fixedCost});
  const ordering = fixedCost * demandRate;
  const best = cheapestLevel(levelCost, Math.round(mean(outstanding)));
  // Where pieces that are missed cost once, a position below none costs no more than none: owing without end would be free.
  const lowest = situation.backorderCost > 0 ? -Infinity : 0;
  const free = cheapestWindow({ordering, levelCost}, best, {lowest});
  const above = permittedLot(free.q, lots);
  const below = permittedLot(Math.max(1, above - lots.multiple), lots);
  const [first, second] = [below, above].map((size) => {
    const window = cheapestWindowOf(levelCost, best, size, lowest);
    return {...window, cost: windowCost({ordering, levelCost}, window)};
  }) as [RqPolicy & {cost: number}, RqPolicy & {cost: number}];
  return above === free.q ? free : second.cost < first.cost ? second : first;
}
