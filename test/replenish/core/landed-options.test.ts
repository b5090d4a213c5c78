import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {timePoints} from '../../../replenish/core/lead-time/time-points.ts';
import {landedCosts, movementOf, outlay} from '../../../replenish/core/decision/landed-cost.ts';
import {costItems} from '../../../replenish/core/decision/phrase.ts';
import type {Lane} from '../../../replenish/core/decision/situation.ts';
import {NOW, component, depot, lane, situation, source} from './situations.ts';

const RATE = 10_000;
const need = (quantity = 1) => ({
  demandId: 'N1',
  quantity,
  neededAt: NOW,
  equipmentId: 'EQ-1',
  shortageMinorPerH: RATE,
});
const part = {partId: 'P1', unitCostMinor: 100_000, currency: 'EUR', weightG: 2500};
const waiting = depot('B', {needs: [need()]});

/** The same lane as the oracle cases describe a source: B asks for one piece at once. */
function byTheFormula(lanes: readonly Lane[]) {
  const options = lanes.map(({mode, meanH, sdH, ...way}) => ({
    id: mode,
    unitPremium: 0,
    freight: way.costMinor + way.costPerPieceMinor + (way.freightPerKgMinor ?? 0) * 2.5,
    dutyRate: way.dutyRate ?? 0,
    handling: way.handlingMinor ?? 0,
    arrival: timePoints({meanH, sdH}).map(({hours, weight}) => ({hours, probability: weight})),
    compliant: way.barred === undefined,
  }));
  return landedCosts({needByHours: 0, downtimeCostPerHour: RATE, unitCost: 100_000}, options);
}

describe('expected landed cost', () => {
  it('F2 freight by the piece and by weight, duty, handling', () => {
    const tariff = {freight: 100, freightPerPiece: 5, freightPerKg: 2, dutyRate: 0.04, handling: 30};
    const movement = movementOf(tariff, {pieces: 2, unitCost: 900, unitKg: 3}, {fee: 10});
    expect(movement).toEqual({premium: 0, fee: 10, freight: 122, duty: 72, handling: 30});
    expect(outlay(movement)).toBe(234);
  });

  it('F2 air, road and sea are options of their own, each at what the formula of the oracle cases makes of it', () => {
    const ways = [
      lane('A', 'B', {
        mode: 'air',
        meanH: 6,
        sdH: 1,
        costMinor: 60_000,
        freightPerKgMinor: 900,
        dutyRate: 0.05,
      }),
      lane('A', 'B', {mode: 'road', meanH: 30, sdH: 5, costMinor: 5_000, costPerPieceMinor: 300}),
      lane('A', 'B', {mode: 'sea', meanH: 160, sdH: 4, costMinor: 1_000, handlingMinor: 2_000}),
    ];
    const {option, alternatives} = decide(situation([depot('A', {onHand: 1}), waiting], ways, {part}));
    const found = [option, ...alternatives].filter(({action}) => action === 'transfer');
    const {options, best} = byTheFormula(ways);
    expect(found.map(({mode}) => mode).sort()).toEqual(['air', 'road', 'sea']);
    for (const {mode, totalMinor} of found)
      expect(totalMinor, String(mode)).toBe(Math.round(options.find(({id}) => id === mode)!.cost!));
    expect(option.mode).toBe(best!.id);
  });

  it('F2 the items of every option add up to what options are compared by', () => {
    const worried = depot('A', {onHand: 2, components: [component('C1', 300_000)]});
    const bought = source('supplier', 'SUP', {
      freightMinor: 700,
      freightPerKgMinor: 55,
      dutyRate: 0.031,
      handlingMinor: 90,
    });
    const hurried = source('supplier', 'NEAR', {
      ...bought,
      sourceId: 'NEAR',
      kind: 'emergency',
      priceMinor: 150_000,
    });
    const buyer = {...waiting, sources: [{...bought, expediteMeanH: 60, expediteFeeMinor: 9_000}, hurried]};
    const way = lane('A', 'B', {costPerPieceMinor: 11, freightPerKgMinor: 33, dutyRate: 0.01});
    const {option, alternatives} = decide(situation([worried, buyer], [way], {part}));
    const all = [option, ...alternatives];
    expect(new Set(all.map(({action}) => action))).toEqual(
      new Set(['order', 'expedite', 'emergency', 'transfer', 'nothing']),
    );
    const add = (sum: number, {minor}: {readonly minor: number}): number => sum + minor;
    for (const one of all) {
      if (one.movement !== undefined)
        expect(costItems({...one, downtimeMinor: 0, holdingMinor: 0, donorRiskMinor: 0}).reduce(add, 0)).toBe(
          one.actionMinor,
        );
      expect(costItems(one).reduce(add, 0)).toBe(one.totalMinor);
    }
    const order = all.find(({action}) => action === 'order')!;
    // To be paid: 10.00 an order, 1,000.00 a piece, 7.00 and 2.5 kg at 0.55 of freight, 31.00 duty, 0.90 handling.
    expect(order.landedMinor).toBe(1_000 + 100_000 + 700 + 138 + 3_100 + 90);
  });

  it('a situation that was recorded before weight was known is decided as it was, item by none', () => {
    const {option, alternatives} = decide(situation([depot('A', {onHand: 1}), waiting], [lane('A', 'B')]));
    expect([option, ...alternatives].every((one) => !('movement' in one))).toBe(true);
  });
});

describe('what rules close', () => {
  const near = depot('A', {onHand: 3});

  it('F9 a lane that may not carry the part is shown with its rule, is never chosen and counts as no rescue', () => {
    const ways = [
      lane('A', 'B', {mode: 'air', meanH: 4, barred: 'air from A to B carries no lithium'}),
      lane('A', 'B', {mode: 'road', meanH: 40}),
    ];
    const {option, alternatives} = decide(situation([near, waiting], ways));
    expect(option).toMatchObject({action: 'transfer', mode: 'road'});
    expect(alternatives).toContainEqual(
      expect.objectContaining({mode: 'air', excluded: 'air from A to B carries no lithium'}),
    );
    const only = decide(situation([near, waiting], ways.slice(0, 1)));
    expect(only.option.action).toBe('nothing');
    expect(only.option.totalMinor).toBe(168 * RATE);
  });

  it('J10 a supplier that a contract shuts out is absent, and the next one is the normal source', () => {
    const bound = 'contract K-1 binds it to BEST';
    const sources = [
      source('supplier', 'CHEAP', {priceMinor: 50_000, barred: bound}),
      source('supplier', 'BEST', {priceMinor: 100_000, meanH: 200}),
    ];
    const {option, alternatives} = decide(situation([depot('B', {backgroundPerYear: 60, sources})]));
    expect(option).toMatchObject({action: 'order', sourceId: 'BEST', arrival: {meanH: 200}});
    expect(alternatives).toContainEqual(expect.objectContaining({sourceId: 'CHEAP', excluded: bound}));
  });

  it('J2 pieces of an owner who agreed are sent as that owner’s, and no more of them than there are', () => {
    const three = depot('B', {needs: [need(3)]});
    const way = lane('A', 'B', {sendable: {pieces: 2, ownerPartyId: 'PARTNER'}});
    const {option} = decide(situation([near, three], [way]));
    expect(option).toMatchObject({action: 'transfer', quantity: 2, ownerPartyId: 'PARTNER'});
  });

  it('a lot that expires on the way, or before a predicted failure needs it, is not sent', () => {
    const at = (hours: number) => NOW + hours * 3_600_000;
    const dated = (usableUntil: number) =>
      depot('A', {onHand: 1, lots: [{lot: 'L7', quantity: 1, usableUntil}]});
    const way = lane('A', 'B', {meanH: 12});
    const asks = (usableUntil: number, receiver = waiting) =>
      decide(situation([dated(usableUntil), receiver], [way]));
    expect(asks(at(13)).option.action).toBe('transfer');
    expect(asks(at(11)).alternatives).toContainEqual(
      expect.objectContaining({
        excluded: 'lot L7 at A expires on 2026-01-05, before its expected use',
      }),
    );
    const expected = depot('B', {components: [component('C1', 800_000)]});
    expect(asks(at(24 * 20), expected).option.action).toBe('nothing');
    expect(asks(at(24 * 60), expected).option.action).toBe('transfer');
  });

  it('a parent sends no lot that expires on the way', () => {
    const dated = (hours: number) =>
      depot('A', {onHand: 1, lots: [{lot: 'L7', quantity: 1, usableUntil: NOW + hours * 3_600_000}]});
    const child = {...waiting, parentDepotId: 'A', sources: [source('depot', 'A', {meanH: 48})]};
    expect(decide(situation([dated(49), child])).option).toMatchObject({action: 'order', quantity: 1});
    const {option, alternatives} = decide(situation([dated(47), child]));
    expect(option.action).toBe('nothing');
    expect(alternatives).toContainEqual(
      expect.objectContaining({excluded: 'A has none to send that lasts until it is here'}),
    );
  });

  it('a piece that would expire before it is used is stocked less readily', () => {
    const slow = depot('B', {backgroundPerYear: 12, sources: [source('supplier', 'SUP')]});
    const holds = (shelfLifeD?: number) => {
      const life = shelfLifeD === undefined ? {} : {shelfLifeD};
      return decide(situation([slow], [], {part: {...part, ...life}})).option;
    };
    expect(holds().action).toBe('order');
    expect(holds(3650).action).toBe('order');
    expect(holds(3).action).toBe('nothing');
  });
});
