import {describe, expect, it} from 'vitest';
import {costAtFill} from '../../../cli/evaluate/stock-policy/published-curves.ts';

const point = (meanFill: number, holdingCost: number) => ({target: 0.9, meanFill, totalFill: 0, holdingCost});

describe('the cost of a curve at a fill rate', () => {
  it('lies on straight lines between its points: 0.8 at 10 and 0.9 at 30 → 0.85 at 20', () => {
    expect(costAtFill([point(0.8, 10), point(0.9, 30)], 'meanFill', 0.85)).toBeCloseTo(20, 12);
  });

  it('is the least of those that fill as much where the curve turns back, and none beyond its ends', () => {
    const curve = [point(0.8, 10), point(0.9, 30), point(0.88, 26), point(0.88, 25)];
    expect(costAtFill(curve, 'meanFill', 0.89)).toBeCloseTo(28, 9);
    expect(costAtFill(curve, 'meanFill', 0.91)).toBeUndefined();
  });
});
