import {HOUR_MS} from '../../domain/time.ts';
import type {FeatureWindow, SignalBucket} from './feature-window.ts';

/** Several intervals of one signal folded into one. NaN where nothing was heard. */
export interface Summary {
  readonly n: number;
  readonly mean: number;
  readonly sd: number;
  readonly min: number;
  readonly max: number;
  /** Share of the intervals that were heard, 0 to 1. */
  readonly heard: number;
}

/**
 * The intervals that end within (asOf − fromH, asOf − toH], as one; sample-weighted.
 *
 * Means and spreads merge without the samples: m2 = m2a + m2b + d²·na·nb/n, d the difference of the means.
 * Source: Chan, Golub & LeVeque (1983), Algorithms for computing the sample variance.
 * Example: buckets {n 2, mean 1, m2 0} and {n 2, mean 3, m2 0} → mean 2, sd 1.
 */
export function summarise(window: FeatureWindow, signal: string, fromH: number, toH = 0): Summary {
  const buckets = window.buckets.get(signal) ?? [];
  const perInterval = HOUR_MS / window.gridMs;
  const end = Math.max(0, buckets.length - Math.round(toH * perInterval));
  const wanted = Math.max(1, Math.round((fromH - toH) * perInterval));
  let n = 0;
  let mean = 0;
  let m2 = 0;
  let min = Infinity;
  let max = -Infinity;
  let heard = 0;
  for (let i = Math.max(0, end - wanted); i < end; i += 1) {
    const bucket = buckets[i];
    if (!bucket || bucket.n === 0) continue;
    heard += 1;
    const total = n + bucket.n;
    const apart = bucket.mean - mean;
    m2 += bucket.m2 + (apart * apart * n * bucket.n) / total;
    mean += (apart * bucket.n) / total;
    n = total;
    min = Math.min(min, bucket.min);
    max = Math.max(max, bucket.max);
  }
  if (n === 0) return {n: 0, mean: NaN, sd: NaN, min: NaN, max: NaN, heard: 0};
  return {n, mean, sd: Math.sqrt(m2 / n), min, max, heard: heard / wanted};
}

/**
 * Least-squares trend of the interval means over the last `hours`, in units per day; NaN with fewer than three intervals.
 *
 * Example: hourly means 0, 1, 2, 3 → 24 per day.
 */
export function trendPerDay(window: FeatureWindow, signal: string, hours: number): number {
  const buckets = window.buckets.get(signal) ?? [];
  const intervalDays = window.gridMs / (24 * HOUR_MS);
  const from = Math.max(0, buckets.length - Math.round((hours * HOUR_MS) / window.gridMs));
  let count = 0;
  let sumX = 0;
  let sumY = 0;
  let sumXX = 0;
  let sumXY = 0;
  for (let i = from; i < buckets.length; i += 1) {
    const bucket: SignalBucket | null | undefined = buckets[i];
    if (!bucket || bucket.n === 0) continue;
    const x = (i - from) * intervalDays;
    count += 1;
    sumX += x;
    sumY += bucket.mean;
    sumXX += x * x;
    sumXY += x * bucket.mean;
  }
  const spread = count * sumXX - sumX * sumX;
  return count < 3 || spread === 0 ? NaN : (count * sumXY - sumX * sumY) / spread;
}
