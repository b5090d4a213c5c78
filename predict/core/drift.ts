import {invariant} from '../../domain/invariant.ts';

/** Steps of the exact Kolmogorov–Smirnov count; about a quarter of a second. */
const KS_STEPS_MAX = 25_000_000;

/**
 * Population stability index between two samples over bins split at `edges` (each bin [from, to)), shares floored.
 *
 *   PSI = Σ (current − reference) · ln(current / reference)
 *
 * Example: halves 0.5/0.5 against 0.6/0.4 → 0.0405. 0.1 and 0.25 are customary limits, not laws.
 *
 * @param floor Smallest share of a bin, so that an empty one stays finite.
 */
export function populationStability(
  reference: readonly number[],
  current: readonly number[],
  edges: readonly number[],
  floor: number,
): number {
  const before = binShares(reference, edges);
  const now = binShares(current, edges);
  return before.reduce((sum, share, bin) => {
    const a = Math.max(floor, share);
    const b = Math.max(floor, now[bin]!);
    return sum + (b - a) * Math.log(b / a);
  }, 0);
}

function binShares(sample: readonly number[], edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of sample) {
    const bin = edges.findIndex((edge) => value < edge);
    counts[bin < 0 ? edges.length : bin]! += 1;
  }
  return counts.map((count) => count / sample.length);
}

/**
 * Kolmogorov–Smirnov: largest distance between two empirical distributions, and how often chance alone gives as much.
 * The p-value is exact: the share of ways to interleave the two samples that keep below the distance, step by step.
 *
 * Source: Hodges (1958), The significance probability of the Smirnov two-sample test. Example: [1, 2] against [3, 4] → 1, p = ⅓.
 */
export function kolmogorovSmirnov(
  reference: readonly number[],
  current: readonly number[],
): {readonly statistic: number; readonly pValue: number} {
  invariant(
    reference.length * current.length <= KS_STEPS_MAX,
    'an exact Kolmogorov–Smirnov test has at most 25 million steps',
  );
  const a = ascending(reference);
  const b = ascending(current);
  let statistic = 0;
  walkTogether(a, b, (i, j) => {
    statistic = Math.max(statistic, Math.abs(i / a.length - j / b.length));
  });
  return {statistic, pValue: 1 - shareBelow(a.length, b.length, statistic)};
}

/** Share of interleavings whose distance stays below the limit throughout. */
function shareBelow(n: number, m: number, limit: number): number {
  const below = limit * n * m - 0.5; // distances are whole multiples of 1 / (n·m)
  const row = new Float64Array(m + 1);
  for (let i = 0; i <= n; i += 1) {
    for (let j = 0; j <= m; j += 1) {
      if (Math.abs(i * m - j * n) > below) row[j] = 0;
      else if (i + j === 0) row[j] = 1;
      else row[j] = (i * row[j]! + (j > 0 ? j * row[j - 1]! : 0)) / (i + j);
    }
  }
  return row[m]!;
}

/** Earth mover's distance in one dimension: area between the two empirical distributions. Example: [0, 1] against [1, 2] → 1. */
export function wasserstein(reference: readonly number[], current: readonly number[]): number {
  const a = ascending(reference);
  const b = ascending(current);
  let area = 0;
  let from: number | undefined;
  let gap = 0;
  walkTogether(a, b, (i, j, at) => {
    if (from !== undefined) area += gap * (at - from);
    from = at;
    gap = Math.abs(i / a.length - j / b.length);
  });
  return area;
}

/** Visits every distinct value with the counts of both samples up to and including it. */
function walkTogether(
  a: readonly number[],
  b: readonly number[],
  visit: (i: number, j: number, at: number) => void,
): void {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const at = Math.min(a[i] ?? Infinity, b[j] ?? Infinity);
    while (i < a.length && a[i] === at) i += 1;
    while (j < b.length && b[j] === at) j += 1;
    visit(i, j, at);
  }
}

function ascending(sample: readonly number[]): number[] {
  invariant(sample.length > 0 && sample.every(Number.isFinite), 'a sample has values and they are finite');
  return [...sample].sort((x, y) => x - y);
}
