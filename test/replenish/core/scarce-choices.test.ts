import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {criticalLevels} from '../../../replenish/core/stock/critical-level.ts';
import {landedCosts} from '../../../replenish/core/decision/landed-cost.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';
import {prepositionOrWait} from '../../../replenish/core/decision/preposition.ts';
import {
  allocationCost,
  marginalAllocation,
  optimalAllocations,
} from '../../../replenish/core/plan/scarce-supply.ts';
import {greedyAssignment} from '../../../cli/oracle-kinds/greedy-assignment.ts';
import {optimalAssignments} from '../../../replenish/core/decision/source-assignment.ts';
import {
  cheapestForAvailability,
  greedyBackorders,
  leastBackorders,
} from '../../../replenish/core/plan/stock-budget.ts';

const SEED = {seed: 20_260_105, numRuns: 100};

describe('one urgent need', () => {
  const need = {needByHours: 12, downtimeCostPerHour: 100, unitCost: 900};
  const plain = {unitPremium: 0, freight: 0, dutyRate: 0, handling: 0, compliant: true};
  const donor = {onHand: 3, reserve: 0, demandMean: 0.5, shortageCost: 2000};
  const transfer = {...plain, id: 'east', freight: 150, arrival: [{hours: 8, probability: 1}], donor};
  const air = {...plain, id: 'air', freight: 500, arrival: [{hours: 13, probability: 1}]};

  it('F2 is met by a transfer when the donor can spare the unit', () => {
    const {best} = landedCosts(need, [transfer, air]);
    expect(best).toMatchObject({id: 'east', cost: expect.closeTo(178.775356, 6) as number});
  });

  it('F2 is met by air when the donor would then run short itself', () => {
    const short = {...transfer, donor: {...donor, onHand: 1, demandMean: 2, shortageCost: 4000}};
    expect(landedCosts(need, [short, air]).best?.id).toBe('air');
  });

  it('F2 never takes a donor down to its reserve, nor an option that a rule forbids', () => {
    const options = [
      {...transfer, donor: {...donor, reserve: 3}},
      {...air, compliant: false},
    ];
    expect(landedCosts(need, options)).toMatchObject({
      best: null,
      options: [{eligible: false}, {eligible: false}],
    });
  });

  it('F2 of two options at one cost takes the one that arrives first', () => {
    const late = {...air, id: 'road', arrival: [{hours: 11, probability: 1}]};
    const early = {...air, id: 'rail', arrival: [{hours: 10, probability: 1}]};
    expect(landedCosts(need, [late, early]).best?.id).toBe('rail');
  });
});

describe('one predicted failure', () => {
  const failure = {
    failureTime: [{hours: 96, probability: 1}],
    downtimeCostPerHour: 150,
    preposition: {freight: 60, arrival: [{hours: 48, probability: 1}]},
    reactive: {freight: 450, arrival: [{hours: 24, probability: 1}]},
    holdingCost: 25,
    returnCost: 50,
  };

  it('F4 is worth a unit sent ahead exactly above its break-even probability', () => {
    const {breakEvenProbability} = prepositionOrWait({...failure, failureProbability: 0.5});
    expect(prepositionOrWait({...failure, failureProbability: breakEvenProbability + 1e-6}).decision).toBe(
      'now',
    );
    expect(prepositionOrWait({...failure, failureProbability: breakEvenProbability - 1e-6}).decision).toBe(
      'wait',
    );
  });
});

describe('scarce supply', () => {
  it('F1 of 3 units goes 1 and 2 to depots that expect 1 and 2', () => {
    const claimants = [1, 2].map((mean) => ({net: 0, demand: poissonPmf(mean), shortageCost: 10}));
    expect(optimalAllocations(claimants, 3)).toEqual({
      cost: expect.closeTo(9.09220574, 8) as number,
      allocations: [[1, 2]],
    });
  });

  const claimants = fc.array(
    fc.record({
      net: fc.integer({min: -3, max: 4}),
      demand: fc.double({min: 0, max: 6, noNaN: true}).map(poissonPmf),
      shortageCost: fc.integer({min: 1, max: 100}),
    }),
    {minLength: 1, maxLength: 4},
  );

  it('F1 is shared out as cheaply as trying every way finds', () => {
    const everyShare = (depots: number, lots: number): number[][] =>
      depots === 0
        ? [[]]
        : Array.from({length: lots + 1}, (_, n) =>
            everyShare(depots - 1, lots - n).map((rest) => [n, ...rest]),
          ).flat();
    fc.assert(
      fc.property(claimants, fc.nat(6), fc.integer({min: 1, max: 3}), (list, lots, lot) => {
        const tried = everyShare(list.length, lots).map((shares) =>
          allocationCost(
            list,
            shares.map((n) => n * lot),
          ),
        );
        const optimal = optimalAllocations(list, lots * lot, lot);
        expect(optimal.cost).toBeCloseTo(Math.min(...tried), 9);
        for (const allocation of optimal.allocations)
          expect(allocationCost(list, allocation)).toBeCloseTo(optimal.cost, 8);
      }),
      SEED,
    );
  });

  it('F1 in single units needs no more than giving each to whom it saves most', () => {
    fc.assert(
      fc.property(claimants, fc.nat(8), (list, available) => {
        const greedy = allocationCost(list, marginalAllocation(list, available));
        expect(greedy).toBeCloseTo(optimalAllocations(list, available).cost, 9);
      }),
      SEED,
    );
  });
});

describe('several needs and shared sources', () => {
  it('are served together for 32 where one after the other costs 210', () => {
    const sources = [
      {id: 'A', units: 1, costByNeed: [10, 12]},
      {id: 'B', units: 1, costByNeed: [20, 200]},
    ];
    expect(optimalAssignments([500, 500], sources)).toEqual({cost: 32, assignments: [['B', 'A']]});
    expect(greedyAssignment([500, 500], sources)).toEqual({cost: 210, assignment: ['A', 'B']});
  });

  it('stay unmet when every source costs more than the shortage', () => {
    const sources = [{id: 'A', units: 1, costByNeed: [900]}];
    expect(optimalAssignments([500], sources)).toEqual({cost: 500, assignments: [[null]]});
  });
});

describe('two customer classes', () => {
  it('are cheapest when one piece is kept for premium customers', () => {
    const {best, table} = criticalLevels({
      baseStock: 3,
      premiumRate: 0.1,
      standardRate: 0.2,
      leadTime: 10,
      holdingCost: 1,
      premiumEmergencyCost: 400,
      standardEmergencyCost: 50,
    });
    expect(best).toMatchObject({level: 1, premiumFill: expect.closeTo(0.85, 12) as number});
    expect(table.map(({cost}) => Number(cost.toFixed(4)))).toEqual([18.3462, 13.35, 13.4167, 14.5625]);
  });
});

describe('a budget for several parts', () => {
  const items = [
    {pipeline: poissonPmf(0.8), unitCost: 20},
    {pipeline: poissonPmf(1.6), unitCost: 15},
    {pipeline: poissonPmf(0.3), unitCost: 55},
  ];

  it('buys the stock of fewest backorders, and marginal analysis never does better', () => {
    for (let budget = 0; budget <= 300; budget += 7) {
      const optimal = leastBackorders(items, budget);
      expect(optimal.spend).toBeLessThanOrEqual(budget);
      expect(greedyBackorders(items, budget).penalty).toBeGreaterThanOrEqual(optimal.penalty - 1e-12);
    }
    expect(leastBackorders(items.slice(0, 2), 90)).toMatchObject({stock: [2, 3], spend: 85});
  });

  it('reaches an availability at least cost, or says that it cannot', () => {
    const fleet = [
      {pipeline: poissonPmf(0.7), unitCost: 30},
      {pipeline: poissonPmf(0.2), unitCost: 80},
    ];
    expect(cheapestForAvailability(fleet, 10, 0.98)).toMatchObject({stock: [2, 1], spend: 140});
    expect(cheapestForAvailability(fleet, 10, 1.01)).toBeNull();
  });
});
