import {describe, expect, it} from 'vitest';
import {excessOf, type HeldStock} from '../../../replenish/core/plan/excess.ts';
import {greedyBackorders, leastBackorders} from '../../../replenish/core/plan/stock-budget.ts';
import {stockSplits} from '../../../replenish/core/plan/stock-split.ts';
import {
  cheapestWithin,
  leastPenaltyWithin,
  type SystemItem,
} from '../../../replenish/core/plan/system-approach.ts';
import {backorderCurve} from '../../../replenish/core/probability/pmf.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';

describe('the system approach', () => {
  /** Parts of one place: Poisson pipelines, no echelons. */
  const parts = [
    {mean: 0.8, unitCost: 20},
    {mean: 1.6, unitCost: 15},
    {mean: 0.3, unitCost: 55},
  ];
  const items = parts.map(({mean, unitCost}): SystemItem => ({
    unitCost,
    penaltyOf: (backorders) => backorders,
    splits: Array.from(backorderCurve(poissonPmf(mean), 12), (expectedBackorders, total) => ({
      total,
      centreStock: total,
      baseStocks: [],
      expectedBackorders,
    })),
  }));
  const exact = parts.map(({mean, unitCost}) => ({pipeline: poissonPmf(mean), unitCost}));

  it('D2 never misses the best plan by more than its Lagrangian gap says, whatever the budget', () => {
    for (let budget = 0; budget <= 300; budget += 7) {
      const made = leastPenaltyWithin(items, budget)!;
      const best = leastBackorders(exact, budget).penalty;
      expect(made.spend).toBeLessThanOrEqual(budget);
      expect(made.bound).toBeLessThanOrEqual(best + 1e-9);
      expect(made.penalty).toBeGreaterThanOrEqual(best - 1e-9);
      expect(made.penalty).toBeLessThanOrEqual(greedyBackorders(exact, budget).penalty + 0.2);
    }
  });

  it('D2 is exact at its own break points', () => {
    const made = leastPenaltyWithin(items, 85)!;
    expect(made.spend).toBe(85);
    expect(leastPenaltyWithin(items, made.spend)).toMatchObject({gap: 0});
    expect(made.penalty).toBeCloseTo(leastBackorders(exact, 85).penalty, 12);
  });

  it('D2 reaches a penalty for no more than the bound and its last step', () => {
    for (const limit of [2, 1, 0.5, 0.1, 0.01]) {
      const made = cheapestWithin(items, limit)!;
      expect(made.penalty).toBeLessThanOrEqual(limit + 1e-9);
      expect(made.bound).toBeLessThanOrEqual(made.spend);
      expect(leastBackorders(exact, made.bound - 1e-6).penalty).toBeGreaterThan(limit - 1e-9);
    }
    expect(cheapestWithin(items, 2.7)).toMatchObject({spend: 0, gap: 0});
    expect(cheapestWithin(items, -1)).toBeNull();
  });
});

describe('bounds of a split', () => {
  const base = {demandRate: 0.5, localRepairShare: 0, localRepairTime: 0, shipTime: 1, stock: 0};
  const system = {centreResupplyTime: 4, centreStock: 0, bases: [base, base]};

  it('D2 are kept at every total, and cost what they cost', () => {
    const bounds = {
      centre: {min: 1, max: 3},
      bases: [
        {min: 0, max: 1},
        {min: 2, max: Infinity},
      ],
    };
    const free = stockSplits(system, 12, 12);
    const bound = stockSplits(system, 12, 12, bounds);
    bound.forEach(({total, centreStock, baseStocks, expectedBackorders}) => {
      expect(centreStock + baseStocks[0]! + baseStocks[1]!).toBe(total);
      expect(centreStock >= 1 && centreStock <= 3 && baseStocks[0]! <= 1 && baseStocks[1]! >= 2).toBe(true);
      expect(expectedBackorders).toBeGreaterThanOrEqual(free[total]!.expectedBackorders - 1e-12);
    });
    expect(bound[2]).toBeUndefined();
    expect(bound[12]).toBeDefined();
  });
});

describe('excess', () => {
  const held = (depotId: string, change: Partial<HeldStock>): HeldStock => ({
    depotId,
    sourceDepotId: 'C',
    free: 0,
    position: 0,
    target: 0,
    ratePerDay: 0.01,
    ...change,
  });

  it('D6 goes where the part is short, then back as far as the centre uses it, and the rest is for sale', () => {
    const rows = excessOf(
      [
        held('C', {sourceDepotId: null, free: 7, position: 7, target: 3, ratePerDay: 8 / 365}),
        held('R1', {free: 9, position: 9, target: 2, ratePerDay: 4 / 365}),
        held('R2', {position: 0, target: 2}),
      ],
      365,
    );
    expect(rows).toEqual([
      {depotId: 'R1', quantity: 2, proposal: 'transfer', toDepotId: 'R2'},
      {depotId: 'R1', quantity: 1, proposal: 'return', toDepotId: 'C'},
      {depotId: 'R1', quantity: 2, proposal: 'sell', toDepotId: null},
    ]);
  });

  it('D6 is scrap where nobody asks for the part any more', () => {
    expect(excessOf([held('R1', {free: 3, position: 3, ratePerDay: 0})], 365)).toEqual([
      {depotId: 'R1', quantity: 3, proposal: 'scrap', toDepotId: null},
    ]);
    expect(excessOf([held('R1', {free: 3, position: 3, ratePerDay: 1})], 365)).toEqual([]);
  });
});
