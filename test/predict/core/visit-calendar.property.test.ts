import fc from 'fast-check';
import {expect, it} from 'vitest';
import {visitCurve, visitsAhead} from '../../../predict/core/visit-calendar.ts';

const horizonsH = [24, 72, 168, 336, 672];

it('B1 a curve from visits rises with the horizon and stays a probability, however late or blurred they are', () => {
  fc.assert(
    fc.property(
      fc.double({min: 24, max: 2000, noNaN: true}),
      fc.array(fc.double({min: -200, max: 200, noNaN: true}), {minLength: 1, maxLength: 41}),
      fc.double({min: -200, max: 2000, noNaN: true}),
      fc.array(fc.double({min: 0, max: 1, noNaN: true}), {minLength: 40, maxLength: 40}),
      fc.double({min: 0, max: 0.01, noNaN: true}),
      (everyH, deviations, expectedInH, found, ratePerH) => {
        const deviationsH = deviations.sort((a, b) => a - b);
        const calendar = {everyH, deviationsH, signsH: 48, offCalendarPerH: [ratePerH]};
        const ahead = visitsAhead(calendar, expectedInH, 672);
        const curve = visitCurve(calendar, expectedInH, found.slice(0, ahead), ratePerH, horizonsH);
        curve.forEach((probability, i) => {
          expect(probability).toBeGreaterThanOrEqual(curve[i - 1] ?? 0);
          expect(probability).toBeLessThanOrEqual(1);
        });
      },
    ),
  );
});
