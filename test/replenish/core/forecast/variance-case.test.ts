import {describe, expect, it} from 'vitest';
import {demandVariance, isOddAnew} from '../../../../replenish/core/forecast/variance-case.ts';

describe('demand that is odd', () => {
  it.each([
    // P(D ≥ 8 | Poisson 2) = 0.001097 and Φ(−3.063) is that
    [{expected: 2, vmr: 1, actual: 8}, 3.063],
    // P(D ≥ 2 | 0.3) = 0.03694: no surprise, though (2 − 0.3) / √0.3 is 3.1
    [{expected: 0.3, vmr: 1, actual: 2}, 1.787],
    // P(D ≤ 0 | 12) = e⁻¹²
    [{expected: 12, vmr: 1, actual: 0}, -4.373],
  ])('C9 %j is as odd as %f normal deviations', (outcome, deviations) => {
    expect(demandVariance(outcome, 'A').deviations).toBeCloseTo(deviations, 2);
  });

  it('C9 is a case by the priority of its segment: what matters more is looked at sooner', () => {
    const odd = {expected: 2, vmr: 1, actual: 8}; // 3.06
    expect(demandVariance(odd, 'A')).toMatchObject({standing: 'case', dueDays: 2});
    expect(demandVariance(odd, 'B')).toMatchObject({standing: 'between', dueDays: 5});
    expect(demandVariance({...odd, actual: 10}, 'B')).toMatchObject({standing: 'case', dueDays: 5}); // 3.9
    expect(demandVariance({...odd, actual: 10}, 'C')).toMatchObject({standing: 'between', dueDays: 10});
    expect(demandVariance({...odd, actual: 3}, 'A').standing).toBe('normal');
    expect(demandVariance({expected: 0, vmr: 1, actual: 0}, 'A').standing).toBe('normal');
  });

  it('C9 demand that was always uneven has to be odder', () => {
    const odd = {expected: 2, vmr: 3, actual: 8};
    expect(demandVariance(odd, 'A').standing).not.toBe('case');
  });

  it('C9 what somebody has looked into is odd anew only beyond it, or the other way', () => {
    const before = {deviations: 3.063, actual: 8};
    const anew = (actual: number, expected = 2): boolean =>
      isOddAnew(before, {expected, vmr: 1, actual}, 'A');
    expect([8, 10, 16].map((actual) => anew(actual))).toEqual([false, false, false]);
    expect(anew(20)).toBe(true); // P(D ≥ 20 | 8) = 0.00025, 3.48 deviations
    expect(anew(0, 20)).toBe(true);
    expect(isOddAnew({deviations: -4, actual: 0}, {expected: 30, vmr: 1, actual: 1}, 'A')).toBe(false);
  });
});
