import {describe, expect, it} from 'vitest';
import {piecesToKeep} from '../../../replenish/core/plan/kept-pieces.ts';
import {
  comparePolicies,
  type ComparedPolicy,
  type PolicyInput,
  type PolicyKind,
} from '../../../replenish/core/plan/policy-comparison.ts';
import {policySubject, servedFrom} from '../../../replenish/core/plan/policy-input.ts';
import {planDepots} from '../../../replenish/core/decision/depot-plan.ts';
import {SINGLE_PIECES} from '../../../replenish/core/probability/compound-poisson.ts';
import {component, depot, situation, source} from './situations.ts';

const YEAR = 365.25;

/** Hadley & Whitin (1963), by the day. */
const book: PolicyInput = {
  orders: {perDay: 45 / YEAR, vmr: 1, sizes: SINGLE_PIECES},
  leadTime: {meanDays: YEAR / 6, sdDays: 20, law: 'parallel'},
  reviewDays: YEAR / 12,
  lots: {minimum: 1, multiple: 1},
  costs: {
    orderMinor: 220,
    holdingMinorPerDay: 950 / YEAR,
    missedMinor: 1_000,
    owedMinorPerDay: 8_550 / YEAR,
    isFetched: false,
  },
  decided: {r: 9, q: 5},
  maxStock: null,
};

function compared(input: PolicyInput, fillRate: number | null = null): Map<PolicyKind, ComparedPolicy> {
  return new Map(comparePolicies(input, fillRate).policies.map((row) => [row.kind, row]));
}

describe('policies beside each other', () => {
  it('D1 have the book’s parameters and costs a year, and the exact lot is the cheapest', () => {
    const {policies, cheapest, notCompared, leadTimeDemand} = comparePolicies(book, 0.95);
    const told = policies.map(({kind, reorderPoint, orderUpTo, lot, total}) => [
      kind,
      reorderPoint,
      orderUpTo,
      lot,
      Math.round(total),
    ]);
    expect(told).toEqual([
      ['decided', 9, null, 5, 7397],
      ['base-stock', 10, 11, null, 14760],
      ['rq', 8, null, 7, 7225],
      ['rq-expected-inventory', 11, null, 6, 8541],
      ['rq-backorders', 9, null, 5, 7397],
      ['rq-economic', 11, null, 5, 8442],
      ['min-max', 11, 15, null, 7859],
      ['periodic', null, 14, null, 8397],
      ['periodic-normal', null, 16, null, 9302],
      ['periodic-fill-rate', null, 16, null, 9302],
    ]);
    expect(cheapest).toBe('rq');
    expect(notCompared).toEqual([]);
    expect(leadTimeDemand.mean).toBeCloseTo(7.5, 12);
    for (const {ordering, holding, shortage, total} of policies)
      expect(ordering + holding + shortage).toBeCloseTo(total, 8);
  });

  it('D1 reckon with the spread of the lead time only where no order overtakes another', () => {
    const parallel = comparePolicies(book, null);
    const sequential = comparePolicies({...book, leadTime: {...book.leadTime, law: 'sequential'}}, null);
    expect(parallel.leadTimeDemand.variance).toBeCloseTo(7.5, 9);
    expect(sequential.leadTimeDemand.variance).toBeCloseTo(7.5 + ((45 / YEAR) * 20) ** 2, 9);
    expect(sequential.policies[1]!.orderUpTo).toBeGreaterThan(parallel.policies[1]!.orderUpTo!);
  });

  it('D1 say what is not compared, and why', () => {
    const slow = {...book, orders: {...book.orders, perDay: 1 / YEAR}};
    expect(comparePolicies(slow, null).notCompared).toContainEqual({
      kind: 'periodic-normal',
      reason: 'slow-mover',
    });
    const inFives = comparePolicies({...book, lots: {minimum: 5, multiple: 5}}, null);
    expect(inFives.notCompared).toEqual([{kind: 'min-max', reason: 'sold-in-multiples'}]);
    for (const {lot} of inFives.policies) expect(lot! % 5).toBe(0);
    expect(comparePolicies({...book, lots: {minimum: 9, multiple: 1}}, null).notCompared).toEqual([
      {kind: 'min-max', reason: 'below-minimum'},
    ]);
    const free = comparePolicies({...book, costs: {...book.costs, orderMinor: 0}}, null);
    expect(free.notCompared.map(({reason}) => reason)).toEqual(Array(3).fill('no-order-cost'));
    expect(compared({...book, costs: {...book.costs, orderMinor: 0}}).get('rq')).toMatchObject({
      orderUpTo: 11,
      lot: null,
    });
    const dear = {...book.costs, orderMinor: 1e9, missedMinor: 1};
    expect(comparePolicies({...book, costs: dear}, null).notCompared).toEqual([
      {kind: 'rq-expected-inventory', reason: 'no-batch-pays'},
      {kind: 'min-max', reason: 'large-lot'},
    ]);
  });

  it('D1 of missed pieces that are fetched keep none where holding one costs more than fetching them all', () => {
    const costs = {...book.costs, orderMinor: 0, isFetched: true};
    const dear = {...book, orders: {...book.orders, perDay: 0.2 / YEAR}, costs: {...costs, missedMinor: 500}};
    expect(compared(dear).get('base-stock')).toMatchObject({orderUpTo: 0, fillRate: 0});
    expect(compared(dear).get('base-stock')!.total).toBeCloseTo(0.2 * 500, 9);
    expect(compared({...dear, costs: {...costs, missedMinor: 50_000}}).get('base-stock')!.orderUpTo).toBe(1);
  });

  it('D1 beyond the maximum of a place are shown and not recommended', () => {
    const {policies, cheapest} = comparePolicies({...book, maxStock: 14}, null);
    expect(policies.find(({kind}) => kind === 'rq')).toMatchObject({isBeyondMax: true});
    expect(cheapest).toBe('decided');
  });

  it('D1 reach a fill rate that is asked for, and one piece fewer does not', () => {
    for (const fillRate of [0.5, 0.9, 0.99]) {
      const {orderUpTo, fillRate: reached} = compared(book, fillRate).get('periodic-fill-rate')!;
      expect(reached).toBeGreaterThanOrEqual(fillRate);
      const {orderUpTo: lower} = compared(book, reached - 1e-9).get('periodic-fill-rate')!;
      expect(lower).toBe(orderUpTo);
    }
  });
});

describe('pieces kept for a contract tier', () => {
  const tiers = [
    {tier: 'standard', piecesPerDay: 0.2, missedMinor: 50},
    {tier: 'gold', piecesPerDay: 0.1, missedMinor: 400},
  ];
  const stock = {baseStock: 3, leadTimeDays: 10, holdingMinorPerDay: 1};

  it('F1 are one of three where gold pays 400 and others 50, which saves 4.9962 a day', () => {
    const kept = piecesToKeep(tiers, stock)!;
    expect(kept).toMatchObject({premiumTiers: ['gold'], standardTiers: ['standard'], best: {level: 1}});
    expect(kept.best.premiumFill).toBeCloseTo(0.85, 12);
    expect(kept.savingPerYear / YEAR).toBeCloseTo(18.3462 - 13.35, 4);
  });

  it('F1 are none where one tier alone asks, and the border between several is where most is saved', () => {
    expect(piecesToKeep(tiers.slice(1), stock)).toBeNull();
    expect(piecesToKeep([tiers[0]!, {...tiers[1]!, piecesPerDay: 0}], stock)).toBeNull();
    const silver = {tier: 'silver', piecesPerDay: 0.1, missedMinor: 380};
    expect(piecesToKeep([...tiers, silver], stock)!.premiumTiers).toEqual(['gold', 'silver']);
  });
});

describe('what a comparison starts from', () => {
  const shelf = depot('D1', {
    backgroundPerYear: 12,
    backgroundVmr: 1.5,
    sources: [source('supplier', 'SUP', {sdH: 48, minimum: 2, multiple: 2, freightMinor: 500})],
  });
  const at = {depotId: 'D1', source: shelf.sources[0]!, reviewDays: null};

  it('D1 is what decisions weigh: their target and lot, costs by the day, their review', () => {
    const world = situation([shelf]);
    const {input, piecesPerYear} = policySubject(world, at, [], []);
    const plan = planDepots(world).get('D1')!;
    expect(piecesPerYear).toBe(12);
    expect(input).toMatchObject({
      orders: {vmr: 1.5, sizes: [{pieces: 1, probability: 1}]},
      leadTime: {meanDays: 10, sdDays: 2, law: 'parallel'},
      reviewDays: 1,
      lots: {minimum: 2, multiple: 2},
      costs: {orderMinor: 1_500, missedMinor: plan.underageMinor, isFetched: false},
    });
    expect(input.decided.r).toBe(plan.target - 1);
    expect(input.decided.q % 2).toBe(0);
    expect(input.costs.holdingMinorPerDay * YEAR).toBeCloseTo(20_000, 0);
  });

  it('D1 says which lead times it assumes by what the source promises', () => {
    const piped = {...shelf, sources: [{...shelf.sources[0]!, sequential: true as const}]};
    const {input} = policySubject(
      situation([piped]),
      {...at, source: piped.sources[0]!, reviewDays: 7},
      [],
      [],
    );
    expect(input).toMatchObject({leadTime: {law: 'sequential'}, reviewDays: 7});
  });

  it('D1 takes the sizes of orders from the record, else from the positions of the machines', () => {
    const onRecord = [
      {pieces: 1, orders: 6},
      {pieces: 3, orders: 2},
    ];
    const told = policySubject(situation([shelf]), at, onRecord, []);
    expect(told.ordersOnRecord).toBe(8);
    expect(told.input.orders.sizes).toEqual([
      {pieces: 1, probability: 0.75},
      {pieces: 3, probability: 0.25},
    ]);
    expect(told.ordersPerYear).toBeCloseTo(8, 12);
    // Pieces 1.5 times as variable as Poisson, of which sizes make (3 − 2.25) / 1.5: 1 / 1.5 would be left, which is no more than Poisson.
    expect(told.input.orders.vmr).toBe(1);

    const pair = component('C1', 0, {quantity: 2, tailHazardPpbPerH: 100_000});
    const few = policySubject(
      situation([{...shelf, backgroundPerYear: 0, components: [pair]}]),
      at,
      onRecord.slice(1),
      [],
    );
    expect(few.ordersOnRecord).toBe(0);
    expect(few.input.orders.sizes).toEqual([{pieces: 2, probability: 1}]);
    expect(few.ordersPerYear).toBeCloseTo(0.0001 * 24 * YEAR, 6);
    expect(few.input.orders.vmr).toBeCloseTo(1, 9);
  });

  it('D1 counts what is asked for at the depots that are served from here', () => {
    const fed = depot('D2', {parentDepotId: 'D1', backgroundPerYear: 5, sources: [source('depot', 'D1')]});
    const {piecesPerYear, servedDepotIds} = policySubject(situation([shelf, fed]), at, [], []);
    expect(piecesPerYear).toBe(17);
    expect(servedDepotIds).toEqual(['D1', 'D2']);
    expect(servedFrom([shelf, fed], 'D2')).toEqual(['D2']);
  });

  it('F1 shares the demand among the tiers of the machines, forecast failures first', () => {
    const gold = component('C1', 0, {tailHazardPpbPerH: 100_000, shortageMinorPerH: 50_000});
    const {tiers} = policySubject(
      situation([{...shelf, components: [gold]}]),
      at,
      [],
      [
        {equipmentId: 'EQ-C1', tier: 'gold', positions: 1, shortageMinorPerH: 1},
        {equipmentId: 'EQ-C2', tier: 'standard', positions: 2, shortageMinorPerH: 2_000},
      ],
    );
    expect(tiers.map(({tier}) => tier)).toEqual(['gold', 'standard']);
    expect(tiers[0]!.piecesPerDay * YEAR).toBeCloseTo(0.0001 * 24 * YEAR + 4, 6);
    expect(tiers[1]!.piecesPerDay * YEAR).toBeCloseTo(8, 9);
    // Nothing else brings a piece sooner than the supplier: ten days of waiting.
    expect(tiers.map(({missedMinor}) => missedMinor)).toEqual([50_000 * 240, 2_000 * 240]);
  });
});
