import {describe, expect, it} from 'vitest';
import {optimalAllocations} from '../../../replenish/core/plan/scarce-supply.ts';
import {spreadInput} from '../../../replenish/core/plan/spread-input.ts';
import {depot, receipt, situation, source} from './situations.ts';

const YEAR_D = 365.25;
/** A hub whose next order is here in 10 days, and two depots 2 and 4 days behind it. */
const hub = depot('HUB', {onHand: 5, sources: [source('supplier', 'SUP', {meanH: 240})]});
const near = depot('NEAR', {
  parentDepotId: 'HUB',
  backgroundPerYear: YEAR_D / 12,
  sources: [source('depot', 'HUB', {meanH: 48})],
});
const far = depot('FAR', {
  parentDepotId: 'HUB',
  backgroundPerYear: (2 * YEAR_D) / 14,
  sources: [source('depot', 'HUB', {meanH: 96})],
});

describe('who wants a scarce supply', () => {
  it('F1 is each depot that the hub fills, for the demand until its next supply has come to it', () => {
    const input = spreadInput(situation([hub, near, far]), 'HUB')!;
    expect(input).toMatchObject({giveable: 5, nextSupplyH: 240});
    expect(input.claimants.map(({depotId, net}) => [depotId, net])).toEqual([
      ['NEAR', 0],
      ['FAR', 0],
    ]);
    // 12 days at one in 12 days, 14 days at two in 14 days.
    expect(input.claimants.map(({expectedDemand}) => Math.round(expectedDemand * 1e6))).toEqual([1e6, 2e6]);
    // Poisson 1 and 2 at equal cost: the published instance, 3 units → (1, 2).
    const equal = input.claimants.map((one) => ({...one, shortageCost: 10}));
    const {cost, allocations} = optimalAllocations(equal, 3);
    expect(allocations).toEqual([[1, 2]]);
    expect(cost).toBeCloseTo(9.0922, 4);
  });

  it('F1 takes a receipt on its way for the next supply, and the hub’s own customers for one more claimant', () => {
    const asked = {...hub, receipts: [receipt('O-1', 2, 120)], backgroundPerYear: YEAR_D / 5};
    const input = spreadInput(situation([asked, near]), 'HUB')!;
    expect(input.nextSupplyH).toBe(120);
    expect(input.claimants.map(({depotId, net}) => [depotId, net])).toEqual([
      ['NEAR', 0],
      ['HUB', 0],
    ]);
    expect(input.claimants[1]!.expectedDemand).toBeCloseTo(1, 9);
  });

  it('F1 a depot that does not hold the part has nobody to spread it to', () => {
    expect(spreadInput(situation([near]), 'HUB')).toBeUndefined();
  });
});
