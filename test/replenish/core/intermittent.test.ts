import {describe, expect, it} from 'vitest';
import {adida, croston, demandClass, imapa, tsb} from '../../../replenish/core/forecast/intermittent.ts';
import {bestSmoothing, smooth} from '../../../replenish/core/forecast/smoothing.ts';

/** Sizes 3, 2 after intervals 2, 3. */
const FEW = [0, 3, 0, 0, 2];

describe('rates of intermittent demand', () => {
  it('C1 Croston: smoothed size over smoothed interval, and its two corrections', () => {
    expect(croston(FEW)).toBeCloseTo(2.9 / 2.1, 12);
    expect(croston(FEW, {correction: 'syntetos-boylan'})).toBeCloseTo((2.9 / 2.1) * 0.95, 12);
    expect(croston(FEW, {correction: 'shale-boylan-johnston'})).toBeCloseTo(
      (2.9 / 2.1) * (1 - 0.1 / 1.9),
      12,
    );
    expect(croston(FEW, {firstInterval: 'mean'})).toBeCloseTo(2.9 / 2.55, 12);
  });

  it('C1 TSB falls when a part stops selling, Croston does not', () => {
    expect(tsb(FEW)).toBeCloseTo(2.9 * 0.1729, 12);
    const stopped = [...FEW, ...Array.from({length: 40}, () => 0)];
    expect(tsb(stopped)).toBeLessThan(tsb(FEW) / 50);
    expect(croston(stopped)).toBe(croston(FEW));
  });

  it('C1 every method gives a constant demand its own size, a history without demand 0', () => {
    const constant = Array.from({length: 20}, () => 5);
    for (const rate of [croston, tsb, adida, imapa]) {
      expect(rate(constant)).toBeCloseTo(5, 12);
      expect(rate([0, 0, 0])).toBe(0);
      expect(rate([])).toBe(0);
    }
  });

  it('C1 ADIDA sums what is younger than the first whole bucket', () => {
    // Intervals 2 and 3, mean 2.5, rounded to the even 2: the first period is left out, sums 3 and 2.
    expect(adida(FEW)).toBeCloseTo(smooth([3, 2], bestSmoothing([3, 2])) / 2, 12);
  });

  it('C1 the fitted smoothing is the best of the range, not merely a dip', () => {
    const rising = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(bestSmoothing(rising)).toBeCloseTo(0.3, 6);
    expect(bestSmoothing([5, 6, 4, 6, 4, 6, 4, 6])).toBeCloseTo(0.1, 6);
  });

  it('C1 demand of a negative size is refused with its period', () => {
    expect(() => croston([0, -1])).toThrow('period 1');
  });
});

describe('patterns of demand', () => {
  it('C1 are told by interval and variation of sizes', () => {
    expect(demandClass(FEW)).toEqual({adi: 2.5, cv2: 0.08, pattern: 'intermittent'});
    expect(demandClass([5, 5, 5, 5])?.pattern).toBe('smooth');
    expect(demandClass([1, 20, 1, 20])?.pattern).toBe('erratic');
    expect(demandClass([0, 1, 0, 20, 0, 1])?.pattern).toBe('lumpy');
    expect(demandClass([0, 4, 0])).toEqual({adi: 3, cv2: 0, pattern: 'intermittent'});
    expect(demandClass([0, 0])).toBeUndefined();
  });
});
