import type {BusinessClock} from '../business-time.ts';
import type {SlaWindow} from '../contract-term.ts';
import {DAY_MS, epochMs, toIso} from '../time.ts';
import type {EpochMs} from '../time.ts';

const MONTHS: Record<SlaWindow, number> = {month: 1, quarter: 3, year: 12};

/** In local time of a clause's calendar; `to` is the first instant of the next window. */
export interface Window {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** The window that holds an instant. Example: quarter, UTC, 2026-02-10 → 2026-01-01 until before 2026-04-01. */
export function windowAt(kind: SlaWindow, clock: BusinessClock, at: number): Window {
  const size = MONTHS[kind];
  const index = Math.floor(monthOf(clock, at) / size);
  return {from: startOf(clock, index * size), to: startOf(clock, (index + 1) * size)};
}

/** The last `count` windows up to the one that holds an instant, the oldest first. */
export function windowsUntil(kind: SlaWindow, clock: BusinessClock, at: number, count: number): Window[] {
  const windows = [windowAt(kind, clock, at)];
  while (windows.length < count) windows.unshift(windowAt(kind, clock, windows[0]!.from - 1));
  return windows;
}

/** Months since the year 0 of the local date at an instant. */
function monthOf(clock: BusinessClock, at: number): number {
  const date = toIso(epochMs(clock.localDay(at) * DAY_MS));
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
}

function startOf(clock: BusinessClock, month: number): EpochMs {
  return clock.startOfDay(daysFromCivil(Math.floor(month / 12), (month % 12) + 1));
}

/** Days from 1970-01-01 to the first of a month. Source: H. Hinnant, "chrono-compatible low-level date algorithms". */
function daysFromCivil(year: number, month: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5);
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
