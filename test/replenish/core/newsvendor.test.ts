import {describe, expect, it} from 'vitest';
import {
  criticalRatio,
  newsvendorCost,
  newsvendorLevel,
  orderQuantity,
} from '../../../replenish/core/stock/newsvendor.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';

describe('the order-up-to level', () => {
  // Figures of stockpyl's newsvendor_poisson for the same instances.
  it.each([
    [7.5, 1, 9, 11, 5.115607200644086],
    [1.2, 0.25, 20, 4, 0.8931770765196785],
    [18.4, 3, 60, 26, 28.388317040211472],
  ])('D1 at mean %d, overage %d and underage %d is %d pieces', (mean, overage, underage, level, cost) => {
    const demand = poissonPmf(mean);
    expect(newsvendorLevel(demand, {overage, underage})).toBe(level);
    expect(newsvendorCost(demand, level, {overage, underage})).toBeCloseTo(cost, 10);
  });

  it('costs no more than one piece fewer or more', () => {
    const demand = poissonPmf(4.2);
    const costs = {overage: 3, underage: 40};
    const level = newsvendorLevel(demand, costs);
    const best = newsvendorCost(demand, level, costs);
    expect(newsvendorCost(demand, level - 1, costs)).toBeGreaterThan(best);
    expect(newsvendorCost(demand, level + 1, costs)).toBeGreaterThan(best);
  });

  it('rests on a critical ratio of 60 / 61 when a shortage costs 60 times a surplus', () => {
    expect(criticalRatio({underage: 60, overage: 1})).toBeCloseTo(60 / 61, 15);
    expect(() => criticalRatio({underage: 60, overage: 0})).toThrow('a piece over costs something');
  });
});

describe('the order quantity', () => {
  it.each([
    ['nothing at the level', 13, 13, 2, 2, 0],
    ['nothing above the level', 14, 13, 2, 2, 0],
    ['the gap in whole multiples', 6, 13, 1, 5, 10],
    ['at least the minimum', 12, 13, 4, 1, 4],
    ['the minimum rounded up to a multiple', 12, 13, 4, 3, 6],
    ['the gap and all that is owed', -3, 4, 1, 1, 7],
  ])('D1 is %s', (_, position, level, minimum, multiple, pieces) => {
    expect(orderQuantity(position, level, minimum, multiple)).toBe(pieces);
  });
});
