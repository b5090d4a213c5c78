import {invariant} from '../../../domain/invariant.ts';

/**
 * How many pieces will be asked for, as probabilities.
 *
 * Every distribution here is cut where its terms no longer matter (`NEGLIGIBLE`), so `tail` is far below rounding; it is
 * kept so that nobody has to believe that.
 */
export interface DemandPmf {
  /** p[i] = P(D = i), for i = 0..length − 1. */
  readonly p: Float64Array;
  /** At most P(D ≥ length). */
  readonly tail: number;
}

/** Terms below this are dropped: even weighted by a million pieces they stay far under 1e-16. */
export const NEGLIGIBLE = 1e-30;

/**
 * Slack when a cumulative probability is compared with a wanted level, so that P(D ≤ 3) = 0.9 written in decimals counts as
 * reaching 0.9 although its binary sum may end at 0.8999999999999999.
 */
const LEVEL_SLACK = 1e-12;

/** No demand at all: P(D = 0) = 1. */
export const NO_DEMAND: DemandPmf = {p: Float64Array.of(1), tail: 0};

/** Expected demand, in pieces. Example: P = (0.504, 0.398, 0.092, 0.006) → 0.6. */
export function mean({p, tail}: DemandPmf): number {
  let sum = tail * p.length;
  for (let i = p.length - 1; i > 0; i -= 1) sum += i * p[i]!;
  return sum;
}

/** Variance of demand, in pieces². Summed around the mean, where E[D²] − E[D]² would cancel. */
export function variance(pmf: DemandPmf): number {
  const {p, tail} = pmf;
  const centre = mean(pmf);
  let sum = tail * (p.length - centre) ** 2;
  for (let i = p.length - 1; i >= 0; i -= 1) sum += (i - centre) ** 2 * p[i]!;
  return sum;
}

/** P(D ≤ s). Zero below zero. */
export function cdf({p, tail}: DemandPmf, s: number): number {
  if (s < 0) return 0;
  if (s >= p.length - 1) return 1 - tail;
  let sum = 0;
  for (let i = 0; i <= s; i += 1) sum += p[i]!;
  return Math.min(1, sum);
}

/** Smallest S with P(D ≤ S) ≥ level, in pieces. Example: Poisson mean 1, level 0.95 → 3 (P(D ≤ 2) = 0.9197). */
export function quantile({p}: DemandPmf, level: number): number {
  invariant(level >= 0 && level < 1, 'a service level is within 0..1, 1 excluded');
  const wanted = level - LEVEL_SLACK;
  let sum = 0;
  for (let s = 0; s < p.length; s += 1) {
    sum += p[s]!;
    if (sum >= wanted) return s;
  }
  return p.length - 1;
}

/**
 * Expected backorders at base stock s, in pieces; s may be negative (units already owed).
 *
 *   EBO(s) = Σ (x − s) · P(D = x)   over x > s
 *
 * Source: Sherbrooke (2004), Optimal Inventory Modeling of Systems, ch. 2. Example: Poisson mean 1, s = 1 → e⁻¹ ≈ 0.3679.
 */
export function expectedBackorders(pmf: DemandPmf, s: number): number {
  if (s <= 0) return mean(pmf) - s;
  const {p, tail} = pmf;
  let sum = tail * Math.max(0, p.length - s);
  for (let x = p.length - 1; x > s; x -= 1) sum += (x - s) * p[x]!;
  return sum;
}

/**
 * Expected backorders at every base stock 0..sMax at once, in one pass from the top:
 * EBO(s) = EBO(s + 1) + P(D > s), which only ever adds positive terms.
 */
export function backorderCurve({p, tail}: DemandPmf, sMax: number): Float64Array {
  const curve = new Float64Array(sMax + 1);
  let above = tail; // P(D > s)
  let expected = 0;
  for (let s = p.length - 1; s >= 0; s -= 1) {
    expected += above;
    if (s <= sMax) curve[s] = expected;
    above += p[s]!;
  }
  return curve;
}

/** Expected stock on hand at base stock s, in pieces: Σ (s − x) · P(D = x) over x < s. On hand − EBO = s − mean. */
export function expectedOnHand({p}: DemandPmf, s: number): number {
  let sum = 0;
  for (let x = 0; x < p.length && x < s; x += 1) sum += (s - x) * p[x]!;
  return sum;
}

/** Variance of the backorders at base stock s ≥ 0, in pieces²: E[((D − s)⁺)²] − EBO(s)². */
export function varianceOfBackorders(pmf: DemandPmf, s: number): number {
  const {p, tail} = pmf;
  const expected = expectedBackorders(pmf, s);
  let sum = tail * Math.max(0, p.length - s) ** 2;
  for (let x = p.length - 1; x >= 0; x -= 1) sum += (Math.max(0, x - s) - expected) ** 2 * p[x]!;
  return sum;
}

/** Distribution of the sum of two independent demands. Cost: product of the two lengths. */
export function convolve(a: DemandPmf, b: DemandPmf): DemandPmf {
  const [short, long] = a.p.length <= b.p.length ? [a.p, b.p] : [b.p, a.p];
  if (short.length === 1 && short[0] === 1) return trimmed(long, a.tail + b.tail); // no demand adds nothing
  const sum = new Float64Array(short.length + long.length - 1);
  for (let i = 0; i < short.length; i += 1) {
    const weight = short[i]!;
    if (weight === 0) continue;
    for (let j = 0; j < long.length; j += 1) sum[i + j]! += weight * long[j]!;
  }
  return trimmed(sum, a.tail + b.tail);
}

/** The same demand plus a number of pieces that are certain. */
export function shift({p, tail}: DemandPmf, pieces: number): DemandPmf {
  const moved = new Float64Array(p.length + pieces);
  moved.set(p, pieces);
  return {p: moved, tail};
}

/**
 * One of several demands, chosen by weight: an uncertain lead time, or a common cause that moves all machines together.
 * Dependence belongs in such scenarios, never into the single probabilities.
 *
 * @param scenarios Weights are at least 0 and sum to 1.
 */
export function mixture(
  scenarios: readonly {readonly weight: number; readonly demand: DemandPmf}[],
): DemandPmf {
  const length = scenarios.reduce((longest, {demand}) => Math.max(longest, demand.p.length), 1);
  const sum = new Float64Array(length);
  let tail = 0;
  let total = 0;
  for (const {weight, demand} of scenarios) {
    invariant(weight >= 0, 'a scenario weight is at least 0');
    total += weight;
    tail += weight * demand.tail;
    for (let i = 0; i < demand.p.length; i += 1) sum[i]! += weight * demand.p[i]!;
  }
  invariant(Math.abs(total - 1) < 1e-9, 'scenario weights sum to 1');
  return trimmed(sum, tail);
}

/** Moves negligible terms at the upper end into the tail. */
export function trimmed(p: Float64Array, tail: number): DemandPmf {
  let length = p.length;
  let dropped = tail;
  while (length > 1 && p[length - 1]! < NEGLIGIBLE) {
    dropped += p[length - 1]!;
    length -= 1;
  }
  return {p: p.subarray(0, length), tail: dropped};
}
