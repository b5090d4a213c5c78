import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {HORIZONS_H} from '../../../domain/forecast.ts';
import {calibratedHazards} from '../../../predict/core/calibration.ts';
import {hazardLabels} from '../../../predict/core/hazard-labels.ts';
import {ageCurve, cumulateHazards, monotonePpm} from '../../../predict/core/survival-curve.ts';
import {failureWithin} from '../../../predict/core/weibull.ts';

const law = fc.record({
  shape: fc.double({min: 0.3, max: 8, noNaN: true}),
  scaleH: fc.double({min: 100, max: 1e6, noNaN: true}),
});
const ageH = fc.double({min: 0, max: 200_000, noNaN: true});
const rises = (curve: readonly number[]): boolean =>
  curve.every((p, i) => p >= (curve[i - 1] ?? 0) && p <= 1_000_000);

describe('survival curves', () => {
  it('by age rise and stay within certainty', () => {
    fc.assert(fc.property(law, ageH, (weibull, age) => rises(ageCurve(weibull, age).cumulativePpm)));
  });

  it('surviving two stretches is surviving the first and then the second', () => {
    fc.assert(
      fc.property(
        law,
        ageH,
        fc.integer({min: 1, max: 500}),
        fc.integer({min: 1, max: 500}),
        (weibull, age, a, b) => {
          const both = 1 - failureWithin(weibull, age, a + b);
          const oneByOne = (1 - failureWithin(weibull, age, a)) * (1 - failureWithin(weibull, age + a, b));
          expect(both).toBeCloseTo(oneByOne, 6);
        },
      ),
    );
  });

  it('from any network output and any calibration rise', () => {
    const logits = fc.array(fc.double({min: -50, max: 50, noNaN: true}), {minLength: 5, maxLength: 5});
    const calibration = fc.array(
      fc.record({
        slope: fc.double({min: 0.05, max: 5, noNaN: true}),
        shift: fc.double({min: -5, max: 5, noNaN: true}),
        curve: fc.constantFrom(
          {x: [0, 1], y: [0, 1]},
          {x: [0, 0.1, 1], y: [0, 0.6, 1]},
          {x: [0.2, 0.3], y: [0, 0.9]},
        ),
      }),
      {minLength: 5, maxLength: 5},
    );
    fc.assert(
      fc.property(logits, calibration, (z, hazards) =>
        rises(monotonePpm(cumulateHazards(calibratedHazards(z, hazards)))),
      ),
    );
  });
});

describe('censored labels', () => {
  it('account for every watched hour once, and for at most one failure', () => {
    fc.assert(
      fc.property(fc.double({min: 0.01, max: 2000, noNaN: true}), fc.boolean(), (watchedH, failed) => {
        const labels = hazardLabels({watchedH, failed}, HORIZONS_H);
        const failures = labels.failed.reduce<number>((sum, here) => sum + here, 0);
        expect(failures).toBe(failed && watchedH <= 672 ? 1 : 0);
        if (failures > 0) return;
        const hours = labels.exposure.reduce(
          (sum, share, j) => sum + share * (HORIZONS_H[j]! - (HORIZONS_H[j - 1] ?? 0)),
          0,
        );
        expect(hours).toBeCloseTo(Math.min(672, watchedH), 6);
      }),
    );
  });
});
