import {invariant} from '../../../domain/invariant.ts';
import {negativeBinomialPmf} from './negative-binomial.ts';
import {NEGLIGIBLE, trimmed, type DemandPmf} from './pmf.ts';

/** Orders of several pieces each: sizes with their probabilities, summing to 1. */
export type OrderSizes = readonly {readonly pieces: number; readonly probability: number}[];

/** Before a term reaches this the whole row is scaled down: e^−λ itself would vanish from λ = 745 on. */
const SCALE_LIMIT = 1e200;

/** Every order is for one piece. */
export const SINGLE_PIECES: OrderSizes = [{pieces: 1, probability: 1}];

/** Mean pieces of an order. Example: sizes 1, 2, 4 with 0.6, 0.25, 0.15 → 1.7. */
export function meanSize(sizes: OrderSizes): number {
  return sizes.reduce((sum, {pieces, probability}) => sum + pieces * probability, 0);
}

/**
 * Demand of negative binomially many orders, Poisson where variance and mean are one, each of random size, by Panjer's recursion:
 *
 *   P(n) = Σ (a + b · j / n) · f(j) · P(n − j)   over order sizes j,   a = 1 − mean / variance,   a + b = mean² / variance
 *
 * All terms are positive, since a + b · j / n lies between a and a + b, so it is stable; it starts at 1 instead of P(0) and is normalised
 * by its sum.
 *
 * @param orders Mean and variance of the number of orders over the period; the variance is at least the mean.
 *
 * Source: Panjer (1981), Recursive evaluation of a family of compound distributions, ASTIN Bulletin 12. Example: mean 2, variance 4, sizes
 * 1 and 2 with 0.5 each → P(0) = 0.25, P(1) = 0.125, P(2) = 0.171875; Poisson 2.2, sizes 1, 2, 4 with 0.6, 0.25, 0.15 → P(0) = e^−2.2.
 */
export function compoundPmf(
  {mean, variance}: {readonly mean: number; readonly variance: number},
  sizes: OrderSizes,
): DemandPmf {
  invariant(
    mean >= 0 && variance >= mean * (1 - 1e-9) && Number.isFinite(variance),
    'a number of orders has a finite mean, not negative, and varies at least as much',
  );
  const sorted = checkedSizes(sizes);
  const largest = sorted.at(-1)!.pieces;
  if (largest === 1 || mean === 0) return negativeBinomialPmf(mean, variance);
  const spread = Math.max(mean, variance);
  const slope = (spread - mean) / spread;
  const rest = (mean * mean) / spread - slope;
  const demandMean = mean * meanSize(sorted);

  const terms = [1];
  let peak = 1;
  let quiet = 0; // length of the run of negligible terms
  // Beyond the mean P(n) is at most the largest of the last `largest` terms: a quiet run of that length never wakes up.
  for (let n = 1; quiet < largest || n <= demandMean; n += 1) {
    let term = 0;
    for (const {pieces, probability} of sorted) {
      if (pieces > n) break;
      term += (slope + (rest * pieces) / n) * probability * terms[n - pieces]!;
    }
    terms.push(term);
    peak = Math.max(peak, term);
    quiet = term < NEGLIGIBLE * peak ? quiet + 1 : 0;
    if (term > SCALE_LIMIT) {
      for (let k = 0; k < terms.length; k += 1) terms[k]! /= SCALE_LIMIT;
      peak /= SCALE_LIMIT;
    }
  }
  const total = terms.reduceRight((sum, term) => sum + term, 0);
  return trimmed(
    Float64Array.from(terms, (term) => term / total),
    NEGLIGIBLE,
  );
}

function checkedSizes(sizes: OrderSizes): OrderSizes {
  const used = sizes.filter(({probability}) => probability > 0).sort((a, b) => a.pieces - b.pieces);
  const total = used.reduce((sum, {probability}) => sum + probability, 0);
  invariant(Math.abs(total - 1) < 1e-9, 'order-size probabilities sum to 1');
  invariant(
    used.every(({pieces}) => Number.isInteger(pieces) && pieces >= 1),
    'an order is for at least one whole piece',
  );
  return used;
}
