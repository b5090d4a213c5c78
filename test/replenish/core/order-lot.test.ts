import {describe, expect, it} from 'vitest';
import {decide, type Decision} from '../../../replenish/core/decision/decide.ts';
import {holdingMinor} from '../../../replenish/core/decision/costed-option.ts';
import {planDepots} from '../../../replenish/core/decision/depot-plan.ts';
import {essenceOfAction} from '../../../replenish/core/decision/essence.ts';
import {phraseReason} from '../../../replenish/core/decision/phrase.ts';
import {cheapestWindow, windowCost} from '../../../replenish/core/stock/rq-policy.ts';
import {DEFAULT_POLICY} from '../../../replenish/core/decision/policy.ts';
import type {DepotSituation, Situation} from '../../../replenish/core/decision/situation.ts';
import {NOW, component, depot, situation, source} from './situations.ts';

/** 60.00 an order, ten days; a piece of 500.00 costs 100.00 a year to hold. */
const supplier = source('supplier', 'SUP', {meanH: 240, priceMinor: 50_000, orderCostMinor: 6_000});
const part = {partId: 'P1', unitCostMinor: 50_000, currency: 'EUR'};
const YEARLY = 24;

interface Changes {
  readonly depot?: Partial<DepotSituation>;
  readonly more?: Partial<Situation>;
  readonly policy?: Partial<Situation['policy']>;
}

function shelf(onHand: number, {depot: changes, more, policy}: Changes = {}): Situation {
  const one = depot('A', {onHand, backgroundPerYear: YEARLY, sources: [supplier], ...changes});
  return situation([one], [], {part, policy: {...DEFAULT_POLICY, ...policy}, ...more});
}

/** The depot with as many pieces less than its target. */
function shortBy(pieces: number, changes: Changes = {}): Situation {
  const {target} = planDepots(shelf(0, changes)).get('A')!;
  return shelf(target - pieces, changes);
}

/** From so many pieces on each costs less. */
const tiers = (fromQty: number, priceMinor: number) => [
  {...supplier, priceTiers: [{contractId: 'K-1', termNo: 1, fromQty, priceMinor}]},
];
const lotOf = ({reasons}: Decision) => reasons.find(({code}) => code === 'economic-lot');
const ordered = (of: Situation): number => decide(of).option.quantity;

describe('the window of positions that one order goes through', () => {
  it('D1 grows from the best level by the cheaper neighbour, or from a given reorder point upwards alone', () => {
    const costs = {ordering: 8, levelCost: (y: number) => Math.abs(y - 5)};
    expect(cheapestWindow(costs, 5)).toEqual({r: 2, q: 5, cost: 14 / 5});
    const above = cheapestWindow(costs, 5, {lowest: 5});
    expect(above).toEqual({r: 4, q: 4, cost: 14 / 4});
    expect(windowCost(costs, above)).toBeCloseTo(above.cost, 12);
    expect(cheapestWindow(costs, 5, {lowest: 5, highest: 6})).toMatchObject({r: 4, q: 2});
  });
});

describe('an order in which all pieces cost less from a size on', () => {
  const from10 = (priceMinor: number) => decide(shortBy(1, {depot: {sources: tiers(10, priceMinor)}}));

  it('D1 is raised to that size where the price saves more than holding: 24 a year, 5.00 less each, against lots of five', () => {
    const {option, reasons} = from10(49_500);
    expect(option).toMatchObject({quantity: 10, landedMinor: 10 * 49_500 + 6_000});
    expect(option.terms).toMatchObject([{term: 'price', priceMinor: 49_500, insteadOfMinor: 50_000}]);
    const {savingMinor} = reasons.find(({code}) => code === 'economic-lot') as {savingMinor: number};
    const withoutPrice = lotOf(decide(shortBy(1))) as {savingMinor: number};
    expect(savingMinor).toBeGreaterThan(withoutPrice.savingMinor);
  });

  it('D1 is not where it saves less: half a euro does not pay for holding ten', () => {
    expect(from10(49_950).option.quantity).toBe(5);
  });

  it('D1 is not raised beyond what the period takes without a surcharge', () => {
    const flex = {contractId: 'K-1', termNo: 2, freePieces: 3, surchargePct: 10};
    const flexible = shortBy(1, {depot: {sources: [{...supplier, flex}]}});
    expect([ordered(shortBy(1)), ordered(flexible)]).toEqual([5, 3]);
  });

  it('D1 without a cost of ordering the price alone decides; a size beyond a year’s demand is not bought', () => {
    const free = (fromQty: number) =>
      ordered(
        shortBy(1, {depot: {sources: tiers(fromQty, 45_000).map((one) => ({...one, orderCostMinor: 0}))}}),
      );
    expect(free(8)).toBe(8);
    expect(free(40)).toBe(1);
  });
});

describe('an order that costs the same whatever is in it', () => {
  it('D1 brings the lot of the square-root formula: √(2 · 60 · 24 / 100) = 5.4 → 5', () => {
    const decision = decide(shortBy(1));
    expect(decision.option).toMatchObject({action: 'order', sourceId: 'SUP', quantity: 5});
    expect(decision.option.landedMinor).toBe(5 * 50_000 + 6_000);
    const reason = lotOf(decision);
    expect(reason).toMatchObject({needed: 1, ordered: 5, orderCostMinor: 6_000, perYear: YEARLY});
    expect(phraseReason(reason!)).toMatch(/Needed are 1, ordered are 5: an order costs 60\.00 EUR/u);
  });

  it('D1 saves what the orders left out cost, less the holding of the others', () => {
    // 24 orders a year become 4.8; on average 2 pieces more are held, less than 100.00 each: now and then one of them is what was missing.
    const {savingMinor} = lotOf(decide(shortBy(1))) as {savingMinor: number};
    const ordering = 24 * 6_000 - (24 / 5) * 6_000;
    expect(savingMinor).toBeGreaterThan(ordering - 2 * 10_000);
    expect(savingMinor).toBeLessThan(ordering - 2 * 8_000);
  });

  it('fills the target and goes on from there', () => {
    expect(ordered(shortBy(3))).toBe(7);
  });

  it('does not make a depot order that has what it needs', () => {
    const {target} = planDepots(shelf(0)).get('A')!;
    expect(decide(shelf(target)).option.action).toBe('nothing');
  });

  it('orders each piece by itself where an order costs nothing, where the policy says so, and in a situation recorded without lots', () => {
    const free = {depot: {sources: [{...supplier, orderCostMinor: 0}]}};
    expect(ordered(shortBy(1, free))).toBe(1);
    expect(ordered(shortBy(1, {policy: {lotCoverDaysMax: 0}}))).toBe(1);
    const policy = {...DEFAULT_POLICY};
    delete policy.lotCoverDaysMax;
    const recorded = {...shortBy(1), policy};
    expect(decide(recorded).option.quantity).toBe(1);
    expect(lotOf(decide(recorded))).toBeUndefined();
  });
});

describe('a lot', () => {
  it('covers no more days than the policy allows', () => {
    expect(ordered(shortBy(1, {policy: {lotCoverDaysMax: 46}}))).toBe(3); // 24 a year · 46 / 365.25 = 3.02
  });

  it('is used up before it expires, with two deviations to spare', () => {
    const life = (shelfLifeD: number) => ({more: {part: {...part, shelfLifeD}}});
    const changes = life(183);
    const quantity = ordered(shortBy(1, changes));
    const {target} = planDepots(shelf(0, changes)).get('A')!;
    const last = target - 1 + quantity;
    expect(last + 2 * Math.sqrt(last)).toBeLessThanOrEqual((YEARLY * 183) / 365.25);
    expect(quantity).toBeLessThan(5);
    expect(ordered(shortBy(1, life(36_500)))).toBe(5);
    // What is needed is ordered even when it may expire.
    expect(ordered(shortBy(1, life(20)))).toBe(1);
  });

  it('fits the shelf', () => {
    const {target} = planDepots(shelf(0)).get('A')!;
    expect(ordered(shortBy(1, {depot: {maxStock: target + 1}}))).toBe(2);
  });

  it('is of whole multiples, and never below what the source delivers', () => {
    const lots = (minimum: number, multiple: number) =>
      shortBy(1, {depot: {sources: [{...supplier, minimum, multiple}]}});
    expect(ordered(lots(1, 2))).toBe(4);
    expect(ordered(lots(8, 4))).toBe(8);
    expect(decide(lots(8, 4)).reasons).toContainEqual(expect.objectContaining({code: 'rounded-up'}));
  });

  it('does not make an order wait for a planner that would go out by itself', () => {
    const auto = {mode: 'auto' as const};
    expect(ordered(shortBy(1, {policy: {...auto, autoOrderMaxMinor: 170_000}}))).toBe(3);
    expect(ordered(shortBy(1, {policy: {...auto, autoOrderMaxMinor: 10_000}}))).toBe(1);
    expect(ordered(shortBy(1, {policy: {mode: 'propose', autoOrderMaxMinor: 170_000}}))).toBe(5);
  });

  it('is not bought for a part at its end, nor while supply recovers', () => {
    expect(ordered(shortBy(1, {more: {part: {...part, endOfLife: true}}}))).toBe(1);
    const supplyShock = {phase: 'recovery' as const, overrideId: 'O1', step: 1, steps: 2};
    expect(lotOf(decide(shelf(0, {depot: {supplyShock}})))).toBeUndefined();
  });

  it('is not bought ahead for one alarm', () => {
    const alarm = component('C1', 900_000);
    const quiet = depot('A', {components: [alarm], sources: [supplier]});
    const decision = decide(situation([quiet], [], {part}));
    expect(decision.option).toMatchObject({action: 'order', quantity: 1});
    expect(NOW).toBe(alarm.asOf);
  });

  it('is never taken from another depot’s shelf', () => {
    const from = source('depot', 'C', {meanH: 48, orderCostMinor: 6_000});
    const child = depot('A', {parentDepotId: 'C', backgroundPerYear: YEARLY, sources: [from]});
    const decision = decide(situation([child, depot('C', {onHand: 40})], [], {part}));
    expect(decision.option.sourceId).toBe('C');
    expect(lotOf(decision)).toBeUndefined();
  });
});

describe('D4 a lot that waits for a planner', () => {
  const asked = (quantity: number, of: Situation, rejected = false): Situation => {
    const {option} = decide(of);
    const essence = essenceOfAction('P1', 'A', {...option, quantity});
    return {
      ...of,
      asked: [{depotId: 'A', action: 'order', essence, ...(rejected ? {rejected: true as const} : {})}],
    };
  };

  it('keeps its size while the best one moves by less than half', () => {
    const before = shortBy(1);
    for (const perYear of [16, 20, 28, 36]) {
      const moved = {...before, depots: [{...before.depots[0]!, backgroundPerYear: perYear}]};
      const again = decide(asked(5, moved));
      if (again.option.action === 'order') expect(again.option.quantity).toBe(5);
    }
    expect(decide(asked(7, before)).option.quantity).toBe(7);
  });

  it('is said anew when it is far from the best, or less than is needed', () => {
    expect(decide(asked(30, shortBy(1))).option.quantity).toBe(5);
    expect(decide(asked(2, shortBy(3))).option.quantity).toBe(7);
  });

  it('that was turned down is no other lot’s reason to be asked for', () => {
    const again = decide(asked(4, shortBy(1), true));
    expect(again.option.quantity).toBe(4);
  });
});

describe('what holding an order costs', () => {
  const holdingOf = (pieces: number, changes: Changes = {}): number =>
    holdingMinor(planDepots(shelf(5, changes)).get('A')!, pieces);

  it('D1 is 62.50 for a lot of five, used one after another at 24 a year; each waited as long as the first, it was 20.83', () => {
    expect([1, 2, 5].map((pieces) => holdingOf(pieces))).toEqual([417, 1250, 6250]);
    expect(decide(shortBy(1)).option).toMatchObject({quantity: 5, holdingMinor: 6250});
  });

  it('D1 grows by as much as the stock that the lot is chosen by: half a piece for each piece more, all year', () => {
    const perYear = (pieces: number): number => (holdingOf(pieces) * YEARLY) / pieces;
    expect(perYear(5) - perYear(4)).toBeCloseTo(0.5 * 10_000, -1);
  });

  it('D1 no piece is held longer than the policy says, and pieces that are owed are not held', () => {
    const policy = {holdingDaysMax: 30};
    // The first after 15.2 days, the second and third after 30 each.
    expect(holdingOf(3, {policy})).toBe(Math.round(10_000 * (1 / 24 + 60 / 365.25)));
    const needs = [{demandId: 'N', quantity: 7, neededAt: NOW, equipmentId: null, shortageMinorPerH: 100}];
    expect([2, 3, 4].map((pieces) => holdingOf(pieces, {depot: {needs}}))).toEqual([0, 417, 1250]);
  });
});
