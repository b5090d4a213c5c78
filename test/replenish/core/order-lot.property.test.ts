import fc from 'fast-check';
import {expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {positionOf} from '../../../replenish/core/decision/depot-plan.ts';
import {newsvendorCost, newsvendorLevel} from '../../../replenish/core/stock/newsvendor.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';
import {cheapestWindow, windowCost} from '../../../replenish/core/stock/rq-policy.ts';
import {DEFAULT_POLICY} from '../../../replenish/core/decision/policy.ts';
import type {Situation} from '../../../replenish/core/decision/situation.ts';
import {component, depot, receipt, situation, source} from './situations.ts';

const shelf = fc.record({
  onHand: fc.integer({min: 0, max: 12}),
  coming: fc.integer({min: 0, max: 4}),
  backgroundPerYear: fc.double({min: 0, max: 200, noNaN: true}),
  weekPpm: fc.array(fc.integer({min: 0, max: 900_000}), {maxLength: 4}),
  orderCostMinor: fc.integer({min: 0, max: 100_000}),
  unitCostMinor: fc.integer({min: 500, max: 500_000}),
  minimum: fc.integer({min: 1, max: 6}),
  multiple: fc.integer({min: 1, max: 6}),
  maxStock: fc.option(fc.integer({min: 1, max: 30})),
  shelfLifeD: fc.option(fc.integer({min: 30, max: 2000})),
  autoOrderMaxMinor: fc.integer({min: 1_000, max: 2_000_000}),
});

function situationOf(one: typeof shelf extends fc.Arbitrary<infer T> ? T : never, lots: boolean): Situation {
  const {unitCostMinor, shelfLifeD, minimum, multiple, orderCostMinor, autoOrderMaxMinor} = one;
  const supplier = source('supplier', 'SUP', {
    priceMinor: unitCostMinor,
    orderCostMinor,
    minimum: minimum * multiple,
    multiple,
  });
  const at = depot('A', {
    onHand: one.onHand,
    receipts: one.coming === 0 ? [] : [receipt('O1', one.coming, 100)],
    backgroundPerYear: one.backgroundPerYear,
    components: one.weekPpm.map((ppm, i) => component(`C${i}`, ppm, {tailHazardPpbPerH: 20_000})),
    maxStock: one.maxStock,
    sources: [supplier],
  });
  const part = {partId: 'P1', unitCostMinor, currency: 'EUR', ...(shelfLifeD === null ? {} : {shelfLifeD})};
  const policy = {
    ...DEFAULT_POLICY,
    mode: 'auto' as const,
    autoOrderMaxMinor,
    lotCoverDaysMax: lots ? 365 : 0,
  };
  return situation([at], [], {part, policy});
}

it('a lot changes how many an order brings, never whether or where from, and keeps every limit that the need kept', () => {
  fc.assert(
    fc.property(shelf, (one) => {
      const needed = decide(situationOf(one, false)).option;
      const recorded = situationOf(one, true);
      const decision = decide(recorded);
      const {option} = decision;
      expect([option.action, option.sourceId]).toEqual([needed.action, needed.sourceId]);
      expect(option.quantity).toBeGreaterThanOrEqual(needed.quantity);
      expect(option.quantity % one.multiple).toBe(needed.quantity % one.multiple);
      const raised = option.quantity > needed.quantity;
      expect(decision.reasons.some(({code}) => code === 'economic-lot')).toBe(raised);
      if (!raised) return;
      const after = positionOf(recorded.depots[0]!) + option.quantity;
      if (one.maxStock !== null) expect(after).toBeLessThanOrEqual(one.maxStock);
      if (needed.landedMinor <= one.autoOrderMaxMinor)
        expect(option.landedMinor).toBeLessThanOrEqual(one.autoOrderMaxMinor);
    }),
    {seed: 3, numRuns: 300},
  );
});

it('no window that begins at the same level is cheaper, and none at all when the level is free', () => {
  const rates = fc.record({
    demand: fc.double({min: 0.1, max: 20, noNaN: true}),
    ordering: fc.double({min: 0, max: 500, noNaN: true}),
    underage: fc.double({min: 1, max: 100, noNaN: true}),
    raise: fc.integer({min: 0, max: 4}),
  });
  fc.assert(
    fc.property(rates, ({demand, ordering, underage, raise}) => {
      const pmf = poissonPmf(demand);
      const costs = {overage: 1, underage};
      const levelCost = (y: number): number => newsvendorCost(pmf, y, costs);
      const best = newsvendorLevel(pmf, costs);
      const free = cheapestWindow({ordering, levelCost}, best);
      const from = cheapestWindow({ordering, levelCost}, best + raise, {lowest: best + raise});
      expect(from.r).toBe(best + raise - 1);
      for (let q = 1; q <= 60; q += 1) {
        const tried = windowCost({ordering, levelCost}, {r: from.r, q});
        expect(tried).toBeGreaterThanOrEqual(from.cost - 1e-9);
        for (const r of [free.r - 1, free.r, free.r + 1])
          expect(windowCost({ordering, levelCost}, {r, q})).toBeGreaterThanOrEqual(free.cost - 1e-9);
      }
    }),
    {seed: 4, numRuns: 40},
  );
});
