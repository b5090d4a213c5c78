import {HOUR_MS} from '../../../domain/time.ts';
import {monthOfYear, nextMonth} from './calendar-month.ts';
import {excessVariance} from './excess-variance.ts';
import type {SeenAgainstExpected} from './excess-variance.ts';

/** Demand of each month of the year, January first, over that of the mean month. They average 1. */
export type Season = readonly number[];

export const NO_SEASON: Season = Array.from({length: 12}, () => 1);

/** What one part was asked for in each month of the year, over all depots and years, and what its yearly rate expected. */
export type MonthCells = readonly SeenAgainstExpected[];

/**
 * Monthly factors of each part, shrunk to 1 as far as its own demand cannot carry them:
 *
 *   factor = 1 + z · (seen / expected − 1),  z = τ² / (τ² + spread / expected)
 *
 * τ² is how seasonal the parts of the network are altogether (`excessVariance`); where the months differ by no more than chance,
 * every factor is 1 exactly.
 *
 * Source: Bühlmann & Straub (1970). Example: 60 seen where 30 were expected, spread 1, τ² 0.3 → z = 0.3 / (0.3 + 1/30) = 0.9: factor 1.9.
 */
export function seasonFactors(parts: readonly MonthCells[]): Season[] {
  const between = excessVariance(parts.flat());
  return parts.map((cells) => {
    if (between === 0 || cells.length !== 12) return NO_SEASON;
    const raw = cells.map(({seen, expected, spread}) => {
      if (expected === 0) return 1;
      const credibility = between / (between + spread / expected);
      return 1 + credibility * (seen / expected - 1);
    });
    const mean = raw.reduce((sum, factor) => sum + factor, 0) / 12;
    return raw.map((factor) => factor / mean);
  });
}

/**
 * Hours of mean demand that the next hours are worth: the integral of the factors from `now`.
 *
 * Example: a factor of 2 in January and 10/11 else; 48 h from 30 January 00:00 are worth 96 h, and 24 h more 21.8.
 */
export function seasonPace(season: Season, now: number): (hours: number) => number {
  // Ends of months, found as far ahead as they are asked for: a decision looks a few months ahead.
  const ends = [{at: now, worth: 0}];
  return (hours) => {
    const until = now + hours * HOUR_MS;
    for (let i = 0; ; i += 1) {
      const from = ends[i]!;
      const factor = season[monthOfYear(from.at)]!;
      ends[i + 1] ??= {at: nextMonth(from.at), worth: 0};
      const end = ends[i + 1]!;
      if (until <= end.at) return from.worth + (factor * (until - from.at)) / HOUR_MS;
      end.worth = from.worth + (factor * (end.at - from.at)) / HOUR_MS;
    }
  };
}
