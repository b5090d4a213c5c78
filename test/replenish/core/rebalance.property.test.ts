import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {solve} from 'yalps';
import {minCostFlow, type Arc} from '../../../replenish/core/plan/min-cost-flow.ts';
import {expectedBackorders, expectedOnHand} from '../../../replenish/core/probability/pmf.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';
import {rebalance, type BalancedShelf, type BalanceLane} from '../../../replenish/core/plan/rebalance.ts';

const SEED = {seed: 20_260_105, numRuns: 100};

/** Up to three senders (1..3) and three takers (4..6) between source 0 and sink 7; costs of sending and taking rise with the pieces. */
const network = fc
  .record({
    sending: fc.array(fc.record({at: fc.integer({min: 1, max: 3}), cost: fc.integer({min: -5, max: 9})}), {
      maxLength: 6,
    }),
    ways: fc.array(
      fc.record({
        from: fc.integer({min: 1, max: 3}),
        to: fc.integer({min: 4, max: 6}),
        capacity: fc.integer({min: 1, max: 3}),
        cost: fc.integer({min: 0, max: 6}),
      }),
      {maxLength: 6},
    ),
    taking: fc.array(fc.record({at: fc.integer({min: 4, max: 6}), cost: fc.integer({min: -20, max: 0})}), {
      maxLength: 6,
    }),
  })
  .map(({sending, ways, taking}): Arc[] => [
    ...sending.map(({at, cost}) => ({from: 0, to: at, capacity: 1, cost})),
    ...ways,
    ...taking.map(({at, cost}) => ({from: at, to: 7, capacity: 1, cost})),
  ]);

/** The same as a linear programme. */
function linearOptimum(arcs: readonly Arc[]): number {
  const variables = arcs.map(({from, to, cost}, i) => ({
    cost,
    [`arc${i}`]: 1,
    ...(from === 0 ? {} : {[`node${from}`]: -1}),
    ...(to === 7 ? {} : {[`node${to}`]: 1}),
  }));
  const {result, status} = solve({
    direction: 'minimize',
    objective: 'cost',
    constraints: {
      ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((node) => [`node${node}`, {equal: 0}])),
      ...Object.fromEntries(arcs.map(({capacity}, i) => [`arc${i}`, {max: capacity}])),
    },
    variables: Object.fromEntries(variables.map((variable, i) => [`x${i}`, variable])),
  });
  expect(status).toBe('optimal');
  return result;
}

/** Two to four shelves with Poisson demand, and lanes between all of them. */
const shelves = fc.array(
  fc.record({
    stock: fc.nat(5),
    mean: fc.constantFrom(0, 0.2, 1, 2.5),
    rescue: fc.integer({min: 1, max: 20}).map((n) => n * 1000),
    holding: fc.integer({min: 1, max: 10}).map((n) => n * 100),
  }),
  {minLength: 2, maxLength: 3},
);

function shelfOf(
  one: {stock: number; mean: number; rescue: number; holding: number},
  i: number,
): BalancedShelf {
  const demand = poissonPmf(one.mean);
  return {
    depotId: `D-${i}`,
    position: one.stock,
    target: 0,
    giveable: one.stock,
    room: 5,
    costAt: (stock) =>
      one.rescue * expectedBackorders(demand, stock) + one.holding * expectedOnHand(demand, stock),
  };
}

describe('rebalancing', () => {
  it('F5 a min-cost flow costs what the linear programme says, in whole pieces', () => {
    fc.assert(
      fc.property(network, (arcs) => {
        const {flow, cost} = minCostFlow(8, {source: 0, sink: 7}, arcs);
        expect(cost).toBeCloseTo(linearOptimum(arcs), 6);
        arcs.forEach(({capacity}, i) => {
          expect(Number.isInteger(flow[i])).toBe(true);
          expect(flow[i]! >= 0 && flow[i]! <= capacity).toBe(true);
        });
        for (let node = 1; node < 7; node += 1)
          expect(
            arcs.reduce(
              (sum, {from, to}, i) => sum + flow[i]! * (Number(to === node) - Number(from === node)),
              0,
            ),
          ).toBe(0);
      }),
      SEED,
    );
  });

  it('F5 moves cost as little as the best of all ways to spread the same pieces', () => {
    fc.assert(
      fc.property(
        shelves,
        fc.integer({min: 0, max: 8}).map((n) => n * 100),
        (list, freight) => {
          const all = list.map(shelfOf);
          const ids = all.map(({depotId}) => depotId);
          const lanes: BalanceLane[] = ids.flatMap((fromDepotId) =>
            ids
              .filter((toDepotId) => toDepotId !== fromDepotId)
              .map((toDepotId) => ({
                fromDepotId,
                toDepotId,
                mode: 'road',
                piecesMax: 9,
                costMinor: 0,
                costPerPieceMinor: freight,
              })),
          );
          const moves = rebalance(all, lanes);
          const after = new Map(all.map(({depotId, position}) => [depotId, position]));
          for (const {fromDepotId, toDepotId, quantity} of moves) {
            after.set(fromDepotId, after.get(fromDepotId)! - quantity);
            after.set(toDepotId, after.get(toDepotId)! + quantity);
          }
          const costOf = (stocks: readonly number[]): number => {
            const moved = stocks.reduce((sum, stock, i) => sum + Math.max(0, stock - all[i]!.position), 0);
            return moved * freight + all.reduce((sum, shelf, i) => sum + shelf.costAt(stocks[i]!), 0);
          };
          const total = list.reduce((sum, {stock}) => sum + stock, 0);
          const ways = (depots: number, left: number): number[][] =>
            depots === 1
              ? [[left]]
              : Array.from({length: left + 1}, (_, n) =>
                  ways(depots - 1, left - n).map((rest) => [n, ...rest]),
                ).flat();
          const allowed = ways(all.length, total).filter((stocks) =>
            stocks.every((stock, i) => stock - all[i]!.position <= 5),
          );
          const best = Math.min(...allowed.map(costOf));
          expect(costOf(ids.map((id) => after.get(id)!))).toBeLessThanOrEqual(best + 1.5); // a gain under one cent moves nothing
        },
      ),
      SEED,
    );
  });
});

describe('a shipment with a fee', () => {
  const demand = poissonPmf(1);
  const shelf = (depotId: string, position: number): BalancedShelf => ({
    depotId,
    position,
    target: 2,
    giveable: position,
    room: Math.max(0, 2 - position),
    costAt: (stock) => 10_000 * expectedBackorders(demand, stock) + 100 * expectedOnHand(demand, stock),
  });
  const lane = (fromDepotId: string, toDepotId: string, costMinor: number): BalanceLane => ({
    fromDepotId,
    toDepotId,
    mode: 'road',
    piecesMax: 9,
    costMinor,
    costPerPieceMinor: 10,
  });

  it('F5 is made when it earns the fee, from the donor for whom it does', () => {
    const all = [shelf('A', 6), shelf('B', 6), shelf('C', 0)];
    const moves = rebalance(all, [lane('A', 'C', 4_000), lane('B', 'C', 1_000)]);
    expect(moves).toMatchObject([{fromDepotId: 'B', toDepotId: 'C', quantity: 2, freightMinor: 1_020}]);
    const lost = all[2]!.costAt(0) - all[2]!.costAt(2) - (all[1]!.costAt(4) - all[1]!.costAt(6)) - 1_020;
    expect(moves[0]!.gainMinor).toBeCloseTo(lost, -1);
    expect(rebalance(all, [lane('A', 'C', 40_000)])).toEqual([]);
    expect(rebalance(all, [lane('B', 'C', 1_000)], 1_000_000)).toEqual([]);
  });

  it('F5 carries no more than its rules and owners allow', () => {
    const all = [shelf('A', 6), shelf('C', 0)];
    expect(rebalance(all, [{...lane('A', 'C', 0), piecesMax: 1}])).toMatchObject([{quantity: 1}]);
    expect(rebalance(all, [lane('C', 'A', 0)])).toEqual([]);
  });
});
