import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {BusinessClock} from '../../domain/business-time.ts';

const clocks = [
  {
    timeZone: 'Europe/Warsaw',
    hours: 'Mon-Fri 08:00-12:00 13:00-17:00; Sat 09:00-12:00',
    holidays: ['2026-03-30'],
  },
  {timeZone: 'America/New_York', hours: 'Sat-Sun 00:00-24:00', holidays: []},
  {timeZone: 'Australia/Lord_Howe', hours: 'Mon-Sun 01:30-02:30', holidays: []}, // its summer time is half an hour
].map((calendar) => new BusinessClock({calendarId: 'x', ...calendar}));

const YEAR_FROM = Date.UTC(2026, 0, 1);
const clock = fc.constantFrom(...clocks);
/** Whole minutes of 2026. */
const instant = fc.integer({min: 0, max: 365 * 24 * 60}).map((minute) => YEAR_FROM + minute * 60_000);

describe('business time', () => {
  it('I1 adds up: two stretches have the hours of the whole', () => {
    fc.assert(
      fc.property(clock, instant, instant, instant, (on, ...instants) => {
        const [a, b, c] = instants.sort((x, y) => x - y);
        expect(on.hoursBetween(a, b) + on.hoursBetween(b, c)).toBeCloseTo(on.hoursBetween(a, c), 9);
      }),
      {seed: 1, numRuns: 150},
    );
  });

  it('I1 never runs faster than time', () => {
    fc.assert(
      fc.property(clock, instant, instant, (on, a, b) => {
        const hours = on.hoursBetween(a, b);
        expect(hours).toBeGreaterThanOrEqual(0);
        expect(hours).toBeLessThanOrEqual(Math.max(0, b - a) / 3_600_000);
      }),
      {seed: 2, numRuns: 150},
    );
  });

  it('I1 a deadline is the first instant at which the hours are over', () => {
    fc.assert(
      fc.property(clock, instant, fc.integer({min: 1, max: 60 * 100}), (on, from, minutes) => {
        const due = on.after(from, minutes / 60);
        expect(on.hoursBetween(from, due)).toBeCloseTo(minutes / 60, 6);
        expect(on.hoursBetween(from, due - 60_000)).toBeLessThan(minutes / 60 - 0.01);
      }),
      {seed: 3, numRuns: 150},
    );
  });
});
