import type {DemandPmf} from '../probability/pmf.ts';
import {expectedBackorders, mean} from '../probability/pmf.ts';
import {poissonPmf} from '../probability/poisson.ts';

/** Poisson demand, an order up to S at every review; time in any one unit throughout. */
export interface PeriodicReview {
  readonly demandRate: number;
  readonly leadTime: number;
  readonly reviewInterval: number;
  readonly orderCost: number;
  readonly holdingCost: number;
  readonly backorderCost: number;
}

export interface PeriodicPerformance {
  readonly expectedBackorders: number;
  readonly expectedOnHand: number;
  readonly fillRate: number;
  /** Per time unit. */
  readonly cost: number;
}

/**
 * Reference function: no decision takes it.
 *
 * Performance of order-up-to S under periodic review, averaged over the time from L to L + R after a review. Looking only at
 * the end of that interval picks too much stock.
 *
 * The time integral is closed: for Poisson X, λ∫E[g(X_t)]dt = E[f(X)] at the ends, with f(x + 1) − f(x) = g(x); so backorders
 * integrate to pairs (X − S choose 2), and the share of time without stock to backorders.
 *
 * Source: Hadley & Whitin (1963), Analysis of Inventory Systems, ch. 5.
 * Example: 45 a year, L 1/6, R 1/12, order 220, holding 950, backorder 8550, S = 12 → 0.4233 backorders, fill 0.7549, cost 9093.07.
 */
export function evaluatePeriodicReview(review: PeriodicReview, s: number): PeriodicPerformance {
  const {demandRate, leadTime, reviewInterval} = review;
  const start = poissonPmf(demandRate * leadTime);
  const end = poissonPmf(demandRate * (leadTime + reviewInterval));
  const demandPerReview = demandRate * reviewInterval;
  const backorders = (expectedPairsShort(end, s) - expectedPairsShort(start, s)) / demandPerReview;
  const onHand = s - (mean(start) + mean(end)) / 2 + backorders;
  const ordersPerTime = -Math.expm1(-demandPerReview) / reviewInterval; // a review without demand orders nothing
  return {
    expectedBackorders: backorders,
    expectedOnHand: onHand,
    fillRate: 1 - (expectedBackorders(end, s) - expectedBackorders(start, s)) / demandPerReview,
    cost: review.orderCost * ordersPerTime + review.holdingCost * onHand + review.backorderCost * backorders,
  };
}

/** E[(X − s)(X − s − 1) / 2] over X > s. */
function expectedPairsShort({p}: DemandPmf, s: number): number {
  let sum = 0;
  for (let x = p.length - 1; x > s + 1; x -= 1) sum += (((x - s) * (x - s - 1)) / 2) * p[x]!;
  return sum;
}
