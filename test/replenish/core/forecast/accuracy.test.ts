import {describe, expect, it} from 'vitest';
import {
  forecastAccuracy,
  SIGNAL_LIMIT,
  trackingSignal,
} from '../../../../replenish/core/forecast/accuracy.ts';
import {streamOf} from '../../../../simulator/random.ts';

const month = (expected: number, actual: number) => ({expected, vmr: 1, actual});

describe('how good forecasts of demand were', () => {
  it('C6 expected 2 and 2, asked for 1 and 5 → WAPE 0.667, bias −0.333', () => {
    const found = forecastAccuracy([month(2, 1), month(2, 5)]);
    expect(found.wape).toBeCloseTo(4 / 6, 12);
    expect(found.bias).toBeCloseTo(-2 / 6, 12);
    // The 0.9 quantile of 2 is 4: 0.1 · 3 pieces too many, 0.9 · 1 too few.
    expect(found.pinball90).toBeCloseTo((0.3 + 0.9) / 2, 12);
    expect(found.covered90).toBe(0.5);
    expect(forecastAccuracy([month(0, 0)])).toMatchObject({wape: null, bias: null});
  });

  it('C6 a forecast of half the demand is an alarm within 6 months in nine of ten histories, of twice the demand within 5 in all', () => {
    const firstAlarm = (expected: number, seed: number): number => {
      const random = streamOf(seed, 'biased');
      const seen = [];
      for (let months = 1; months <= 24; months += 1) {
        seen.push(month(expected, random.poisson(8)));
        if (trackingSignal(seen).alarm) return months;
      }
      return Infinity;
    };
    const seeds = Array.from({length: 50}, (_, i) => i + 1);
    expect(seeds.filter((seed) => firstAlarm(4, seed) <= 6).length).toBeGreaterThanOrEqual(45);
    expect(seeds.filter((seed) => firstAlarm(16, seed) <= 5)).toHaveLength(50);
  });

  it('C6 an unbiased forecast alarms in fewer than 1 of 10 histories of two years', () => {
    const random = streamOf(7, 'unbiased');
    let alarms = 0;
    for (let history = 0; history < 200; history += 1) {
      const seen = Array.from({length: 24}, () => month(8, random.poisson(8)));
      if (trackingSignal(seen).alarm) alarms += 1;
    }
    expect(alarms / 200).toBeLessThan(0.1);
  });

  it('names the side: 4 expected, 8 asked for in each of four months → 6, above the limit', () => {
    const found = trackingSignal([8, 8, 8, 8].map((actual) => month(4, actual)));
    expect(found).toEqual({signal: 6, alarm: true});
    expect(trackingSignal([month(9, 0), month(9, 0), month(9, 0)]).signal).toBe(-7.5);
    expect(SIGNAL_LIMIT).toBe(5);
  });
});
