import type {SignalBucket} from './feature-window.ts';

/**
 * Aggregates values in the order given. The caller sorts them by (observed-at, message key), so that the last bits do not
 * depend on the order of arrival.
 *
 * Source of the recurrence: Welford (1962), Technometrics 4.
 * Example: [1, 2, 6] → n 3, mean 3, m2 14, min 1, max 6, last 6.
 */
export function aggregate(values: readonly number[]): SignalBucket | null {
  if (values.length === 0) return null;
  let n = 0;
  let mean = 0;
  let m2 = 0;
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    n += 1;
    const delta = value - mean;
    mean += delta / n;
    m2 += delta * (value - mean);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return {n, mean, m2, min, max, last: values[values.length - 1]!};
}
