import {describe, expect, it} from 'vitest';
import {HOUR_MS, epochMs} from '../../../domain/time.ts';
import {
  hoursToVisit,
  visitCurve,
  visitWithin,
  visitsAhead,
  type VisitCalendar,
} from '../../../predict/core/visit-calendar.ts';
import type {WindowEvent} from '../../../predict/core/feature-window.ts';

const clock: VisitCalendar = {everyH: 360, deviationsH: [0], signsH: 48, offCalendarPerH: [0]};
const blurred: VisitCalendar = {...clock, deviationsH: [-24, 0, 24]};
const NOW = epochMs(10_000 * HOUR_MS);
const visit = (hoursAgo: number, type = 'part-replaced'): WindowEvent => ({
  type,
  code: undefined,
  positionId: 'seal',
  at: epochMs(NOW - hoursAgo * HOUR_MS),
});

describe('hours to the next visit', () => {
  it('count on from the last visit, over visits that left no record', () => {
    expect(hoursToVisit(clock, [visit(730), visit(370)], NOW)).toBe(350);
    expect(hoursToVisit(clock, [visit(10, 'maintenance')], NOW)).toBe(350);
    expect(hoursToVisit(clock, [visit(360)], NOW)).toBe(360); // the expected one left no record
  });

  it('are not known before the first visit, nor once none was seen for four periods', () => {
    expect(hoursToVisit(clock, [visit(5, 'error')], NOW)).toBeUndefined();
    expect(hoursToVisit(clock, [visit(-5)], NOW)).toBeUndefined();
    expect(hoursToVisit(clock, [visit(1439)], NOW)).toBe(1);
    expect(hoursToVisit(clock, [visit(1440)], NOW)).toBeUndefined();
  });

  it('wait for a visit as long as any was late', () => {
    expect(hoursToVisit(blurred, [visit(370)], NOW)).toBe(-10);
    expect(hoursToVisit(blurred, [visit(384)], NOW)).toBe(336);
  });
});

describe('P(failure) from visits', () => {
  it('B1 composes what is found at each visit by hand: 0.4 at the first, 0.1 at the second', () => {
    expect(visitsAhead(clock, 100, 672)).toBe(2);
    const curve = visitCurve(clock, 100, [0.4, 0.1], 0, [24, 72, 100, 168, 336, 672]);
    [0, 0, 0.4, 0.4, 0.4, 0.46].forEach((expected, i) => expect(curve[i]).toBeCloseTo(expected, 12));
  });

  it('adds what fails between visits: 1 − e^(−0.001 · 24) = 0.023714 before the first', () => {
    expect(visitCurve(clock, 100, [0.4], 0.001, [24])[0]).toBeCloseTo(0.023714, 6);
  });

  it('spreads a blurred visit over when it may come: a third of it a day early', () => {
    expect(visitWithin(blurred, 50, 26)).toBeCloseTo(1 / 3, 12);
    expect(visitWithin(blurred, 50, 50)).toBeCloseTo(2 / 3, 12);
    expect(visitWithin(blurred, 50, 74)).toBe(1);
    expect(visitWithin(blurred, -10, 14)).toBe(1); // two of three are past: it comes a day late
    expect(visitWithin(blurred, -30, 1)).toBe(1);
    const curve = visitCurve(blurred, 50, [0.3], 0, [24, 26, 72, 74]);
    [0, 0.1, 0.2, 0.3].forEach((expected, i) => expect(curve[i]).toBeCloseTo(expected, 12));
  });
});
