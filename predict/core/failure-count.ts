import type {Probability} from '../../domain/quantity.ts';

/** Cases less likely than this are left out at both ends; all of them together stay far below any question asked here. */
const NEGLIGIBLE = 1e-18;

/** How many of some components fail, if their stated probabilities are right: exact, one component at a time. */
export interface FailureCount {
  /** Of the first member of `p`. */
  readonly from: number;
  /** p[i] = P(exactly from + i fail). */
  readonly p: readonly number[];
}

/**
 *   P_n(k) = P_{n−1}(k) · (1 − p_n) + P_{n−1}(k − 1) · p_n
 *
 * Source: Barlow & Heidtmann (1984), Computing k-out-of-n system reliability. Example: (0.1, 0.2, 0.3) → 0.504, 0.398, 0.092, 0.006.
 */
export function failureCount(probabilities: Iterable<Probability>): FailureCount {
  let from = 0;
  let p: number[] = [1];
  for (const fails of probabilities) {
    const next = new Array<number>(p.length + 1);
    next[0] = p[0]! * (1 - fails);
    for (let k = 1; k < p.length; k += 1) next[k] = p[k]! * (1 - fails) + p[k - 1]! * fails;
    next[p.length] = p[p.length - 1]! * fails;
    let low = 0;
    let high = next.length;
    while (low < high - 1 && next[low]! < NEGLIGIBLE) low += 1;
    while (high - 1 > low && next[high - 1]! < NEGLIGIBLE) high -= 1;
    from += low;
    p = low === 0 && high === next.length ? next : next.slice(low, high);
  }
  return {from, p};
}

/**
 * The counts between which the number of failures lies with at least `level`, half of the rest at most on either side.
 *
 * Example: (0.1, 0.2, 0.3) at 0.9 → 0 to 2: P(3) = 0.006, and P(2 or more) = 0.098 is more than 0.05.
 */
export function countInterval(
  {from, p}: FailureCount,
  level: Probability,
): {readonly low: number; readonly high: number} {
  const tail = (1 - level) / 2;
  let low = 0;
  let high = p.length - 1;
  for (let below = p[low]!; below <= tail && low < high; below += p[low]!) low += 1;
  for (let above = p[high]!; above <= tail && high > low; above += p[high]!) high -= 1;
  return {low: from + low, high: from + high};
}
