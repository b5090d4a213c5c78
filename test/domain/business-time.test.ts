import {describe, expect, it} from 'vitest';
import {ALWAYS, BusinessClock, calendarMistake} from '../../domain/business-time.ts';
import {HOUR_MS} from '../../domain/time.ts';

const WARSAW = {calendarId: 'waw', timeZone: 'Europe/Warsaw', holidays: [] as string[]};
const office = new BusinessClock({...WARSAW, hours: 'Mon-Fri 08:00-17:00', holidays: ['2026-01-06']});
const at = (iso: string): number => Date.parse(iso);
const iso = (instant: number): string => new Date(instant).toISOString();

describe('a clock of business hours', () => {
  it('I1 runs two hours from Friday 16:00 until Monday 09:00, over the night on which summer time begins', () => {
    // Friday 2026-03-27 16:00 is 15:00 UTC; Monday 2026-03-30 09:00 is 07:00 UTC.
    expect(iso(office.after(at('2026-03-27T15:00:00Z'), 2))).toBe('2026-03-30T07:00:00.000Z');
    expect(office.hoursBetween(at('2026-03-27T15:00:00Z'), at('2026-03-30T07:00:00Z'))).toBe(2);
  });

  it('I1 leaves holidays out', () => {
    // Monday 16:00 local, Tuesday 6 January is a holiday, Wednesday.
    expect(iso(office.after(at('2026-01-05T15:00:00Z'), 2))).toBe('2026-01-07T08:00:00.000Z');
  });

  it('I1 a night of six open hours has five when summer time begins and seven when it ends', () => {
    const night = new BusinessClock({...WARSAW, hours: 'Sun 00:00-06:00'});
    expect(night.hoursBetween(at('2026-03-28T12:00:00Z'), at('2026-03-29T12:00:00Z'))).toBe(5);
    expect(night.hoursBetween(at('2026-10-24T12:00:00Z'), at('2026-10-25T12:00:00Z'))).toBe(7);
  });

  it('I1 hours that begin in the hour that is left out begin at the change', () => {
    const early = new BusinessClock({...WARSAW, hours: 'Sun 02:30-04:00'});
    expect(iso(early.after(at('2026-03-28T12:00:00Z'), 0.5))).toBe('2026-03-29T01:30:00.000Z');
    expect(early.hoursBetween(at('2026-03-28T12:00:00Z'), at('2026-03-29T12:00:00Z'))).toBe(1);
  });

  it('I1 without a calendar every hour counts', () => {
    const always = new BusinessClock(ALWAYS);
    expect(always.weekShare).toBe(1);
    expect(always.hoursBetween(at('2026-03-28T12:00:00Z'), at('2026-03-29T12:00:00Z'))).toBe(24);
  });

  it('I1 stands still while it is suspended, and runs on behind it', () => {
    const storm = {from: at('2026-01-07T10:00:00Z'), to: at('2026-01-08T09:00:00Z')};
    const stopped = office.without([storm]);
    // Wednesday 09:00 UTC is 10:00 local: an hour until the storm, five more from Thursday 10:00 local.
    expect(iso(stopped.after(at('2026-01-07T09:00:00Z'), 6))).toBe('2026-01-08T14:00:00.000Z');
    expect(stopped.hoursBetween(at('2026-01-07T09:00:00Z'), at('2026-01-08T14:00:00Z'))).toBe(6);
    const always = new BusinessClock(ALWAYS).without([storm, storm]);
    expect(always.hoursBetween(storm.from - HOUR_MS, storm.to + HOUR_MS)).toBe(2);
    expect(always.after(storm.from - HOUR_MS, 2)).toBe(storm.to + HOUR_MS);
    expect(office.without([])).toBe(office);
  });

  it('I1 says which share of the coming week it runs when it is suspended in it', () => {
    const from = at('2026-01-05T00:00:00Z');
    const stopped = new BusinessClock(ALWAYS).without([{from, to: from + 84 * HOUR_MS}]);
    expect([stopped.shareFrom(from), stopped.shareFrom(from + 84 * HOUR_MS)]).toEqual([0.5, 1]);
    expect(office.shareFrom(from)).toBe(office.weekShare);
  });

  it('I1 says which share of a week it runs', () => {
    expect(office.weekShare).toBeCloseTo(45 / 168, 12);
  });

  it.each([
    ['Mon-Fri 8-5', 'Europe/Warsaw', [], /is no rule of hours/],
    ['Mon 17:00-08:00', 'Europe/Warsaw', [], /do not end after they begin/],
    ['Mon-Fri 08:00-17:00; Fri 16:00-18:00', 'Europe/Warsaw', [], /overlap/],
    ['Mon-Fri 08:00-17:00', 'Europe/Nowhere', [], /is no time zone/],
    ['Mon-Fri 08:00-17:00', 'Europe/Warsaw', ['25.12.2026'], /is no date/],
    ['Mon-Fri 08:00-17:00', 'Europe/Warsaw', ['2026-02-30'], /is no date/],
    ['Mon-Fri 08:00-16:75', 'Europe/Warsaw', [], /is no rule of hours/],
  ])('J1 hours %j in %s with holidays %j are refused', (hours, timeZone, holidays, what) => {
    expect(calendarMistake({calendarId: 'x', timeZone, hours, holidays})?.what).toMatch(what);
  });
});
