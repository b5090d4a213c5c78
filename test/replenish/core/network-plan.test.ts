import {describe, expect, it} from 'vitest';
import {evaluatedPlan, type EvaluatedPlan} from '../../../replenish/evaluated-plan.ts';
import {availabilityLoss, fleetAvailability, type Fleet} from '../../../replenish/core/plan/availability.ts';
import {evaluated, type DepotTarget} from '../../../replenish/core/plan/depot-targets.ts';
import {
  curvesOf,
  planNetwork,
  type Unplanned,
  type PlanGoal,
  type PlannedDepot,
  type PlannedPart,
} from '../../../replenish/core/plan/network-plan.ts';
import {cheapestForAvailability} from '../../../replenish/core/plan/stock-budget.ts';
import {backorderCurve} from '../../../replenish/core/probability/pmf.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';
import {exactTwoEchelon, totalBackorders, variMetric} from '../../../replenish/core/plan/two-echelon.ts';
import {streamOf} from '../../../simulator/random.ts';

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
type Made = EvaluatedPlan & {
  readonly targets: readonly DepotTarget[];
  readonly unplanned: readonly Unplanned[];
};
/** Each of a hundred machines has one piece of each part. */
const hundred = (parts: readonly PlannedPart[]): Fleet => ({
  machines: new Map([['M', 100]]),
  carried: parts.map(({partId, depots}) => ({
    partId,
    depotId: depots[0]!.depotId,
    modelId: 'M',
    pieces: 100,
  })),
});
const asked = async (
  parts: readonly PlannedPart[],
  goal: PlanGoal,
  fleet: Fleet,
): Promise<Made | 'out-of-reach' | 'no-machines'> => {
  const read = parts.map(curvesOf);
  const curves = read.flatMap((one) => one.curves);
  const unplanned = read.flatMap((one) => one.unplanned);
  const made = await evaluatedPlan(curves, goal, fleet);
  if (typeof made === 'string') return made;
  return {...made, unplanned, targets: made.splits.flatMap(({targets}) => targets)};
};
const plan = async (parts: readonly PlannedPart[], goal: PlanGoal, fleet = hundred(parts)): Promise<Made> => {
  const made = await asked(parts, goal, fleet);
  if (typeof made === 'string') throw new Error(made);
  return made;
};
const stocks = (made: Made): Record<string, number> =>
  Object.fromEntries(made.targets.map(({partId, depotId, baseStock}) => [`${partId} ${depotId}`, baseStock]));

describe('a plan of the network', () => {
  const regional = ['R1', 'R2', 'R3'].map((id) => depot(id));

  it('D2 pooling needs less stock for the same availability than depots that buy for themselves', async () => {
    const goal = {kind: 'availability', availability: 0.995} as const;
    const pooled = await plan([part('P', [centre, ...regional])], goal);
    const apart = await plan(
      [
        part(
          'P',
          regional.map((one) => ({...one, leadTimeDays: 32, sourceDepotId: null})),
        ),
      ],
      goal,
    );
    expect(pooled.availability).toBeGreaterThanOrEqual(0.995);
    expect(apart.availability).toBeGreaterThanOrEqual(0.995);
    expect(pooled.spendMinor).toBeLessThan(apart.spendMinor);
  });

  it('D2 a place that may not stock holds nothing, one that must holds a piece, and a maximum holds', async () => {
    const bound = [
      depot('R1', {mayStock: false, ratePerDay: 0.2}),
      depot('R2', {mustStock: true, ratePerDay: 0}),
      depot('R3', {maxStock: 1, ratePerDay: 0.5}),
    ];
    const made = stocks(
      await plan([part('P', [centre, ...bound])], {kind: 'budget', budgetMinor: 100_000_000}),
    );
    expect(made).toMatchObject({'P R1': 0, 'P R2': 1, 'P R3': 1});
    expect(made['P C']).toBeGreaterThan(10);
  });

  it('D6 a slow mover is kept at the centre alone, a fast one also near its machines', async () => {
    const slow = part('SLOW', [centre, ...regional.map((one) => ({...one, ratePerDay: 0.001}))]);
    const fast = part('FAST', [centre, ...regional.map((one) => ({...one, ratePerDay: 0.15}))]);
    const made = stocks(await plan([slow, fast], {kind: 'budget', budgetMinor: 2_500_000}));
    expect([made['SLOW R1'], made['SLOW R2'], made['SLOW R3']]).toEqual([0, 0, 0]);
    expect(made['SLOW C']).toBeGreaterThan(0);
    expect(Math.min(made['FAST R1']!, made['FAST R2']!, made['FAST R3']!)).toBeGreaterThan(0);
  });

  it('D2 a dearer hour of waiting draws stock from a part whose hour is cheap', async () => {
    const dear = part('DEAR', [centre, ...regional], {shortageMinorPerH: 90_000});
    const cheap = part('CHEAP', [centre, ...regional], {shortageMinorPerH: 1_000});
    const made = await plan([dear, cheap], {kind: 'budget', budgetMinor: 800_000});
    const held = (id: string): number =>
      made.targets.reduce((sum, {partId, baseStock}) => sum + (partId === id ? baseStock : 0), 0);
    expect(held('DEAR')).toBeGreaterThan(held('CHEAP'));
    expect(made.spendMinor).toBeLessThanOrEqual(800_000);
  });

  it('D2 the centre’s own machines are served from its shelf', async () => {
    const made = await plan([part('P', [{...centre, ratePerDay: 0.1}])], {
      kind: 'budget',
      budgetMinor: 300_000,
    });
    expect(made.targets).toMatchObject([{depotId: 'C', baseStock: 3}]);
    expect(made.expectedBackorders).toBeCloseTo(backorderCurve(poissonPmf(3), 3)[3]!, 6);
  });

  it('D2 what cannot be planned is named, and never gets a silent zero', async () => {
    const odd = [
      depot('R1', {leadTimeDays: null, sourceDepotId: null}),
      depot('R2', {sourceDepotId: 'R3'}),
      depot('R3'),
    ];
    const made = await plan([part('P', [centre, ...odd])], {kind: 'budget', budgetMinor: 1_000_000});
    expect(made.unplanned).toEqual([
      {partId: 'P', depotId: 'R1', reason: 'no-source'},
      {partId: 'P', depotId: 'R2', reason: 'third-echelon'},
    ]);
    expect(made.targets.map(({depotId}) => depotId)).toEqual(['C', 'R3']);
    const cable = await plan([part('M', [{...centre, ratePerDay: 900}])], {
      kind: 'budget',
      budgetMinor: 1_000_000,
    });
    expect(cable).toMatchObject({targets: [], unplanned: [{depotId: 'C', reason: 'moves-too-fast'}]});
  });

  it('D2 a goal that cannot be met is refused', async () => {
    const must = part('P', [depot('C', {...centre, mustStock: true})]);
    expect(await asked([must], {kind: 'budget', budgetMinor: 99_999}, hundred([must]))).toBe('out-of-reach');
    const none = part('P', [depot('C', {...centre, mayStock: false, ratePerDay: 0.1})]);
    const goal = {kind: 'availability', availability: 0.99} as const;
    expect(await asked([none], goal, hundred([none]))).toBe('out-of-reach');
    expect(await asked([none], goal, {machines: new Map(), carried: []})).toBe('no-machines');
  });
});

describe('the availability of a fleet', () => {
  const alone = (partId: string, ratePerDay: number, change: Partial<PlannedPart> = {}): PlannedPart =>
    part(partId, [{...centre, ratePerDay, leadTimeDays: 10}], change);
  const budget = (budgetMinor: number) => ({kind: 'budget', budgetMinor}) as const;

  it('D2 L1 is a product over the pieces of a machine, not one minus everything that is short', () => {
    const fleet = {machines: new Map([['M', 10]]), carried: []};
    const served = [20, 10].map((pieces) => ({byModel: new Map([['M', pieces]]), pieces}));
    expect(fleetAvailability(fleet, served, [0.4, 0.1]).availability).toBeCloseTo(0.98 ** 2 * 0.99, 12);
    // Each of fifty parts keeps a tenth of the machines waiting: few run, but not fewer than none.
    const fifty = Array.from({length: 50}, () => served[1]!);
    const made = fleetAvailability(
      fleet,
      fifty,
      fifty.map(() => 1),
    );
    expect(made.availability).toBeCloseTo(0.9 ** 50, 12);
  });

  it('D2 a part of few machines keeps those waiting, and the least available model is named first', async () => {
    const parts = [alone('RARE', 0.1), alone('COMMON', 0.1)];
    const at = (partId: string, modelId: string, pieces: number) => ({partId, depotId: 'C', modelId, pieces});
    const fleet = {
      machines: new Map([
        ['BIG', 96],
        ['SMALL', 4],
        ['OTHER', 7],
      ]),
      carried: [at('RARE', 'SMALL', 4), at('COMMON', 'BIG', 96), at('COMMON', 'SMALL', 4)],
    };
    const made = await plan(parts, budget(0), fleet); // each is one piece short on average
    expect(made.fleets).toEqual([
      {modelId: 'SMALL', machines: 4, availability: expect.closeTo(0.75 * 0.99, 9) as number},
      {modelId: 'BIG', machines: 96, availability: expect.closeTo(0.99, 9) as number},
      {modelId: 'OTHER', machines: 7, availability: null},
    ]);
    expect(made).toMatchObject({machinesTold: 100});
    expect(made.availability).toBeCloseTo(0.96 * 0.99 + 0.04 * 0.75 * 0.99, 9);
  });

  it('D2 a goal is reached by the product, for no less than the cheapest plan of all', async () => {
    const fleet = {
      machines: new Map([['M', 10]]),
      carried: ['A', 'B'].map((partId) => ({partId, depotId: 'C', modelId: 'M', pieces: 10})),
    };
    const parts = [alone('A', 0.07, {unitCostMinor: 30}), alone('B', 0.02, {unitCostMinor: 80})];
    const pipelines = [
      {pipeline: poissonPmf(0.7), unitCost: 30},
      {pipeline: poissonPmf(0.2), unitCost: 80},
    ];
    for (const availability of [0.93, 0.95, 0.98, 0.99, 0.999]) {
      const made = await plan(parts, {kind: 'availability', availability}, fleet);
      const best = cheapestForAvailability(pipelines, 10, availability)!;
      expect(made.availability).toBeGreaterThanOrEqual(availability);
      expect(made.spendMinor).toBeGreaterThanOrEqual(best.spend);
      expect(made.spendMinor).toBeLessThanOrEqual(best.spend + 80);
    }
    expect(stocks(await plan(parts, {kind: 'availability', availability: 0.98}, fleet))).toEqual({
      'A C': 2,
      'B C': 1,
    });
  });

  it('D2 a part that no machine on record carries counts as carried by each, and one that no stock can save does not hide the rest', async () => {
    const fleet = {machines: new Map([['M', 50]]), carried: []};
    expect((await plan([alone('P', 0.1)], budget(0), fleet)).availability).toBeCloseTo(1 - 1 / 50, 9);
    const hopeless = part('LOST', [{...centre, ratePerDay: 0.5, mayStock: false}]);
    const parts = [hopeless, alone('P', 0.1)];
    const carried = [
      {partId: 'LOST', depotId: 'C', modelId: 'OLD', pieces: 2},
      {partId: 'P', depotId: 'C', modelId: 'M', pieces: 98},
    ];
    const machines = new Map([
      ['OLD', 2],
      ['M', 98],
    ]);
    const made = await plan(parts, {kind: 'availability', availability: 0.5}, {machines, carried});
    expect(made.fleets[0]).toEqual({modelId: 'OLD', machines: 2, availability: 0});
    expect(made.availability).toBeGreaterThanOrEqual(0.5);
  });

  it('D2 cannot be told where nothing could be planned', async () => {
    const lost = part('P', [depot('R1', {leadTimeDays: null, sourceDepotId: null, ratePerDay: 1})]);
    const made = await plan([lost], budget(1_000_000));
    expect(made).toMatchObject({availability: null, machinesTold: 0, targets: []});
    expect(made.fleets).toEqual([{modelId: 'M', machines: 100, availability: null}]);
  });

  it('D2 is the geometric mean over the machines or more, so a goal for that is safe', () => {
    const random = streamOf(1, 'fleets');
    for (let run = 0; run < 200; run += 1) {
      const machines = new Map(['A', 'B', 'C'].map((id) => [id, 1 + Math.floor(50 * random.uniform())]));
      const served = Array.from({length: 6}, () => {
        const byModel = new Map(
          [...machines]
            .filter(() => random.uniform() < 0.7)
            .map(([id, n]) => [id, n * (1 + Math.floor(3 * random.uniform()))]),
        );
        return {byModel, pieces: [...byModel.values()].reduce((sum, n) => sum + n, 0)};
      });
      const short = served.map(({pieces}) => 0.5 * random.uniform() * pieces);
      const {availability, machinesTold} = fleetAvailability({machines, carried: []}, served, short);
      const loss = served.reduce((sum, {pieces}, i) => sum + availabilityLoss(pieces, short[i]!), 0);
      if (machinesTold > 0) expect(Math.exp(-loss / machinesTold)).toBeLessThanOrEqual(availability! + 1e-12);
    }
  });
});

describe('the figures of a plan', () => {
  const uneven = part('P', [
    centre,
    depot('R1', {ratePerDay: 0.03}),
    depot('R2', {ratePerDay: 0.06}),
    depot('R3', {ratePerDay: 0.12}),
  ]);

  it('D2 are those of the exact split, and say how far the approximation that chose the stock is off', async () => {
    const made = await plan([uneven], {kind: 'budget', budgetMinor: 900_000});
    const {system} = curvesOf(uneven).curves[0]!;
    const [centreStock, ...shelves] = made.targets.map(({baseStock}) => baseStock);
    const stocked = {
      ...system,
      centreStock: centreStock!,
      bases: system.bases.map((base, i) => ({...base, stock: i === 0 ? 0 : shelves[i - 1]!})),
    };
    const exact = exactTwoEchelon(stocked);
    expect(made.targets.slice(1).map(({expectedBackorders}) => expectedBackorders)).toEqual(
      exact.slice(1).map(({expectedBackorders}) => expectedBackorders),
    );
    expect(made.targets.slice(1).map(({fillRate}) => fillRate)).toEqual(
      exact.slice(1).map(({fillRate}) => fillRate),
    );
    expect(made.expectedBackorders).toBeCloseTo(totalBackorders(exact), 12);
    const off = variMetric(stocked).map(({expectedBackorders}, i) =>
      Math.abs(expectedBackorders - exact[i]!.expectedBackorders),
    );
    expect(made).toMatchObject({systems: 1, exactSystems: 1, approximationOff: Math.max(...off)});
    expect(made.approximationOff).toBeGreaterThan(1e-4);
  });

  it('D2 are the approximation’s where demand comes in lumps, or the exact ones would cost too much', async () => {
    const lumpy = part('P', [centre, depot('R1', {vmr: 2})]);
    const made = await plan([lumpy], {kind: 'budget', budgetMinor: 300_000});
    expect(made).toMatchObject({systems: 1, exactSystems: 0, approximationOff: null});
    const many = Array.from({length: 400}, (_, i) => depot(`R${i}`, {ratePerDay: 0.005, leadTimeDays: 1}));
    const {system} = curvesOf(part('P', [centre, many[0]!])).curves[0]!;
    const crowd = {
      ...curvesOf(part('P', [centre])).curves[0]!,
      bases: many,
      system: {
        ...system,
        bases: [
          system.bases[0]!,
          ...many.map(({ratePerDay}) => ({...system.bases[1]!, demandRate: ratePerDay})),
        ],
      },
    };
    const split = {
      total: 2,
      centreStock: 2,
      baseStocks: crowd.system.bases.map(() => 0),
      expectedBackorders: 0,
    };
    expect(evaluated(crowd, split).approximationOff).toBeNull();
  });

  it('D2 are those of (r, Q) where a source has a least order: with 10 and lots of 5 the book’s 0.1202 short, 0.8990 filled', () => {
    const yearly = {ratePerDay: 45 / 365.25, leadTimeDays: 365.25 / 6};
    const bought = part('P', [{...centre, ...yearly, lot: 5}]);
    const split = {total: 10, centreStock: 10, baseStocks: [0], expectedBackorders: 0};
    const {targets, lotPieces, approximationOff} = evaluated(curvesOf(bought).curves[0]!, split);
    expect(targets[0]!.expectedBackorders).toBeCloseTo(0.1202, 4);
    expect(targets[0]!.fillRate).toBeCloseTo(0.899, 4);
    expect(lotPieces).toBe(2);
    expect(approximationOff).toBeLessThan(1e-9);
  });

  it('D2 need less of a part that comes by the lot, at the centre and at a depot, and say what lots add', async () => {
    const goal = {kind: 'availability', availability: 0.998} as const;
    const one = part('P', [{...centre, ratePerDay: 0.1}, depot('R1', {ratePerDay: 0.1})]);
    const lots = part('P', [{...centre, ratePerDay: 0.1, lot: 6}, depot('R1', {ratePerDay: 0.1, lot: 3})]);
    const [single, byLot] = [await plan([one], goal), await plan([lots], goal)];
    expect(single.lotStockMinor).toBe(0);
    expect(byLot.lotStockMinor).toBe((2.5 + 1) * 100_000);
    expect(byLot.spendMinor).toBeLessThan(single.spendMinor);
    expect(byLot.availability).toBeGreaterThanOrEqual(0.998);
    expect(byLot).toMatchObject({exactSystems: 0});
  });

  it('D2 reach an availability that the approximation alone would have missed', async () => {
    const {curves} = curvesOf(uneven);
    const fleet = hundred([uneven]);
    let missed = 0;
    // Between what VARI-METRIC says of a split and what it is.
    for (const split of curves[0]!.splits) {
      const {expectedBackorders} = evaluated(curves[0]!, split);
      const availability = 1 - (split.expectedBackorders + expectedBackorders) / 200;
      if (availability > 0.9999) continue;
      const goal = {kind: 'availability', availability} as const;
      const approximate = planNetwork(curves, goal, fleet);
      if (typeof approximate === 'string') throw new Error(approximate);
      const really = evaluated(curves[0]!, approximate.chosen[0]!).expectedBackorders;
      if (1 - really / 100 < availability - 1e-9) missed += 1;
      expect((await plan([uneven], goal, fleet)).availability).toBeGreaterThanOrEqual(availability - 1e-9);
    }
    expect(missed).toBeGreaterThan(0);
  });
});
