import {describe, expect, it} from 'vitest';
import {evaluated, fillRateOf} from '../../../replenish/core/plan/depot-targets.ts';
import {curvesOf, type PlannedDepot, type PlannedPart} from '../../../replenish/core/plan/network-plan.ts';
import {fullPoolingEmergency} from '../../../replenish/core/plan/lateral.ts';
import {balanceInput, plannedPart} from '../../../replenish/core/plan/plan-input.ts';
import {backorderCurve} from '../../../replenish/core/probability/pmf.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';
import {repairFlows} from '../../../replenish/core/plan/repair-flow.ts';
import {NO_REPAIRS, repairedShare, resupplyDays} from '../../../replenish/core/plan/repair-loop.ts';
import {metric, totalBackorders, variMetric} from '../../../replenish/core/plan/two-echelon.ts';
import {streamOf} from '../../../simulator/random.ts';
import {depot, lane, situation, source} from './situations.ts';

const centre: PlannedDepot = {
  depotId: 'C',
  ratePerDay: 0.1,
  leadTimeDays: 60,
  sourceDepotId: null,
  mayStock: true,
  mustStock: false,
  maxStock: null,
};
const part = (depots: readonly PlannedDepot[], lanes: PlannedPart['lanes'] = []): PlannedPart => ({
  partId: 'P',
  unitCostMinor: 100_000,
  shortageMinorPerH: 10_000,
  depots,
  lanes,
});
const loop = {repairedShare: 0.6, turnaroundDays: 10};
const targetsAt = (planned: PlannedPart, centreStock: number, ...baseStocks: number[]) =>
  evaluated(curvesOf(planned).curves[0]!, {
    total: 0,
    centreStock,
    baseStocks: [0, ...baseStocks],
    expectedBackorders: 0,
  }).targets;

/** Pieces owed on average at a shelf whose broken pieces are repaired in fixed time or, condemned, bought. */
function simulated(stock: number, days: number, seed: number): number {
  const random = streamOf(seed, 'repair-loop');
  const back: number[] = [];
  let owedDays = 0;
  for (let now = 0; now < days; now -= Math.log(1 - random.uniform()) / centre.ratePerDay) {
    const time = random.uniform() < loop.repairedShare ? loop.turnaroundDays : centre.leadTimeDays!;
    back.push(now + time);
  }
  // The n-th demand takes the n-th piece that is there: the first `stock` at once, then in the order in which they come back.
  const inOrder = [...back].sort((a, b) => a - b);
  const demands: number[] = [];
  const again = streamOf(seed, 'repair-loop');
  for (let now = 0; now < days; now -= Math.log(1 - again.uniform()) / centre.ratePerDay) {
    again.uniform();
    demands.push(now);
  }
  demands.forEach((at, n) => {
    if (n >= stock) owedDays += Math.max(0, inOrder[n - stock]! - at);
  });
  return owedDays / days;
}

describe('a repair loop', () => {
  it('G6 repaired pieces come back sooner than bought ones, and condemned ones are bought', () => {
    expect(repairedShare({used: 20, returned: 15, repaired: 8, condemned: 1})).toBeCloseTo(0.6, 12);
    expect(resupplyDays(loop, {wayBackDays: 2, leadTimeDays: 60})).toBeCloseTo(31.2, 12);
    expect(repairFlows(part([{...centre, repair: loop}]))).toMatchObject([
      {depotId: 'C', inRepair: 0.6, repairedPerYear: 21.915, boughtPerYear: 14.61},
    ]);
  });

  it('G6 a part whose repairs nobody has booked is planned as bought', () => {
    expect(repairedShare(NO_REPAIRS)).toBe(0);
    expect(repairedShare({used: 5, returned: 5, repaired: 0, condemned: 0})).toBe(0);
    expect(repairedShare({used: 5, returned: 9, repaired: 9, condemned: 0})).toBeLessThan(1);
  });

  it('G6 the plan’s pipeline is failures × repair time, as METRIC has it', () => {
    const planned = part([{...centre, repair: loop}]);
    const [target] = targetsAt(planned, 3);
    expect(target!.expectedBackorders).toBeCloseTo(backorderCurve(poissonPmf(3), 3)[3]!, 6);
    expect(target!.expectedBackorders).toBeCloseTo(0.6721, 4);
    expect(target!.fillRate).toBeCloseTo(0.4232, 4);
    const bought = targetsAt(part([centre]), 3);
    expect(bought[0]!.expectedBackorders).toBeGreaterThan(3);
  });

  it('G6 the plan owes what a played-through loop owes, within 3 standard errors', () => {
    const runs = Array.from({length: 20}, (_, seed) => simulated(3, 100_000, seed));
    const mean = runs.reduce((sum, run) => sum + run, 0) / runs.length;
    const error = Math.sqrt(runs.reduce((sum, run) => sum + (run - mean) ** 2, 0) / (runs.length * 19));
    const [target] = targetsAt(part([{...centre, repair: loop}]), 3);
    expect(error / mean).toBeLessThan(0.02);
    expect(Math.abs(mean - target!.expectedBackorders)).toBeLessThan(3 * error);
  });

  it('G6 a depot’s own workshop and the centre’s share the work; what the first condemns is bought', () => {
    const own = {
      ...centre,
      depotId: 'R1',
      leadTimeDays: 2,
      sourceDepotId: 'C',
      repair: {...loop, turnaroundDays: 5},
    };
    const sends = {...centre, depotId: 'R2', leadTimeDays: 2, sourceDepotId: 'C'};
    const planned = part([{...centre, ratePerDay: 0, repair: loop}, own, sends]);
    const {system} = curvesOf(planned).curves[0]!;
    // R2 sends 0.1 a day back over 2 days; R1 orders 0.04 a day, all of it new.
    expect(system.centreResupplyTime).toBeCloseTo((0.1 * 31.2 + 0.04 * 60) / 0.14, 12);
    expect(system.bases[1]).toMatchObject({localRepairShare: 0.6, localRepairTime: 5});
    expect(repairFlows(planned)).toMatchObject([
      {depotId: 'C', inRepair: expect.closeTo(0.1 * 0.6 * 12, 12) as number},
      {depotId: 'R1', inRepair: expect.closeTo(0.1 * 0.6 * 5, 12) as number},
    ]);
    const stocked = {...system, centreStock: 3, bases: system.bases.map((one) => ({...one, stock: 1}))};
    expect(totalBackorders(metric(stocked))).toBeLessThan(totalBackorders(variMetric(stocked)));
  });

  it('G6 the loop of a situation is its workshop and the books of the shelves that it serves', () => {
    const workshop = source('supplier', 'SHOP', {kind: 'repair', meanH: 240});
    const read = plannedPart(
      situation([
        depot('C', {sources: [source('supplier', 'SUP', {meanH: 1440}), workshop]}),
        depot('R1', {parentDepotId: 'C', sources: [source('depot', 'C', {meanH: 48})]}),
      ]),
      (depotId) =>
        depotId === 'C'
          ? {used: 0, returned: 15, repaired: 8, condemned: 1}
          : {used: 20, returned: 0, repaired: 0, condemned: 0},
    );
    expect(read.depots[0]!.repair!.repairedShare).toBeCloseTo(0.6, 12);
    expect(read.depots.map(({repair}) => repair?.turnaroundDays)).toEqual([10, undefined]);
  });
});

describe('service that a plan reports', () => {
  const regional = (depotId: string) => ({...centre, depotId, leadTimeDays: 2, sourceDepotId: 'C'});
  const both = [{depotId: 'R1'}, {depotId: 'R2'}];
  const lanes = [
    {fromDepotId: 'R1', toDepotId: 'R2', days: 0.3},
    {fromDepotId: 'R2', toDepotId: 'R1', days: 0.3},
  ];

  it('F2 neighbours fill more together than each alone, and only where a lane leads from one to the other', () => {
    const depots = [{...centre, ratePerDay: 0}, ...both.map(({depotId}) => regional(depotId))];
    const apart = targetsAt(part(depots), 8, 1, 1);
    const joined = targetsAt(part(depots, lanes), 8, 1, 1);
    expect(apart.map(({fillRateHelped}) => fillRateHelped)).toEqual([null, null, null]);
    for (const [i, {fillRate, fillRateHelped}] of joined.entries()) {
      expect(fillRate).toBe(apart[i]!.fillRate);
      if (i > 0) expect(fillRateHelped).toBeGreaterThan(fillRate);
    }
    const oneWay = targetsAt(part(depots, lanes.slice(0, 1)), 8, 1, 1);
    expect(oneWay.map(({fillRateHelped}) => fillRateHelped === null)).toEqual([true, true, false]);
    // As one stock they fill what full pooling fills, and help on one lane alone reaches less.
    expect(apart.map(({fillRatePooled}) => fillRatePooled)).toEqual([null, null, null]);
    expect(oneWay[0]!.fillRatePooled).toBeNull();
    const pooled = oneWay[1]!.fillRatePooled!;
    expect(oneWay[2]!.fillRatePooled).toBe(pooled);
    expect((oneWay[1]!.fillRate + oneWay[2]!.fillRateHelped!) / 2).toBeLessThan(pooled);
  });

  it('F2 a pool with little stock is solved exactly, a larger one approximately, and the two agree where stock is normal', () => {
    const depots = [{...centre, ratePerDay: 0}, ...both.map(({depotId}) => regional(depotId))];
    const [, small] = targetsAt(part(depots, lanes), 8, 6, 6); // 49 states
    const [, large] = targetsAt(part(depots, lanes), 8, 7, 8); // 72 states
    expect(small!.fillRateHelped).toBeGreaterThan(0.998);
    expect(large!.fillRateHelped).toBeGreaterThan(small!.fillRateHelped!);
    const points = depots.slice(1).map((_, i) => ({
      demandRate: 0.1,
      baseStock: 1,
      replenishmentTime: 2,
      donors: [1 - i],
    }));
    // Two depots that share everything and wait equally long are one stock: Erlang's loss of 2 pieces at 0.4.
    const [, alone] = targetsAt(part(depots, lanes), 40, 1, 1);
    expect(1 - alone!.fillRateHelped!).toBeCloseTo(fullPoolingEmergency(points), 6);
    expect(1 - alone!.fillRatePooled!).toBeCloseTo(fullPoolingEmergency(points), 6);
  });

  it('L1 the plan’s fill rate weighs each depot by what is asked for there', () => {
    const [own, ...rest] = targetsAt(part([{...centre, ratePerDay: 0.3}, regional('R1')]), 12, 2);
    const expected = (0.3 * own!.fillRate + 0.1 * rest[0]!.fillRate) / 0.4;
    expect(fillRateOf([own!, ...rest])).toBeCloseTo(expected, 12);
    expect(fillRateOf([])).toBe(1);
  });

  it('F5 a barred lane neither helps nor moves', () => {
    const world = situation(
      [
        depot('C', {sources: [source('supplier', 'SUP')]}),
        depot('R1', {parentDepotId: 'C', sources: [source('depot', 'C')]}),
        depot('R2', {parentDepotId: 'C', sources: [source('depot', 'C')]}),
      ],
      [lane('R1', 'R2', {barred: 'air from R1 to R2 carries no lithium'}), lane('R2', 'R1'), lane('C', 'R1')],
    );
    expect(plannedPart(world).lanes).toEqual([{fromDepotId: 'R2', toDepotId: 'R1', days: 0.5}]);
    expect(balanceInput(world).lanes.map(({fromDepotId}) => fromDepotId)).not.toContain('R1');
  });
});
