import {describe, expect, it} from 'vitest';
import {
  errorOfAll,
  failureWithinCycles,
  learnLifeErrors,
  lifeInterval,
} from '../../../../predict/core/remaining-life/life-law.ts';
import {seededGenerator} from '../../../../predict/training/seeded.ts';

/** 19 forecasts of 50 that were off by −9 … 9. */
const NINETEEN = learnLifeErrors(
  Array.from({length: 19}, (_, i) => ({predicted: 50, left: 41 + i})),
  {near: 19},
);

describe('the law of a remaining life', () => {
  it('B1 takes the smallest and largest of 19 errors for 90 %', () => {
    expect(lifeInterval(NINETEEN, 50, 0.9, 125)).toEqual({lower: 41, upper: 59});
    expect(lifeInterval(NINETEEN, 5, 0.9, 125)).toEqual({lower: 0, upper: 13});
    expect(lifeInterval(NINETEEN, 120, 0.9, 125)).toEqual({lower: 112, upper: 125});
  });

  it('B1 keeps a forecast within its own interval, also where all others came out lower', () => {
    const late = learnLifeErrors(Array.from({length: 40}, (_, i) => ({predicted: 60, left: 10 + i})));
    expect(lifeInterval(late, 60, 0.9, 125)).toEqual({lower: 11, upper: 60});
  });

  it('B1 says anything is possible where too few errors are known', () => {
    const of = (length: number) => learnLifeErrors(Array.from({length}, () => ({predicted: 50, left: 50})));
    expect(lifeInterval(of(8), 50, 0.9, 125)).toEqual({lower: 0, upper: 125});
    // One of 18 may stay outside, and stays above.
    expect(lifeInterval(of(18), 50, 0.9, 125)).toEqual({lower: 0, upper: 50});
  });

  it('B1 leaves an odd error outside above', () => {
    // 29 errors −14 … 14: k = 3, one below and two above
    const law = learnLifeErrors(Array.from({length: 29}, (_, i) => ({predicted: 50, left: 36 + i})));
    expect(lifeInterval(law, 50, 0.9, 125)).toEqual({lower: 36, upper: 63});
  });

  it('B1 knows by how much the mean of ten members errs less than that of two', () => {
    const pairs = [[64, 56, 50], [46, 54, 60], [126, 134, 180], [126, 134, 180]] as const; // prettier-ignore
    const outcomes = pairs.map(([a, b, left]) => ({pair: [a, b] as const, left}));
    // Pairs are 8 apart: v = 32. Errors 10, −10, and 5 twice at the cap of 125: E² = 62.5
    expect(errorOfAll(outcomes, 10, 125)).toBeCloseTo(Math.sqrt(1 - (0.4 * 32) / 62.5), 9);
    expect(errorOfAll(outcomes, 2, 125)).toBe(1);
    expect(errorOfAll([{pair: [40, 60], left: 49}], 10, 125)).toBeCloseTo(Math.sqrt(0.2), 9);
    expect(errorOfAll([{pair: [50, 50], left: 50}], 10, 125)).toBe(1);
  });

  it('B1 measured on pairs and scaled, intervals cover 90 % of what the mean of ten says', () => {
    const random = seededGenerator(20_260_302);
    const noise = (size: number): number => size * (random() + random() + random() - 1.5);
    // What ten members share errs by 10, and each by 20 more of its own: far more than networks do.
    const moment = () => {
      const left = 40 + 40 * random();
      const shared = left + noise(20);
      return {left, said: Array.from({length: 10}, () => shared + noise(40))};
    };
    const outcomes = Array.from({length: 999}, () => {
      const {left, said} = moment();
      return {pair: [said[0]!, said[1]!] as const, predicted: (said[0]! + said[1]!) / 2, left};
    });
    const covered = (scale: number): number => {
      const law = learnLifeErrors(outcomes, {near: 999, scale});
      const inside = Array.from({length: 2000}, () => {
        const {left, said} = moment();
        const {lower, upper} = lifeInterval(law, said.reduce((sum, life) => sum + life, 0) / 10, 0.9, 125);
        return Number(left >= lower && left <= upper);
      });
      return inside.reduce((sum, each) => sum + each, 0) / inside.length;
    };
    expect(covered(1)).toBeGreaterThan(0.97);
    const scaled = covered(errorOfAll(outcomes, 10, 125));
    expect(scaled).toBeGreaterThan(0.88);
    expect(scaled).toBeLessThan(0.92);
  });

  it('B1 takes the errors of the forecasts that said most nearly the same', () => {
    const law = learnLifeErrors(
      [10, 10, 10, 100, 100, 100].map((predicted, i) => ({predicted, left: predicted + (i < 3 ? 1 : 30)})),
      {near: 3},
    );
    expect(failureWithinCycles(law, 12, 13)).toBe(3.5 / 4);
    expect(failureWithinCycles(law, 90, 91)).toBe(0.5 / 4);
    expect(failureWithinCycles(law, 200, 230)).toBe(3.5 / 4);
  });

  it('B1 the probability of a failure rises with the cycles and leaves half a unit of doubt', () => {
    expect(failureWithinCycles(NINETEEN, 50, 45)).toBe(5.5 / 20);
    const curve = Array.from({length: 100}, (_, cycles) => failureWithinCycles(NINETEEN, 50, cycles));
    expect(curve).toEqual(curve.toSorted((a, b) => a - b));
    expect([curve[0], curve[99]]).toEqual([0.5 / 20, 19.5 / 20]);
  });

  it('B1 covers 90 % of skewed errors in a finite sample, capped answers among them, and not much more', () => {
    const random = seededGenerator(20_260_301);
    const outcome = () => {
      const left = 1 + 180 * random();
      return {left, predicted: Math.max(0, Math.min(125, left + 25 * (0.9 + Math.log(random() + 0.05))))};
    };
    let covered = 0;
    const trials = 4000;
    for (let trial = 0; trial < trials; trial += 1) {
      // 59 outcomes of which all stand for each other: ⌊60 · 0.05⌋ = 3 lie outside on either side
      const law = learnLifeErrors(Array.from({length: 59}, outcome), {near: 59});
      const {predicted, left} = outcome();
      const {lower, upper} = lifeInterval(law, predicted, 0.9, 125);
      const truth = Math.min(125, left);
      covered += Number(truth >= lower && truth <= upper) / trials;
    }
    expect(covered).toBeGreaterThan(0.885); // 0.9 but for two and a half deviations of 4,000 trials
    expect(covered).toBeLessThan(0.92);
  });
});
