import {describe, expect, it} from 'vitest';
import {drawLeft, learnCutLaw} from '../../../../cli/evaluate/cmapss/published-cuts.ts';
import {seededGenerator} from '../../../../predict/training/seeded.ts';

const LIVES = Array.from({length: 300}, (_, i) => 130 + i);
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length; // prettier-ignore

function draw(law: ReturnType<typeof learnCutLaw>, lives: readonly number[]): number[] {
  const random = seededGenerator(4);
  return lives.flatMap((life) => Array.from({length: 50}, () => drawLeft(law, life, random)));
}

describe('cuts as of a published test set', () => {
  it('B1 are all alike in chance where the mean is the middle of the range', () => {
    const {cumulative} = learnCutLaw([200], {rows: 12_400, engines: 100, left: [7, 145]});
    expect(cumulative).toHaveLength(139);
    expect(cumulative.at(-1)).toBeCloseTo(139, 5);
    expect(cumulative[0]).toBe(1);
  });

  it('B1 lie within the range and leave as many cycles to be heard as the published engines show', () => {
    const heard = 200;
    const law = learnCutLaw(LIVES, {rows: heard * 259, engines: 259, left: [6, 194]});
    const left = draw(law, LIVES);
    expect([Math.min(...left), Math.max(...left)]).toEqual([6, 194]);
    // The deviation of a draw is below 60, so that of the mean of 15,000 below 0.5.
    expect(Math.abs(meanOf(left) - (meanOf(LIVES) - heard))).toBeLessThan(1.5);
  });

  it('B1 leave 20 cycles of a short life, and one of a life that has no more', () => {
    const law = learnCutLaw(LIVES, {rows: 100, engines: 1, left: [6, 194]});
    expect(Math.max(...draw(law, [90]))).toBe(70);
    expect(new Set(draw(law, [26]))).toEqual(new Set([6]));
    expect(new Set(draw(law, [4]))).toEqual(new Set([3]));
  });

  it('B1 stay spread over the range where lives are shorter than what the published engines show', () => {
    const left = draw(learnCutLaw([100], {rows: 131, engines: 1, left: [6, 145]}), [100, 100, 100, 100]);
    expect(new Set(left).size).toBeGreaterThan(50);
  });
});
