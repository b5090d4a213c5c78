import {z} from 'zod';
import type {Result} from './result.ts';
import {ok, refused} from './result.ts';
import {DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, epochMs, toIso} from './time.ts';
import type {EpochMs} from './time.ts';
import {invariant} from './invariant.ts';

/** When a contract's clock runs: hours of the week in a time zone, holidays left out. */
export interface Calendar {
  readonly calendarId: string;
  /** IANA name: 'Europe/Warsaw'. */
  readonly timeZone: string;
  /** 'Mon-Fri 08:00-12:00 13:00-17:00; Sat 09:00-12:00' in local time. */
  readonly hours: string;
  /** Local dates without open hours: '2026-12-25'. */
  readonly holidays: readonly string[];
}

/** The clock of contracts that name no calendar: every hour counts. */
export const ALWAYS: Calendar = {
  calendarId: 'always',
  timeZone: 'UTC',
  hours: 'Mon-Sun 00:00-24:00',
  holidays: [],
};

const DAY_NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const WEEK_DAYS = 7;
const DAY_MINUTES = 24 * 60;
/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 4;

interface Span {
  readonly fromMin: number;
  readonly toMin: number;
}
/** Open spans of each weekday, Sunday first, in minutes of the local day. */
type Week = readonly (readonly Span[])[];

const RULE =
  /^(Sun|Mon|Tue|Wed|Thu|Fri|Sat)(?:-(Sun|Mon|Tue|Wed|Thu|Fri|Sat))?((?: \d\d:[0-5]\d-\d\d:[0-5]\d)+)$/;

/** Open spans of a week from its text; what is wrong with it otherwise. */
function parseHours(text: string): Result<Week> {
  const week: Span[][] = DAY_NAMES.map(() => []);
  for (const rule of text.split(';').map((each) => each.trim().replaceAll(/ +/g, ' '))) {
    const [, from, to = from, spans] = RULE.exec(rule) ?? [];
    if (from === undefined || to === undefined || spans === undefined)
      return refused('bad-hours', `"${rule}" is no rule of hours`);
    const first = DAY_NAMES.indexOf(from);
    const days = ((DAY_NAMES.indexOf(to) - first + WEEK_DAYS) % WEEK_DAYS) + 1;
    for (const span of spans.trim().split(' ').map(parseSpan)) {
      if (span === null) return refused('bad-hours', `"${rule}" has hours that do not end after they begin`);
      for (let day = 0; day < days; day += 1) week[(first + day) % WEEK_DAYS]!.push(span);
    }
  }
  for (const spans of week) {
    spans.sort((a, b) => a.fromMin - b.fromMin);
    if (spans.some((span, i) => i > 0 && span.fromMin < spans[i - 1]!.toMin))
      return refused('bad-hours', 'has hours that overlap');
  }
  return ok(week);
}

function parseSpan(text: string): Span | null {
  const [from, to] = text.split('-').map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
  return from! < to! && to! <= DAY_MINUTES ? {fromMin: from!, toMin: to!} : null;
}

/** What is wrong with a calendar and how to mend it; null when nothing is. Example: hours 'Mon-Fri 8-5' → '"Mon-Fri 8-5" is no rule of hours'. */
export function calendarMistake({
  timeZone,
  hours,
  holidays,
}: Calendar): {readonly what: string; readonly nextStep: string} | null {
  const week = parseHours(hours);
  if (!week.ok)
    return {what: week.detail, nextStep: 'write hours as "Mon-Fri 08:00-12:00 13:00-17:00; Sat 09:00-12:00"'};
  const bad = holidays.find((date) => !z.iso.date().safeParse(date).success);
  if (bad !== undefined) return {what: `holiday "${bad}" is no date`, nextStep: 'write it as 2026-12-25'};
  try {
    new Intl.DateTimeFormat('en-US', {timeZone});
    return null;
  } catch {
    return {
      what: `"${timeZone}" is no time zone`,
      nextStep: 'write an IANA name such as Europe/Warsaw',
    };
  }
}

/** Days whose open spans are kept: over ten years, so that a year's window is worked out once. */
const DAYS_KEPT_MAX = 4000;

type Interval = readonly [from: number, to: number];

/** A time in which a clock stands still, epoch ms. */
export interface Suspension {
  readonly from: number;
  readonly to: number;
}

/**
 * A clock that runs in open hours only. Local days keep their length: an open night on which summer time begins has an hour less.
 *
 * Example: Mon-Fri 08:00-17:00 in Warsaw: from Friday 16:00 the clock has run 2 h on Monday at 09:00.
 */
export class BusinessClock {
  /** Share of a week without holidays in which the clock runs. */
  readonly weekShare: number;
  readonly #week: Week;
  readonly #holidays: ReadonlySet<string>;
  /** Null for UTC, which needs none. */
  readonly #zone: Intl.DateTimeFormat | null;
  readonly #open = new Map<number, readonly Interval[]>();
  readonly #offsets = new Map<number, number>();
  readonly #always: boolean;
  readonly #calendar: Calendar;
  readonly #suspensions: readonly Suspension[];

  /** @param suspensions Beside what the calendar says; finite, so that the clock runs again. */
  constructor(calendar: Calendar, suspensions: readonly Suspension[] = []) {
    this.#calendar = calendar;
    this.#suspensions = suspensions;
    const week = parseHours(calendar.hours);
    invariant(week.ok, 'a calendar was checked when it was imported');
    this.#week = week.value;
    this.#holidays = new Set(calendar.holidays);
    const {timeZone} = calendar;
    this.#zone =
      timeZone === 'UTC' ? null : new Intl.DateTimeFormat('en-US', {timeZone, timeZoneName: 'longOffset'});
    const minutes = week.value.flat().reduce((sum, {fromMin, toMin}) => sum + toMin - fromMin, 0);
    this.weekShare = minutes / (WEEK_DAYS * DAY_MINUTES);
    this.#always = this.weekShare === 1 && this.#holidays.size === 0 && suspensions.length === 0;
  }

  /** The clock with these times left out; itself where there are none. */
  without(suspensions: readonly Suspension[]): BusinessClock {
    return suspensions.length === 0
      ? this
      : new BusinessClock(this.#calendar, [...this.#suspensions, ...suspensions]);
  }

  /** Share of the week from an instant on in which the clock runs: that of any week, unless it is suspended in this one. */
  shareFrom(at: number): number {
    const until = at + WEEK_DAYS * DAY_MS;
    const isSuspended = this.#suspensions.some(({from, to}) => from < until && to > at);
    return isSuspended ? this.hoursBetween(at, until) / (WEEK_DAYS * 24) : this.weekShare;
  }

  /** Hours that the clock runs between two instants; 0 where they are the other way round. */
  hoursBetween(from: number, to: number): number {
    if (to <= from) return 0;
    if (this.#always) return (to - from) / HOUR_MS;
    let open = 0;
    for (let day = this.localDay(from); day <= this.localDay(to); day += 1)
      for (const [opens, closes] of this.#openOn(day))
        open += Math.max(0, Math.min(to, closes) - Math.max(from, opens));
    return open / HOUR_MS;
  }

  /** The first instant at which the clock has run so many hours since `from`. */
  after(from: number, hours: number): EpochMs {
    if (this.#always) return epochMs(from + hours * HOUR_MS);
    let left = Math.round(hours * HOUR_MS);
    if (left === 0) return epochMs(from);
    // A week has open hours and holidays are a list, so this ends: at the latest a week of days behind the last holiday and the hours.
    for (let day = this.localDay(from); ; day += 1) {
      for (const [opens, closes] of this.#openOn(day)) {
        const open = Math.max(0, closes - Math.max(from, opens));
        if (left <= open) return epochMs(Math.max(from, opens) + left);
        left -= open;
      }
    }
  }

  /** Days since 1970-01-01 of the local date at an instant. */
  localDay(at: number): number {
    return Math.floor((at + this.#offsetMs(at)) / DAY_MS);
  }

  /** The instant at which a local day begins. */
  startOfDay(day: number): EpochMs {
    return epochMs(this.#instantOf(day * DAY_MS));
  }

  #openOn(day: number): readonly Interval[] {
    const known = this.#open.get(day);
    if (known !== undefined) return known;
    const weekday = (((day + EPOCH_WEEKDAY) % WEEK_DAYS) + WEEK_DAYS) % WEEK_DAYS;
    const closed = this.#holidays.has(toIso(epochMs(day * DAY_MS)).slice(0, 10));
    const open: readonly Interval[] = closed
      ? []
      : this.#week[weekday]!.map(({fromMin, toMin}): Interval => [
          this.#instantOf(day * DAY_MS + fromMin * MINUTE_MS),
          this.#instantOf(day * DAY_MS + toMin * MINUTE_MS),
        ]);
    const running = this.#suspensions.reduce(cutOut, open);
    if (this.#open.size >= DAYS_KEPT_MAX) this.#open.clear();
    this.#open.set(day, running);
    return running;
  }

  /** The instant of a local time. Of one that comes twice the first; one that is left out is the instant of the change. */
  #instantOf(local: number): number {
    const before = this.#offsetMs(local - DAY_MS);
    const behind = this.#offsetMs(local + DAY_MS);
    if (before === behind) return local - before;
    const candidates = [before, behind]
      .filter((offset) => this.#offsetMs(local - offset) === offset)
      .map((offset) => local - offset);
    if (candidates.length > 0) return Math.min(...candidates);
    let [low, high] = [local - behind, local - before];
    while (high - low > SECOND_MS) {
      const middle = Math.floor((low + high) / 2 / SECOND_MS) * SECOND_MS;
      if (this.#offsetMs(middle) === before) low = middle;
      else high = middle;
    }
    return high;
  }

  /** Asking the zone is dear: a day whose two ends have one offset has it throughout. */
  #offsetMs(at: number): number {
    if (this.#zone === null) return 0;
    const day = Math.floor(at / DAY_MS);
    const begins = this.#offsetAtStart(day);
    return begins === this.#offsetAtStart(day + 1) ? begins : askOffset(this.#zone, at);
  }

  #offsetAtStart(utcDay: number): number {
    let offset = this.#offsets.get(utcDay);
    if (offset === undefined) {
      offset = askOffset(this.#zone!, utcDay * DAY_MS);
      if (this.#offsets.size >= DAYS_KEPT_MAX) this.#offsets.clear();
      this.#offsets.set(utcDay, offset);
    }
    return offset;
  }
}

/** Example: 08:00-17:00 without 10:00-12:00 → 08:00-10:00 and 12:00-17:00. */
function cutOut(open: readonly Interval[], {from, to}: Suspension): readonly Interval[] {
  return open.flatMap(
    ([opens, closes]) =>
    ([[opens, Math.min(closes, from)], [Math.max(opens, to), closes]] as const).filter(([a, b]) => a < b), // prettier-ignore
  );
}

function askOffset(zone: Intl.DateTimeFormat, at: number): number {
  const text = zone.formatToParts(at).find(({type}) => type === 'timeZoneName')!.value;
  const [, sign, hours, minutes, seconds = '0'] = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  if (hours === undefined) return 0; // 'GMT' alone
  const size = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS;
  return sign === '-' ? -size : size;
}
