import {describe, expect, it} from 'vitest';
import {simulateStock} from '../../../cli/evaluate/stock-policy/simulate-stock.ts';

const upTo = (level: number) => (position: number) => Math.max(0, level - position);

describe('a part under a periodic review', () => {
  it('hands out what it has, and serves the backorder before the next demand: level 2, demand 3, 0, 1', () => {
    const outcome = simulateStock({
      demand: [3, 0, 1],
      leadPeriods: 0,
      startPosition: 2,
      onOrder: [],
      order: upTo(2),
    });
    expect(outcome).toEqual({demanded: 4, supplied: 3, meanOnHand: 2, orders: 1});
  });

  it('receives an order after the lead time, and never twice', () => {
    const outcome = simulateStock({
      demand: [1, 1, 1, 1],
      leadPeriods: 2,
      startPosition: 2,
      onOrder: [0, 0],
      order: upTo(2),
    });
    // Two on the shelf; the piece ordered after the first demand comes two periods later, when one more is owed.
    expect(outcome.supplied).toBe(2);
    expect(outcome.meanOnHand).toBe((2 + 1 + 0 + 0) / 4);
  });

  it('starts as if its level had been held: what was asked for just before is on order', () => {
    const run = {demand: [0, 0, 0], leadPeriods: 2, startPosition: 3, order: upTo(3)};
    expect(simulateStock({...run, onOrder: [1, 1]}).meanOnHand).toBe((2 + 3 + 3) / 3);
  });

  it('charges no holding for pieces that are owed', () => {
    const outcome = simulateStock({
      demand: [5, 5],
      leadPeriods: 1,
      startPosition: 0,
      onOrder: [0],
      order: () => 0,
    });
    expect(outcome).toEqual({demanded: 10, supplied: 0, meanOnHand: 0, orders: 0});
  });
});
