import {invariant} from '../../../domain/invariant.ts';
import {expectedBackorders, NEGLIGIBLE, trimmed, type DemandPmf} from './pmf.ts';

/** Orders of several pieces each: sizes with their probabilities, summing to 1. */
export type OrderSizes = readonly {readonly pieces: number; readonly probability: number}[];

/** Before a term reaches this the whole row is scaled down: e^−λ itself would vanish from λ = 745 on. */
const SCALE_LIMIT = 1e200;

/**
 * Reference function: decisions take a negative binomial background and positions of several pieces (depot-demand.ts).
 *
 * Demand of Poisson many orders, each of random size, by Panjer's recursion:
 *
 *   P(n) = (λ / n) · Σ j · f(j) · P(n − j)   over order sizes j
 *
 * All terms are positive, so it is stable; it starts at 1 instead of e^−λ and is normalised by its sum.
 *
 * @param ordersMean Mean number of orders over the period.
 *
 * Source: Panjer (1981). Example: λ = 2.2, sizes 1, 2, 4 with 0.6, 0.25, 0.15 → P(0) = e^−2.2 ≈ 0.1108, P(1) ≈ 0.1463.
 */
export function compoundPoissonPmf(ordersMean: number, sizes: OrderSizes): DemandPmf {
  invariant(
    ordersMean >= 0 && Number.isFinite(ordersMean),
    'a mean number of orders is finite and not negative',
  );
  const sorted = checkedSizes(sizes);
  const step = sorted.map(({pieces, probability}) => ordersMean * pieces * probability);
  const demandMean = step.reduce((sum, part) => sum + part, 0);
  const largest = sorted.at(-1)!.pieces;

  const terms = [1];
  let peak = 1;
  let quiet = 0; // length of the run of negligible terms
  // Beyond the mean P(n) ≤ (mean / n) · max of the last `largest` terms: a quiet run of that length never wakes up.
  for (let n = 1; quiet < largest || n <= demandMean; n += 1) {
    let sum = 0;
    for (let i = 0; i < sorted.length; i += 1) {
      const j = sorted[i]!.pieces;
      if (j > n) break;
      sum += step[i]! * terms[n - j]!;
    }
    const term = sum / n;
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

/** What a continuous-review (r, Q) policy gives customers; each measure by its own name. */
export interface BatchService {
  /** Share of time with stock on the shelf. */
  readonly readyRate: number;
  /** Share of pieces handed over at once; an order takes what is left. */
  readonly unitFillRate: number;
  /** Share of orders handed over completely at once. */
  readonly orderFillRate: number;
  /** Mean pieces owed. */
  readonly expectedBackorders: number;
}

/**
 * Reference function: no decision takes it.
 *
 * Service of an (r, Q) policy under orders of random size: when the position falls to r or below, as many batches of Q are
 * ordered as bring it above r. The position is then uniform on r + 1..r + Q, and net inventory is position less lead-time demand.
 *
 * @param leadTimeDemand Demand of these orders over one lead time.
 *
 * Source: Zipkin (2000), Foundations of Inventory Management, ch. 6.
 * Example: λL = 2.2, sizes 1, 2, 4 with 0.6, 0.25, 0.15, r = 6, Q = 3 → ready 0.8821, unit fill 0.8365, order fill 0.8331.
 */
export function batchService(
  leadTimeDemand: DemandPmf,
  sizes: OrderSizes,
  r: number,
  batch: number,
): BatchService {
  invariant(
    Number.isInteger(r) && Number.isInteger(batch) && batch >= 1,
    '(r, Q) is in whole pieces and Q is at least 1',
  );
  const sorted = checkedSizes(sizes);
  const meanSize = sorted.reduce((sum, {pieces, probability}) => sum + pieces * probability, 0);
  let ready = 0;
  let unitsFilled = 0;
  let ordersFilled = 0;
  let owed = 0;
  for (let position = r + 1; position <= r + batch; position += 1)
    owed += expectedBackorders(leadTimeDemand, position) / batch;
  for (let onHand = 1; onHand <= r + batch; onHand += 1) {
    const share = netInventoryShare(leadTimeDemand, onHand, r, batch);
    ready += share;
    for (const {pieces, probability} of sorted) {
      unitsFilled += (share * probability * Math.min(pieces, onHand)) / meanSize;
      if (pieces <= onHand) ordersFilled += share * probability;
    }
  }
  return {readyRate: ready, unitFillRate: unitsFilled, orderFillRate: ordersFilled, expectedBackorders: owed};
}

/** Share of time at the given net inventory: P(D = position − onHand) averaged over the positions. */
function netInventoryShare({p}: DemandPmf, onHand: number, r: number, batch: number): number {
  let sum = 0;
  const first = Math.max(onHand, r + 1);
  const last = Math.min(r + batch, onHand + p.length - 1);
  for (let position = first; position <= last; position += 1) sum += p[position - onHand]!;
  return sum / batch;
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
