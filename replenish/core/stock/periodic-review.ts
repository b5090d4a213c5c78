import {evenly, performanceOf, type PolicyCosts, type PolicyPerformance} from './policy-performance.ts';
import type {OrderSizes} from '../probability/compound-poisson.ts';
import {mixture, type DemandPmf} from '../probability/pmf.ts';

/** An order up to S at every review; time in any one unit throughout. */
export interface PeriodicReview extends PolicyCosts {
  /** What was asked for and is not here yet, at a random instant: `betweenReviews`. */
  readonly outstanding: DemandPmf;
  /** Demand between two reviews. */
  readonly reviewDemand: DemandPmf;
  readonly sizes: OrderSizes;
  readonly reviewInterval: number;
}

/** Gauss–Legendre nodes and weights on −1..1, the positive half. Source: Abramowitz & Stegun 25.4.30, n = 8. */
const NODES = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
] as const;
/** Over a panel in which so many pieces are asked for, eight nodes leave an error below 1e-10 in each probability (stock-policies.test.ts). */
const PIECES_PER_PANEL = 4;
/** Where more is asked for between two reviews, its distribution is so wide that coarser panels follow it as well. */
const PANELS_MAX = 40;

/**
 * What was asked for and is not here yet, at a random instant between L and L + R after a review: until then the order of that review
 * is the last that counts. Every measure of stock is an average over this time; looking only at its end picks too much stock.
 *
 * @param demandOver Demand from an order until so much time after its arrival.
 * @param reviewMean Mean demand between two reviews.
 *
 * Source: Hadley & Whitin (1963), Analysis of Inventory Systems, ch. 5. Example: 45 a year, L 1/6, R 1/12 → mean 45 · (1/6 + 1/24) = 9.375.
 */
export function betweenReviews(
  demandOver: (later: number) => DemandPmf,
  reviewInterval: number,
  reviewMean: number,
): DemandPmf {
  const panels = Math.min(PANELS_MAX, Math.max(1, Math.ceil(reviewMean / PIECES_PER_PANEL)));
  const half = reviewInterval / panels / 2;
  const scenarios = Array.from({length: panels}, (_, panel) => (2 * panel + 1) * half).flatMap((middle) =>
    NODES.flatMap(([node, weight]) =>
      [middle - node * half, middle + node * half].map((later) => ({
        weight: weight / 2 / panels,
        demand: demandOver(later),
      })),
    ),
  );
  return mixture(scenarios);
}

/**
 * Performance of order-up-to S under periodic review, averaged over the time from L to L + R after a review.
 *
 * @param lot Orders are multiples of it, so many that the position reaches S: it is then uniform on S..S + lot − 1.
 *
 * Source: Hadley & Whitin (1963), Analysis of Inventory Systems, ch. 5.
 * Example: 45 a year, L 1/6, R 1/12, order 220, holding 950, backorder 8550, S = 12 → 0.4233 backorders, fill 0.7549, cost 9093.07.
 */
export function evaluatePeriodicReview(review: PeriodicReview, s: number, lot = 1): PolicyPerformance {
  // At a review that finds the position i above S − 1 of the last one, more than i pieces were asked for: P(D > i), mean over i < lot.
  let due = 0;
  let more = 1;
  for (let i = 0; i < lot; i += 1) {
    more -= review.reviewDemand.p[i] ?? 0;
    due += Math.max(0, more) / lot;
  }
  return performanceOf(review, evenly(s, lot), due / review.reviewInterval, review);
}
