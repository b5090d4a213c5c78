import {describe, expect, it} from 'vitest';
import {kolmogorovSmirnov, populationStability, wasserstein} from '../../../predict/core/drift.ts';

describe('drift between two samples', () => {
  it('is none when they are the same', () => {
    const sample = [3, 1, 4, 1, 5];
    expect(kolmogorovSmirnov(sample, sample)).toEqual({statistic: 0, pValue: 1});
    expect(wasserstein(sample, sample)).toBe(0);
    expect(populationStability(sample, sample, [2, 4], 1e-4)).toBe(0);
  });

  it('of two fully apart pairs comes by chance in 2 of 6 interleavings', () => {
    expect(kolmogorovSmirnov([1, 2], [3, 4])).toEqual({
      statistic: 1,
      pValue: expect.closeTo(1 / 3, 14) as number,
    });
  });

  it('moves the earth by the distance of the shift', () => {
    expect(wasserstein([0, 1], [1, 2])).toBeCloseTo(1, 15);
    expect(wasserstein([0, 10], [5])).toBeCloseTo(5, 15);
  });

  it('of half and half to six and four in ten has a stability index of 0.0405', () => {
    const halves = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
    const moved = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1];
    expect(populationStability(halves, moved, [0.5], 1e-4)).toBeCloseTo(
      0.1 * Math.log(1.2) - 0.1 * Math.log(0.8),
      14,
    );
  });

  it('stays finite when a bin ran empty', () => {
    expect(populationStability([0, 1], [0, 0], [0.5], 1e-4)).toBeGreaterThan(1);
  });
});
