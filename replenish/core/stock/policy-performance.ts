import {meanSize, type OrderSizes} from '../probability/compound-poisson.ts';
import {backorderCurve, mean, type DemandPmf} from '../probability/pmf.ts';
import {readyRate} from './service-measures.ts';

/** Share of time at each inventory position: shares[i] at `lowest` + i, which sum to 1. */
export interface Positions {
  readonly lowest: number;
  readonly shares: Float64Array;
}

/** Every position of `lowest`..`lowest` + `count` − 1 as often as the others. */
export function evenly(lowest: number, count: number): Positions {
  return {lowest, shares: new Float64Array(count).fill(1 / count)};
}

/** What a policy gives customers and leaves on the shelf; each measure by its own name. */
export interface PolicyService {
  /** Share of time with stock on the shelf. */
  readonly readyRate: number;
  /** Share of pieces handed over at once; an order takes what is left. */
  readonly fillRate: number;
  /** Share of orders handed over completely at once. */
  readonly orderFillRate: number;
  readonly expectedOnHand: number;
  /** Mean pieces owed. */
  readonly expectedBackorders: number;
}

export interface PolicyCosts {
  /** Per order. */
  readonly orderCost: number;
  /** Per piece on hand and time unit. */
  readonly holdingCost: number;
  /** Per piece owed and time unit. */
  readonly backorderCost: number;
  /** Per time unit, if every piece were missed: for pieces that cost once, however long they are owed. Left out: none do. */
  readonly missedCost?: number;
}

/** Service and cost of a policy, both per time unit. */
export interface PolicyPerformance extends PolicyService {
  readonly ordersPerTime: number;
  readonly ordering: number;
  readonly holding: number;
  readonly shortage: number;
  readonly cost: number;
}

/**
 * Service of any policy whose inventory position is independent of what was asked for since: net inventory is position less demand.
 *
 * @param outstanding What was asked for and is not here yet at a random instant: the demand over a lead time under continuous review.
 *
 * Source: Zipkin (2000), Foundations of Inventory Management, ch. 6; Silver, Pyke & Thomas (2017), ch. 6, for the names. Orders that arrive as Poisson
 * see averages over time.
 * Example: λL = 2.2, sizes 1, 2, 4 with 0.6, 0.25, 0.15, (r, Q) = (6, 3) → ready 0.8821, fill 0.8365, orders filled 0.8331, 0.2064 owed.
 */
export function serviceOf(
  outstanding: DemandPmf,
  sizes: OrderSizes,
  {lowest, shares}: Positions,
): PolicyService {
  const curves = curvesOf(outstanding);
  const perOrder = meanSize(sizes);
  let ready = 0;
  let filled = 0;
  let ordersFilled = 0;
  let onHand = 0;
  let owed = 0;
  shares.forEach((share, i) => {
    const position = lowest + i;
    ready += share * readyRate(outstanding, position);
    filled += (share * filledOf(curves, sizes, position)) / perOrder;
    for (const {pieces, probability} of sizes)
      ordersFilled += share * probability * curves.below(position - pieces + 1);
    onHand += share * curves.held(position);
    owed += share * curves.owed(position);
  });
  return {
    readyRate: ready,
    fillRate: filled,
    orderFillRate: ordersFilled,
    expectedOnHand: onHand,
    expectedBackorders: owed,
  };
}

/** Of the demand, by the position y. */
interface StockCurves {
  /** P(D < y). */
  readonly below: (position: number) => number;
  /** E[(y − D)⁺]. */
  readonly held: (position: number) => number;
  /** E[(D − y)⁺]. */
  readonly owed: (position: number) => number;
}

function curvesOf(demand: DemandPmf): StockCurves {
  const {p} = demand;
  const end = p.length;
  const below = new Float64Array(end + 1);
  const held = new Float64Array(end + 1);
  for (let y = 1; y <= end; y += 1) {
    below[y] = below[y - 1]! + p[y - 1]!;
    held[y] = held[y - 1]! + below[y]!;
  }
  const owed = backorderCurve(demand, end);
  const expected = mean(demand);
  return {
    below: (y) => (y <= 0 ? 0 : below[Math.min(y, end)]!),
    held: (y) => (y <= 0 ? 0 : held[Math.min(y, end)]! + Math.max(0, y - end)),
    owed: (y) => (y < 0 ? expected - y : owed[Math.min(y, end)]!),
  };
}

/** Pieces of an order that the shelf hands over at once: E[min(J, (y − D)⁺)] = Σ f(j) · (held(y) − held(y − j)). */
function filledOf({held}: StockCurves, sizes: OrderSizes, position: number): number {
  let filled = 0;
  for (const {pieces, probability} of sizes)
    filled += probability * (held(position) - held(position - pieces));
  return filled;
}

/** Service and cost of a policy that stands at these positions and places so many orders. */
export function performanceOf(
  demand: {readonly outstanding: DemandPmf; readonly sizes: OrderSizes},
  positions: Positions,
  ordersPerTime: number,
  costs: PolicyCosts,
): PolicyPerformance {
  const service = serviceOf(demand.outstanding, demand.sizes, positions);
  const ordering = costs.orderCost * ordersPerTime;
  const holding = costs.holdingCost * service.expectedOnHand;
  const {backorderCost, missedCost = 0} = costs;
  const shortage = backorderCost * service.expectedBackorders + missedCost * (1 - service.fillRate);
  return {...service, ordersPerTime, ordering, holding, shortage, cost: ordering + holding + shortage};
}

/**
 * What standing at one inventory position costs per time unit, orders left aside: the function of which policies average. It falls to its
 * least and rises beyond, for pieces owed because it is convex, for pieces missed because P(D = y) / P(D ≤ y) falls with y.
 *
 * Source: Zheng (1992), On properties of stochastic inventory systems, Management Science 38(1), for the first; nextLook's marginal condition for the second.
 * Example: Poisson 7.5, holding 1, backorder 9, y = 11 → 5.1156.
 */
export function levelCosts(
  {outstanding, sizes}: {readonly outstanding: DemandPmf; readonly sizes: OrderSizes},
  costs: PolicyCosts,
): (position: number) => number {
  const curves = curvesOf(outstanding);
  const perOrder = meanSize(sizes);
  const {holdingCost, backorderCost, missedCost = 0} = costs;
  return (position) =>
    holdingCost * curves.held(position) +
    backorderCost * curves.owed(position) +
    missedCost * (1 - filledOf(curves, sizes, position) / perOrder);
}

/** The position of least cost, for a cost that falls and then rises. Example: |y − 5| from 9 → 5. */
export function cheapestLevel(levelCost: (position: number) => number, from: number): number {
  let best = from;
  while (levelCost(best + 1) < levelCost(best)) best += 1;
  while (levelCost(best - 1) <= levelCost(best) && best > 0) best -= 1;
  return best;
}
