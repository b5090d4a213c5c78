import {invariant} from '../../../domain/invariant.ts';
import type {DelayLaw} from './delay-law.ts';
import {normalQuantile} from '../probability/normal.ts';

/** Points of a law made from a mean and a spread: enough that its 95 % quantile is one of them. */
const POINTS = 40;

/** A law with a larger deviation has the shape of this one, the exponential: the approximation breaks beyond. */
const CV_MAX = 1;
/** Below this share of the mean a deviation is rounding: seconds in a year. */
const CV_MIN = 1e-6;

/** Standard normal at the middle of each of the points' shares. */
const MIDDLES = Array.from({length: POINTS}, (_, i) => normalQuantile((i + 0.5) / POINTS));

/**
 * The delays against its mean of a gamma lead time with mean and deviation as typed in master data, as equally likely points
 * with exactly this deviation.
 *
 *   quantile(z) = mean · (1 − cv²/9 + z · cv/3)³, then stretched to the deviation
 *
 * Source: Wilson & Hilferty (1931) for the gamma quantile. Example: mean 10 d, deviation 0 → one point at 0.
 */
export function plannedDelays(meanDays: number, sdDays: number): DelayLaw {
  invariant(meanDays > 0 && sdDays >= 0, 'a lead time has a mean above 0 and no negative deviation');
  if (sdDays < CV_MIN * meanDays) return [{days: 0, weight: 1}];
  const cv = Math.min(CV_MAX, sdDays / meanDays);
  const raw = MIDDLES.map((z) => meanDays * Math.max(0, 1 - cv ** 2 / 9 + (z * cv) / 3) ** 3);
  const mean = raw.reduce((sum, days) => sum + days, 0) / POINTS;
  const sd = Math.sqrt(raw.reduce((sum, days) => sum + (days - mean) ** 2, 0) / POINTS);
  return raw.map((days) => ({days: ((days - mean) * sdDays) / sd, weight: 1 / POINTS}));
}

/**
 * Mean and standard deviation of the lead time behind these delays, days. None is shorter than a tenth of the plan: a supplier
 * that delivers other parts weeks early does not deliver this one before it is ordered.
 *
 * Example: plan 10 d, half on time and half 4 d late → mean 12, deviation 2.
 */
export function leadTimeMoments(law: DelayLaw, planDays: number): {meanDays: number; sdDays: number} {
  const times = law.map(({days, weight}) => ({days: Math.max(planDays / 10, planDays + days), weight}));
  const meanDays = times.reduce((sum, {days, weight}) => sum + weight * days, 0);
  const variance = times.reduce((sum, {days, weight}) => sum + weight * (days - meanDays) ** 2, 0);
  return {meanDays, sdDays: Math.sqrt(Math.max(0, variance))};
}

/**
 * The same law in at most `pointsMax` points, equally likely ones at the upper ends of their shares: its quantiles stay, and its
 * mean rises by less than a share.
 */
export function thinned(law: DelayLaw, pointsMax: number): DelayLaw {
  if (law.length <= pointsMax) return law;
  const points: {days: number; weight: number}[] = [];
  let weight = 0;
  let sum = 0;
  for (const [i, point] of law.entries()) {
    weight += point.weight;
    sum += point.weight;
    if (sum < (points.length + 1) / pointsMax - 1e-12 && i < law.length - 1) continue;
    points.push({days: point.days, weight});
    weight = 0;
  }
  return points;
}
