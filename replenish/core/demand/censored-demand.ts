import {invariant} from '../../../domain/invariant.ts';
import {poissonPmf} from '../probability/poisson.ts';

/** Demand seen in a period, as far as the shelf let it be seen. */
export interface ExposedDemand {
  readonly pieces: number;
  /** Share of the period with stock, 0..1: demand without stock went elsewhere unseen. */
  readonly inStockShare: number;
}

/**
 * Demand rate per period from what was seen while in stock: Σ pieces / Σ exposure, the maximum-likelihood estimate.
 * Averaging over all periods instead takes every stock-out for a quiet time.
 * Example: 2, 1, 0, 3 pieces with shares 1, 1, 0.3, 0.9 → 1.875, where the plain average says 1.5.
 *
 * @returns null when the shelf was never stocked.
 */
export function exposureRate(periods: readonly ExposedDemand[]): number | null {
  const exposure = periods.reduce((sum, {inStockShare}) => sum + inStockShare, 0);
  return exposure > 0 ? periods.reduce((sum, {pieces}) => sum + pieces, 0) / exposure : null;
}

/** Demand of a period from two kinds of source: one that records every need, and one that knows only what it handed out. */
export interface MixedDemand {
  readonly recorded: number;
  readonly handedOut: number;
  /** Length of the period, in periods. */
  readonly exposure: number;
  /** Share of it with stock, 0..1. */
  readonly inStockShare: number;
}

/**
 * How much of each period could be seen, in periods: stock-outs hide the demand of those who record only what they hand out, and
 * nothing of those who let a need wait. Each kind has its own rate, r over all the time and h over the time with stock, and
 *
 *   visible = exposure · (r + h · inStockShare) / (r + h)
 *
 * so that Σ pieces / Σ visible is r + h: `exposureRate` where all is handed out, the plain average where all is recorded.
 *
 * Example: two periods, the second without stock for half the time, recorded 1 and 1, handed out 2 and 1 → r = 1, h = 2: visible
 * 1 and 2/3, and 5 pieces over 5/3 periods are 3 a period.
 */
export function visibleExposures(periods: readonly MixedDemand[]): number[] {
  let all = 0;
  let stocked = 0;
  let recorded = 0;
  let handedOut = 0;
  for (const period of periods) {
    all += period.exposure;
    stocked += period.exposure * period.inStockShare;
    recorded += period.recorded;
    handedOut += period.handedOut;
  }
  if (handedOut === 0 || stocked === 0) return periods.map(({exposure}) => exposure);
  const r = recorded / all;
  const h = handedOut / stocked;
  return periods.map(({exposure, inStockShare}) => (exposure * (r + h * inStockShare)) / (r + h));
}

/** Sales of a period that began with some stock and got no more. */
export interface CappedSales {
  readonly sold: number;
  /** Sales that reach it say only that demand was at least as much. */
  readonly stock: number;
}

/**
 * Poisson demand rate per period where selling out hides the rest, by maximum likelihood:
 *
 *   Σ ln P(D = sold) over open periods + Σ ln P(D ≥ stock) over sold-out ones
 *
 * The likelihood is concave, so its slope is halved in on.
 * Example: sold 4, 4, 2, 3 of 4, 4, 6, 6 → 3.9185, where the plain average says 3.25.
 *
 * @returns null when every period sold out: then demand has no upper bound in the data.
 */
export function cappedSalesRate(
  periods: readonly CappedSales[],
): {readonly rate: number; readonly logLikelihood: number} | null {
  invariant(
    periods.every(({sold, stock}) => sold >= 0 && sold <= stock),
    'sales are within 0..stock',
  );
  if (!periods.some(({sold, stock}) => sold < stock)) return null;
  const slope = (rate: number): number =>
    periods.reduce((sum, period) => sum + likelihoodSlope(rate, period), 0);
  let low = 0;
  let high = 1;
  while (slope(high) > 0) high *= 2;
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  const rate = (low + high) / 2;
  return {rate, logLikelihood: periods.reduce((sum, period) => sum + logLikelihood(rate, period), 0)};
}

/** Derivative of one period's log likelihood in the rate: k/λ − 1 when open, P(D = k − 1) / P(D ≥ k) when sold out. */
function likelihoodSlope(rate: number, {sold, stock}: CappedSales): number {
  if (sold < stock) return sold / rate - 1;
  if (stock === 0) return 0;
  const {p} = poissonPmf(rate);
  return (p[stock - 1] ?? 0) / Math.max(Number.MIN_VALUE, atLeast(p, stock));
}

function logLikelihood(rate: number, {sold, stock}: CappedSales): number {
  const {p} = poissonPmf(rate);
  return Math.log(sold < stock ? (p[sold] ?? 0) : atLeast(p, stock));
}

function atLeast(p: Float64Array, pieces: number): number {
  let sum = 0;
  for (let k = p.length - 1; k >= pieces; k -= 1) sum += p[k]!;
  return sum;
}
