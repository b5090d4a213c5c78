import {DAY_MS, EPOCH_MS_MAX, epochMs, HOUR_MS, MINUTE_MS, SECOND_MS, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {clip} from './json.ts';
import type {Json} from './json.ts';
import {rejection} from './rejection.ts';
import type {Rejection} from './rejection.ts';

/** How a profile's sender writes time. */
export type TimeForm = 'iso' | 'epoch-ms' | 'epoch-s';

export type InstantResult =
  {readonly ok: true; readonly at: EpochMs} | {readonly ok: false; readonly rejection: Rejection};

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([Zz]|[+-]\d{2}:?\d{2})?$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
/** 1e8..1e11 s is 1973 to 5138 in seconds, and before 1973-03 in milliseconds: no live equipment sends the latter. */
const SECONDS_FROM = 1e8;
const SECONDS_TO = 1e11;

/**
 * Reads an equipment's time as the profile agreed it, and names the usual mistakes.
 *
 * Example: '2026-01-05T11:00:00+01:00' as 'iso' → 1767607200000; 1767607200 as 'epoch-ms' → epoch-seconds.
 */
export function readInstant(value: Json | undefined, form: TimeForm): InstantResult {
  if (value === undefined || value === null)
    return bad('bad-time', 'the time is missing; send it as agreed in the profile');
  if (form === 'iso') return typeof value === 'string' ? readIso(value) : numberForIso(value);
  if (typeof value === 'string') return textForEpoch(value, form);
  if (typeof value !== 'number' || !Number.isFinite(value))
    return bad('bad-time', 'the time is not a number');
  if (form === 'epoch-s') {
    if (Math.abs(value) >= SECONDS_TO)
      return bad('bad-time', `${value} is too large for seconds; it looks like milliseconds`);
    return {ok: true, at: epochMs(value * SECOND_MS)};
  }
  if (value >= SECONDS_FROM && value < SECONDS_TO) {
    return bad(
      'epoch-seconds',
      `${value} looks like seconds, milliseconds are agreed; send ${Math.round(value * SECOND_MS)}`,
    );
  }
  if (Math.abs(value) > EPOCH_MS_MAX) return bad('bad-time', `${value} ms is beyond the year 9999`);
  return {ok: true, at: epochMs(Math.floor(value))};
}

function readIso(text: string): InstantResult {
  const found = ISO.exec(text);
  if (!found) return notIso(text);
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const [hour, minute, second] = [Number(found[4]), Number(found[5]), Number(found[6] ?? 0)];
  if (
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > daysInMonth(year, month) ||
    hour > 23 ||
    minute > 59 ||
    second > 59
  ) {
    return bad('bad-time', `"${text}" is no date and time of the calendar`);
  }
  const zone = found[8];
  if (zone === undefined) {
    return bad(
      'time-without-zone',
      `"${text}" names no zone; if it is UTC end it with Z, if it is local time convert it`,
    );
  }
  const ms = Math.floor(Number(`0.${found[7] ?? '0'}`) * SECOND_MS + 1e-9);
  const local =
    daysFromCivil(year, month, day) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + ms;
  return {ok: true, at: epochMs(local - zoneMs(zone))};
}

function notIso(text: string): InstantResult {
  const asNumber = Number(text);
  if (text.trim() !== '' && Number.isFinite(asNumber)) return numberForIso(asNumber);
  return bad('bad-time', `"${clip(text)}" is not ISO 8601; send for example 2026-01-05T10:00:00.000Z`);
}

function numberForIso(value: Json): InstantResult {
  if (typeof value !== 'number' || !Number.isFinite(value))
    return bad('bad-time', 'the time is not an ISO 8601 text');
  if (value >= SECONDS_FROM && value < SECONDS_TO) {
    return bad(
      'epoch-seconds',
      `${value} looks like seconds since 1970; send "${toIso(epochMs(value * SECOND_MS))}"`,
    );
  }
  const meant =
    value >= SECONDS_TO && value < 1e14
      ? `; it looks like milliseconds, send "${toIso(epochMs(value))}"`
      : '';
  return bad('bad-time', `${value} is a number, ISO 8601 text is agreed${meant}`);
}

function textForEpoch(text: string, form: TimeForm): InstantResult {
  const unit = form === 'epoch-ms' ? 'milliseconds' : 'seconds';
  return bad('bad-time', `"${clip(text)}" is text; send the ${unit} since 1970 as a number`);
}

function zoneMs(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * HOUR_MS + Number(zone.slice(-2)) * MINUTE_MS);
}

function daysInMonth(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && leap ? 29 : DAYS_IN_MONTH[month - 1]!;
}

/** Days since 1970-01-01, proleptic Gregorian. Source: H. Hinnant, as domain/time.ts. Example: 2026-01-05 → 20458. */
function daysFromCivil(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}

function bad(reason: Rejection['reason'], detail: string): InstantResult {
  return {ok: false, rejection: rejection(reason, detail)};
}
