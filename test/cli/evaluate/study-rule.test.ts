import {describe, expect, it} from 'vitest';
import {
  fittedSba,
  gammaShortage,
  nelderMead,
  studyLevel,
} from '../../../cli/evaluate/stock-policy/study-rule.ts';
import {normalLoss} from '../../../replenish/core/probability/normal.ts';

describe('the rule of the published study', () => {
  it('walks to the least value of a bowl', () => {
    const [x, y] = nelderMead(([a = 0, b = 0]) => (a - 0.3) ** 2 + 2 * (b - 0.7) ** 2, [0.05, 0.05]);
    expect([x, y]).toEqual([expect.closeTo(0.3, 2), expect.closeTo(0.7, 2)]);
  });

  it('leaves a steady demand alone: 2 pieces every period is 2, for the correction takes any smoothing of the interval away', () => {
    const steady = Array.from({length: 20}, () => 2);
    expect(fittedSba(steady)).toBeCloseTo(2, 3);
  });

  it('counts ten times the pieces as ten times the rate', () => {
    const history = [0, 3, 0, 0, 2, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0, 6, 0, 0, 0, 2];
    const tenfold = history.map((pieces) => 10 * pieces);
    expect(fittedSba(tenfold)).toBeCloseTo(10 * fittedSba(history), 6);
  });

  it('expects the shortage of gamma demand: the exponential of mean 1 leaves e⁻ˢ at level s, and no level leaves the mean', () => {
    for (const level of [0, 0.5, 1, 3, 9])
      expect(gammaShortage(1, 1, level)).toBeCloseTo(Math.exp(-level), 10);
    expect(gammaShortage(0.2, 3, 0)).toBeCloseTo(0.2, 12);
    // Erlang of two stages of mean 1: E[(D − s)⁺] = (2 + s) e⁻ˢ
    for (const level of [0.5, 2, 6])
      expect(gammaShortage(2, 2, level)).toBeCloseTo((2 + level) * Math.exp(-level), 10);
  });

  it('takes the least whole level within the shortage allowed, and never more than the largest demand', () => {
    const shortage = (level: number): number => 2 * normalLoss((level - 1) / 2);
    const level = studyLevel(shortage, 0.05, 100);
    expect(shortage(level)).toBeLessThanOrEqual(0.05);
    expect(shortage(level - 1)).toBeGreaterThan(0.05);
    expect(studyLevel(shortage, 0.05, 3)).toBe(3);
    expect(studyLevel(shortage, 10, 3)).toBe(0);
  });
});
