import {describe, expect, it} from 'vitest';
import {planDepots} from '../../../replenish/core/decision/depot-plan.ts';
import {newsvendorLevel} from '../../../replenish/core/stock/newsvendor.ts';
import {nextLook} from '../../../replenish/core/decision/next-look.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';
import {shift} from '../../../replenish/core/probability/pmf.ts';
import {DEFAULT_POLICY, type Policy} from '../../../replenish/core/decision/policy.ts';
import {type Source} from '../../../replenish/core/decision/situation.ts';
import {component, depot, situation, source} from './situations.ts';

/** Failures a day, days until an order placed now is here, days between looks, cost of holding a piece for a day. */
const [RATE, LEAD, LOOK, HELD] = [12 / 365.25, 29, 1, 200 / 365.25];
const demand = {orderedNow: poissonPmf(RATE * LEAD), orderedNext: poissonPmf(RATE * (LEAD + LOOK))};

describe('a piece that may wait for the next look', () => {
  it.each([
    [2000, 5, 4],
    [20_000, 6, 5],
  ])(
    'D1 missed at %d: level %d, the least cost of base stocks simulated elsewhere; the newsvendor of the lead time says %d',
    (missed, level, newsvendor) => {
      expect(nextLook(demand, {missed, held: HELD * LOOK}).level).toBe(level);
      const overage = HELD * (LEAD + LOOK);
      expect(newsvendorLevel(demand.orderedNext, {underage: missed, overage})).toBe(newsvendor);
    },
  );

  it('D1 of Poisson demand at short looks it is the marginal condition of an Erlang loss system', () => {
    const short = {orderedNow: poissonPmf(1), orderedNext: poissonPmf(1 + 1e-6)};
    const {risk} = nextLook(short, {missed: 1, held: 1});
    const {p} = poissonPmf(1);
    expect(risk(3) / 1e-6).toBeCloseTo(p[3]! / (p[0]! + p[1]! + p[2]! + p[3]!), 5);
  });

  it('B2 planned work is ordered for at the last look that is in time, and not before', () => {
    const costs = {missed: 100, held: 1};
    const [none, one] = [poissonPmf(0), shift(poissonPmf(0), 1)];
    expect(nextLook({orderedNow: none, orderedNext: none}, costs).level).toBe(0);
    expect(nextLook({orderedNow: none, orderedNext: one}, costs).level).toBe(1);
  });
});

describe('the order-up-to level of a depot', () => {
  const target = (supplier: Partial<Source> = {}, policy: Policy = DEFAULT_POLICY): number => {
    const shelf = depot('A', {
      backgroundPerYear: 12,
      components: [component('C1', 0, {shortageMinorPerH: 2000})],
      sources: [
        source('supplier', 'SUP', {meanH: LEAD * 24, orderCostMinor: 0, ...supplier}),
        source('supplier', 'AIR', {kind: 'emergency', meanH: 0.01, orderCostMinor: 0, priceMinor: 300_000}),
      ],
    });
    return planDepots(situation([shelf], [], {policy})).get('A')!.target;
  };

  it('D1 is that of each piece where pieces are ordered one by one and a missed one is fetched for a fee', () => {
    expect(target()).toBe(5);
  });

  it('D1 is the newsvendor’s where orders bring lots', () => {
    expect(target({orderCostMinor: 6000})).toBe(4);
    expect(target({minimum: 2})).toBe(4);
  });

  it('I5a is the newsvendor’s of a policy recorded before there was a choice', () => {
    const recorded = {...DEFAULT_POLICY};
    delete recorded.orderRule;
    expect(target({}, recorded)).toBe(4);
  });
});
