import {HOUR_MS, YEAR_DAYS, toIso} from '../../../domain/time.ts';
import type {EpochMs} from '../../../domain/time.ts';
import {nextMonth} from './calendar-month.ts';
import {seasonPace} from './season.ts';
import type {Season} from './season.ts';

const YEAR_H = YEAR_DAYS * 24;

/** Expected pieces of a calendar month, UTC; of the first one, of what is left of it. */
export interface MonthlyDemand {
  /** '2026-01'. */
  readonly month: string;
  readonly pieces: number;
}

/**
 * Expected demand month by month from `from` on: the yearly rate over the hours of each, times its season.
 *
 * Example: 12 a year without a season, from 5 January 00:00 → January 12 · 27 / 365.25 = 0.887, February 12 · 28 / 365.25 = 0.920.
 *
 * @param perYear Pieces a year (365.25 days).
 */
export function monthlyDemand(
  {perYear, season}: {readonly perYear: number; readonly season: Season | null},
  from: EpochMs,
  months: number,
): readonly MonthlyDemand[] {
  const worthH = season === null ? (hours: number) => hours : seasonPace(season, from);
  const demand: MonthlyDemand[] = [];
  let at = from;
  let before = 0;
  while (demand.length < months) {
    const end = nextMonth(at);
    const until = worthH((end - from) / HOUR_MS);
    demand.push({month: toIso(at).slice(0, 7), pieces: (perYear * (until - before)) / YEAR_H});
    before = until;
    at = end;
  }
  return demand;
}
