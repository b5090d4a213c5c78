import {expect, it} from 'vitest';
import {atMorning, hoursOn} from '../../console/web/src/pages/alerts/spans.ts';

it('4 hours from 06:00 are 10:00; tomorrow morning is 8 by the viewer’s clock, also over the end of a year', () => {
  expect(hoursOn('2026-01-05T06:00:00.000Z', 4)).toBe('2026-01-05T10:00:00.000Z');
  const late = new Date(2025, 11, 31, 23, 30);
  expect(new Date(atMorning(late.toISOString()))).toEqual(new Date(2026, 0, 1, 8));
});
