import {z} from 'zod';

/** 0001-01-01T00:00:00.000Z: the first instant that ISO 8601 writes with four digits of year. */
export const EPOCH_MS_MIN = -62_135_596_800_000;
/** 9999-12-31T23:59:59.999Z: the last one. */
export const EPOCH_MS_MAX = 253_402_300_799_999;

/** Milliseconds since 1970-01-01T00:00:00Z. On the wire time is ISO 8601 in UTC; inside it is this. */
export const EpochMs = z.int().min(EPOCH_MS_MIN).max(EPOCH_MS_MAX).brand<'EpochMs'>();
export type EpochMs = z.infer<typeof EpochMs>;

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** The Julian year, as rates per year mean it. */
export const YEAR_DAYS = 365.25;

/** Casts a number already known to be whole milliseconds. */
export function epochMs(value: number): EpochMs {
  return Math.round(value) as EpochMs;
}

export function plusMs(at: EpochMs, ms: number): EpochMs {
  return Math.round(at + ms) as EpochMs;
}

/** Days since 1970-01-01 to (year, month, day), proleptic Gregorian, without Date: the core has no clock to lean on.
 *  Source: H. Hinnant, "chrono-compatible low-level date algorithms". */
function civilFromDays(days: number): readonly [number, number, number] {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day];
}

/** Days from 1970-01-01 to a date, the inverse of `civilFromDays`. Example: 1970, 2, 1 → 31. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The first instant of a date in UTC. Example: '1970-01-02' → 86,400,000. */
export function startOfDate(date: string): EpochMs {
  const [year = NaN, month = NaN, day = NaN] = date.split('-').map(Number);
  return epochMs(daysFromCivil(year, month, day) * DAY_MS);
}

/** The instant that a text in UTC names. Example: '1970-01-02T00:30:00Z' → 88,200,000. */
export function instantOf(iso: string): EpochMs {
  const [date = '', time = ''] = iso.replace('Z', '').split('T');
  const [hour = NaN, minute = NaN, second = 0] = time.split(':').map(Number);
  return epochMs(startOfDate(date) + hour * HOUR_MS + minute * MINUTE_MS + Math.round(second * SECOND_MS));
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

const TWO_DIGITS = Array.from({length: 60}, (_, i) => pad(i, 2));
let lastDay = NaN;
let lastDate = '';

/** Most instants in a row are of one day. */
function dateOf(days: number): string {
  if (days !== lastDay) {
    const [year, month, day] = civilFromDays(days);
    lastDate = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
    lastDay = days;
  }
  return lastDate;
}

/** ISO 8601 in UTC with milliseconds. Example: 0 → '1970-01-01T00:00:00.000Z'. */
export function toIso(at: EpochMs): string {
  const days = Math.floor(at / DAY_MS);
  const ms = at - days * DAY_MS;
  const hour = TWO_DIGITS[Math.floor(ms / HOUR_MS)]!;
  const minute = TWO_DIGITS[Math.floor(ms / MINUTE_MS) % 60]!;
  const second = TWO_DIGITS[Math.floor(ms / SECOND_MS) % 60]!;
  return `${dateOf(days)}T${hour}:${minute}:${second}.${pad(ms % SECOND_MS, 3)}Z`;
}

/** For people: '2026-01-05 10:00 UTC'. */
export function toMinute(at: EpochMs): string {
  return `${toIso(at).slice(0, 16).replace('T', ' ')} UTC`;
}
