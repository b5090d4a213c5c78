import {describe, expect, it} from 'vitest';
import {excessOf, type HeldStock} from '../../../replenish/core/plan/excess.ts';
import {targetsOf, type DepotTarget} from '../../../replenish/core/plan/depot-targets.ts';
import {
  curvesOf,
  planNetwork,
  type NetworkPlan,
  type PlanGoal,
  type PlannedDepot,
  type PlannedPart,
} from '../../../replenish/core/plan/network-plan.ts';
import {
  cheapestWithin,
  leastPenaltyWithin,
  type SystemItem,
} from '../../../replenish/core/plan/system-approach.ts';
import {greedyBackorders, leastBackorders} from '../../../replenish/core/plan/stock-budget.ts';
import {backorderCurve} from '../../../replenish/core/probability/pmf.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';
import {stockSplits} from '../../../replenish/core/plan/stock-split.ts';

const depot = (depotId: string, change: Partial<PlannedDepot> = {}): PlannedDepot => ({
  depotId,
  ratePerDay: 0.02,
  leadTimeDays: 2,
  sourceDepotId: 'C',
  mayStock: true,
  mustStock: false,
  maxStock: null,
  ...change,
});
const centre = depot('C', {ratePerDay: 0, leadTimeDays: 30, sourceDepotId: null});
const part = (
  partId: string,
  depots: readonly PlannedDepot[],
  change: Partial<PlannedPart> = {},
): PlannedPart => ({
  partId,
  unitCostMinor: 100_000,
  shortageMinorPerH: 10_000,
  depots,
  ...change,
});
type Made = NetworkPlan & {readonly targets: readonly DepotTarget[]};
const plan = (parts: readonly PlannedPart[], goal: PlanGoal): Made | null => {
  const read = parts.map(curvesOf);
  const curves = read.flatMap((one) => one.curves);
  const unplanned = read.flatMap((one) => one.unplanned);
  const made = planNetwork(curves, unplanned, goal);
  return made && {...made, targets: curves.flatMap((curve, i) => targetsOf(curve, made.chosen[i]!))};
};
const stocks = (made: Made | null): Record<string, number> =>
  Object.fromEntries(
    made!.targets.map(({partId, depotId, baseStock}) => [`${partId} ${depotId}`, baseStock]),
  );

describe('a plan of the network', () => {
  const regional = ['R1', 'R2', 'R3'].map((id) => depot(id));

  it('D2 pooling needs less stock for the same availability than depots that buy for themselves', () => {
    const goal = {kind: 'availability', availability: 0.995, machines: 100} as const;
    const pooled = plan([part('P', [centre, ...regional])], goal)!;
    const apart = plan(
      [
        part(
          'P',
          regional.map((one) => ({...one, leadTimeDays: 32, sourceDepotId: null})),
        ),
      ],
      goal,
    )!;
    expect(pooled.expectedBackorders).toBeLessThanOrEqual(0.5);
    expect(apart.expectedBackorders).toBeLessThanOrEqual(0.5);
    expect(pooled.spendMinor).toBeLessThan(apart.spendMinor);
  });

  it('D2 a place that may not stock holds nothing, one that must holds a piece, and a maximum holds', () => {
    const bound = [
      depot('R1', {mayStock: false, ratePerDay: 0.2}),
      depot('R2', {mustStock: true, ratePerDay: 0}),
      depot('R3', {maxStock: 1, ratePerDay: 0.5}),
    ];
    const made = stocks(plan([part('P', [centre, ...bound])], {kind: 'budget', budgetMinor: 100_000_000}));
    expect(made).toMatchObject({'P R1': 0, 'P R2': 1, 'P R3': 1});
    expect(made['P C']).toBeGreaterThan(10);
  });

  it('D6 a slow mover is kept at the centre alone, a fast one also near its machines', () => {
    const slow = part('SLOW', [centre, ...regional.map((one) => ({...one, ratePerDay: 0.001}))]);
    const fast = part('FAST', [centre, ...regional.map((one) => ({...one, ratePerDay: 0.15}))]);
    const made = stocks(plan([slow, fast], {kind: 'budget', budgetMinor: 2_500_000}));
    expect([made['SLOW R1'], made['SLOW R2'], made['SLOW R3']]).toEqual([0, 0, 0]);
    expect(made['SLOW C']).toBeGreaterThan(0);
    expect(Math.min(made['FAST R1']!, made['FAST R2']!, made['FAST R3']!)).toBeGreaterThan(0);
  });

  it('D2 a dearer hour of waiting draws stock from a part whose hour is cheap', () => {
    const dear = part('DEAR', [centre, ...regional], {shortageMinorPerH: 90_000});
    const cheap = part('CHEAP', [centre, ...regional], {shortageMinorPerH: 1_000});
    const made = plan([dear, cheap], {kind: 'budget', budgetMinor: 800_000})!;
    const held = (id: string): number =>
      made.targets.reduce((sum, {partId, baseStock}) => sum + (partId === id ? baseStock : 0), 0);
    expect(held('DEAR')).toBeGreaterThan(held('CHEAP'));
    expect(made.spendMinor).toBeLessThanOrEqual(800_000);
  });

  it('D2 the centre’s own machines are served from its shelf', () => {
    const made = plan([part('P', [{...centre, ratePerDay: 0.1}])], {kind: 'budget', budgetMinor: 300_000})!;
    expect(made.targets).toMatchObject([{depotId: 'C', baseStock: 3}]);
    expect(made.expectedBackorders).toBeCloseTo(backorderCurve(poissonPmf(3), 3)[3]!, 6);
  });

  it('D2 what cannot be planned is named, and never gets a silent zero', () => {
    const odd = [
      depot('R1', {leadTimeDays: null, sourceDepotId: null}),
      depot('R2', {sourceDepotId: 'R3'}),
      depot('R3'),
    ];
    const made = plan([part('P', [centre, ...odd])], {kind: 'budget', budgetMinor: 1_000_000})!;
    expect(made.unplanned).toEqual([
      {partId: 'P', depotId: 'R1', reason: 'no-source'},
      {partId: 'P', depotId: 'R2', reason: 'third-echelon'},
    ]);
    expect(made.targets.map(({depotId}) => depotId)).toEqual(['C', 'R3']);
    const cable = plan([part('M', [{...centre, ratePerDay: 900}])], {
      kind: 'budget',
      budgetMinor: 1_000_000,
    })!;
    expect(cable).toMatchObject({targets: [], unplanned: [{depotId: 'C', reason: 'moves-too-fast'}]});
  });

  it('D2 a goal that cannot be met is refused', () => {
    const must = part('P', [depot('C', {...centre, mustStock: true})]);
    expect(plan([must], {kind: 'budget', budgetMinor: 99_999})).toBeNull();
    const none = part('P', [depot('C', {...centre, mayStock: false, ratePerDay: 0.1})]);
    expect(plan([none], {kind: 'availability', availability: 0.99, machines: 10})).toBeNull();
  });
});

describe('the system approach', () => {
  /** Parts of one place: Poisson pipelines, no echelons. */
  const parts = [
    {mean: 0.8, unitCost: 20},
    {mean: 1.6, unitCost: 15},
    {mean: 0.3, unitCost: 55},
  ];
  const items = parts.map(({mean, unitCost}): SystemItem => ({
    unitCost,
    weight: 1,
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
