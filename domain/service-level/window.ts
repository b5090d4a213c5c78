import type {BusinessClock} from '../business-time.ts';
import type {SlaWindow} from '../contract-term.ts';
import {DAY_MS, daysFromCivil, epochMs, toIso} from '../time.ts';
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
  return clock.startOfDay(daysFromCivil(Math.floor(month / 12), (month % 12) + 1, 1));
}
