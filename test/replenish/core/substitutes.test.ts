import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {withQuantity} from '../../../replenish/core/decision/review.ts';
import type {DepotSituation, OpenNeed, Substitute} from '../../../replenish/core/decision/situation.ts';
import {NOW, component, depot, lane, situation, source} from './situations.ts';

const RATE = 10_000;
const need = (more: Partial<OpenNeed> = {}): OpenNeed => ({
  demandId: 'N1',
  quantity: 1,
  neededAt: NOW,
  equipmentId: 'EQ-1',
  modelId: 'CH-100',
  shortageMinorPerH: RATE,
  ...more,
});

/** P2 stands in for P1. */
function standIn(depots: readonly DepotSituation[], more: Partial<Substitute> = {}): Substitute {
  return {
    partId: 'P2',
    unitCostMinor: 110_000,
    ratio: 1,
    models: [],
    depots: [...depots],
    lanes: [],
    ...more,
  };
}
const ask = (own: Partial<DepotSituation>, substitutes: readonly Substitute[]) =>
  decide(situation([depot('B', {needs: [need()], ...own})], [], {substitutes: [...substitutes]}));

describe('approved substitutes', () => {
  it('G1 two of a 2:1 substitute on this shelf serve one piece of the line, at once, at their premium', () => {
    const {option, reasons} = ask({}, [
      standIn([depot('B', {onHand: 3})], {ratio: 2, unitCostMinor: 60_000}),
    ]);
    expect(option).toMatchObject({
      action: 'substitute',
      sourceId: 'B',
      quantity: 2,
      arrival: {meanH: 0, sdH: 0},
      substitute: {partId: 'P2', ratio: 2, demandId: 'N1', serves: 1},
      totalMinor: 2 * 60_000 - 100_000,
      landedMinor: 0,
    });
    expect(reasons).toContainEqual(
      expect.objectContaining({code: 'substitute-approved', partId: 'P2', ratio: 2, equipmentId: 'EQ-1'}),
    );
  });

  it('G1 one of a 2:1 substitute does not do the work', () => {
    const {option, alternatives} = ask({}, [standIn([depot('B', {onHand: 1})], {ratio: 2})]);
    expect(option.action).toBe('nothing');
    expect(alternatives).toContainEqual(
      expect.objectContaining({excluded: 'B can spare 1 of P2; one piece takes 2'}),
    );
  });

  it('G1 it comes from a neighbour by a lane, unless the neighbour’s own machines need it more', () => {
    const from = (donor: DepotSituation) =>
      ask({}, [standIn([donor, depot('B')], {lanes: [lane('A', 'B', {meanH: 10})]})]);
    expect(from(depot('A', {onHand: 1})).option).toMatchObject({
      action: 'substitute',
      sourceId: 'A',
      mode: 'road',
      totalMinor: 10_000 + 8_000 + 10 * RATE,
      landedMinor: 8_000,
    });
    const worried = depot('A', {
      onHand: 1,
      components: [component('C1', 990_000, {shortageMinorPerH: 10 * RATE})],
    });
    expect(from(worried).option.action).toBe('nothing');
  });

  it('G1 it serves the dearest machine of a model that it is approved for, and no other', () => {
    const lines = [
      need({demandId: 'N1', shortageMinorPerH: 3 * RATE}),
      need({demandId: 'N2', modelId: 'CH-200', equipmentId: 'EQ-2'}),
      need({demandId: 'N3', modelId: 'CH-200', equipmentId: 'EQ-3', shortageMinorPerH: 2 * RATE}),
    ];
    const stock = [depot('B', {onHand: 1})];
    const {option} = ask({needs: lines}, [standIn(stock, {models: ['CH-200']})]);
    expect(option).toMatchObject({action: 'substitute', substitute: {demandId: 'N3'}});
    const none = ask({needs: lines}, [standIn(stock, {models: ['CH-300']})]);
    expect(none.option.action).toBe('nothing');
    expect(none.alternatives).toContainEqual(
      expect.objectContaining({excluded: 'P2 is approved for CH-300 only'}),
    );
  });

  it('G1 a line that asks for a predecessor of the part, a shelf that covers the line, and a forecast get none', () => {
    const stock = [standIn([depot('B', {onHand: 5})])];
    expect(ask({needs: [need({askedPartId: 'P0'})]}, stock).option.action).toBe('nothing');
    expect(ask({onHand: 1}, stock).option.action).toBe('nothing');
    expect(ask({needs: [], components: [component('C1', 900_000)]}, stock).option.action).toBe('nothing');
  });

  it('G1 a planner approves or rejects it; its quantity is what the line takes', () => {
    const recorded = situation([depot('B', {needs: [need()]})], [], {
      substitutes: [standIn([depot('B', {onHand: 2})])],
    });
    const {option} = decide(recorded);
    expect(withQuantity(recorded, 'B', option, 2)).toMatchObject({ok: false, reason: 'quantity-fixed'});
  });
});

describe('repair', () => {
  const workshop = source('supplier', 'SHOP', {
    kind: 'repair',
    meanH: 120,
    priceMinor: 30_000,
    orderCostMinor: 500,
  });
  const supplier = source('supplier', 'SUP', {meanH: 240});
  const broken = (more: Partial<DepotSituation> = {}) =>
    depot('B', {backgroundPerYear: 60, repairable: 2, sources: [workshop, supplier], ...more});

  it('what is broken is repaired before a new piece is bought, as many as there are', () => {
    const {option} = decide(situation([broken()]));
    expect(option).toMatchObject({
      action: 'repair',
      sourceId: 'SHOP',
      quantity: 2,
      actionMinor: 500 + 2 * (30_000 - 100_000),
      landedMinor: 500 + 2 * 30_000,
    });
    expect(decide(situation([broken({sources: [supplier]})])).option.action).toBe('order');
    expect(decide(situation([depot('B', {...broken(), repairable: undefined as never})])).option.action).toBe(
      'order',
    );
  });

  it('a repair that costs more than a new piece is an alternative only', () => {
    const dear = {...workshop, priceMinor: 190_000, meanH: 240};
    const {option, alternatives} = decide(situation([broken({sources: [dear, supplier]})]));
    expect(option.action).toBe('order');
    expect(alternatives.some(({action}) => action === 'repair')).toBe(true);
  });

  it('nothing is repaired for a shelf that is full, nor fewer than the workshop takes', () => {
    expect(decide(situation([broken({onHand: 9})])).option.action).toBe('nothing');
    const large = {...workshop, minimum: 3};
    const {alternatives} = decide(situation([broken({sources: [large, supplier]})]));
    expect(alternatives).toContainEqual(expect.objectContaining({excluded: 'SHOP repairs 3 or more'}));
  });

  it('a planner may have fewer repaired, and not more than wait for it', () => {
    const recorded = situation([broken()]);
    const {option} = decide(recorded);
    expect(withQuantity(recorded, 'B', option, 1)).toMatchObject({ok: true, value: {landedMinor: 30_500}});
    expect(withQuantity(recorded, 'B', option, 3)).toMatchObject({
      ok: false,
      reason: 'quantity-not-orderable',
    });
  });
});
