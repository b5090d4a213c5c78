import {describe, expect, it} from 'vitest';
import {countInterval, failureCount} from '../../../predict/core/failure-count.ts';
import {seededGenerator} from '../../../predict/training/seeded.ts';

describe('the number of failures that stated probabilities promise', () => {
  it('B4 is exact: 0.1, 0.2 and 0.3 fail together with 0.504, 0.398, 0.092 and 0.006', () => {
    const {from, p} = failureCount([0.1, 0.2, 0.3]);
    expect(from).toBe(0);
    [0.504, 0.398, 0.092, 0.006].forEach((exact, k) => expect(p[k]).toBeCloseTo(exact, 12));
    expect(countInterval({from, p}, 0.9)).toEqual({low: 0, high: 2});
    expect(countInterval({from, p}, 0.99)).toEqual({low: 0, high: 3});
  });

  it('B4 is the binomial where all are alike: 100 at 10 % lie within 3 and 18 with 99 % (R: qbinom)', () => {
    // R 4: qbinom(c(.005, .995), 100, .1) is 3 18
    expect(countInterval(failureCount(new Array<number>(100).fill(0.1)), 0.99)).toEqual({low: 3, high: 18});
  });

  it('keeps all its mass over thousands of components, and its mean', () => {
    const random = seededGenerator(7);
    const probabilities = Array.from({length: 3000}, () => random() ** 3);
    const {from, p} = failureCount(probabilities);
    expect(p.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
    const mean = p.reduce((sum, one, k) => sum + (from + k) * one, 0);
    expect(mean).toBeCloseTo(
      probabilities.reduce((sum, one) => sum + one, 0),
      6,
    );
    expect(from).toBeGreaterThan(0);
  });

  it('of certain and impossible failures is certain', () => {
    expect(countInterval(failureCount([1, 0, 1]), 0.99)).toEqual({low: 2, high: 2});
    expect(countInterval(failureCount([]), 0.99)).toEqual({low: 0, high: 0});
  });
});
