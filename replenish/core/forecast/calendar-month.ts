import {DAY_MS, epochMs, toIso} from '../../../domain/time.ts';
import type {EpochMs} from '../../../domain/time.ts';

/** Days of a mean month: rates are per month of this length, whatever the calendar says. */
export const MONTH_DAYS = 365.25 / 12;

/** The first instant (UTC) of the month that holds `at`. Example: 2026-02-14T10:00Z → 2026-02-01T00:00Z. */
export function monthStart(at: number): EpochMs {
  const day = Number(toIso(epochMs(at)).slice(8, 10));
  return epochMs((Math.floor(at / DAY_MS) - (day - 1)) * DAY_MS);
}

/** The first instant of the month after. Example: 2026-02-14T10:00Z → 2026-03-01T00:00Z. */
export function nextMonth(at: number): EpochMs {
  return monthStart(monthStart(at) + 32 * DAY_MS);
}

/** Month of the year in UTC, 0 (January) to 11. */
export function monthOfYear(at: number): number {
  return Number(toIso(epochMs(at)).slice(5, 7)) - 1;
}
