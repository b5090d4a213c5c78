import {describe, expect, it} from 'vitest';
import {HOUR_MS} from '../../../domain/time.ts';
import {timePoints} from '../../../replenish/core/lead-time/time-points.ts';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {planDepots} from '../../../replenish/core/decision/depot-plan.ts';
import {rescueInTime} from '../../../replenish/core/decision/missed-piece.ts';
import {phraseReason} from '../../../replenish/core/decision/phrase.ts';
import {withinReach} from '../../../replenish/core/demand/planned-need.ts';
import {Outlook} from '../../../replenish/core/demand/outlook.ts';
import type {DepotSituation, OpenNeed, Situation} from '../../../replenish/core/decision/situation.ts';
import {applied, component, depot, lane, NOW, receipt, situation, source} from './situations.ts';

const supplier = source('supplier', 'SUP', {meanH: 240});

function need(inH: number, more: Partial<OpenNeed> = {}): OpenNeed {
  return {
    demandId: 'N1',
    quantity: 1,
    neededAt: NOW + inH * HOUR_MS,
    inH,
    equipmentId: 'EQ-1',
    shortageMinorPerH: 10_000,
    ...more,
  };
}
const due = (): OpenNeed => ({
  demandId: 'N1',
  quantity: 1,
  neededAt: NOW,
  equipmentId: 'EQ-1',
  shortageMinorPerH: 10_000,
});
const planned = (inH: number, more: Partial<DepotSituation> = {}): Situation =>
  situation([depot('A', {planned: [need(inH)], sources: [supplier], ...more})]);

describe('a need with a date', () => {
  it('C4 is not ordered for at its booking, but once an order of the next look could come too late', () => {
    for (const inH of [5000, 900, 265]) {
      const decision = decide(planned(inH));
      expect(decision.option.action).toBe('nothing');
      expect(decision.impacts).toMatchObject([{verdict: 'clear', moneyMinor: 0, backordered: 0}]);
      expect(decision.reasons.map(({code}) => code)).not.toContain('backorders-open');
    }
    for (const inH of [264, 100, 1])
      expect(decide(planned(inH)).option).toMatchObject({action: 'order', quantity: 1});
  });

  it('C4 of an uncertain lead time the slowest arrival counts', () => {
    const slow = {sources: [source('supplier', 'SUP', {meanH: 240, sdH: 20})]};
    const latest = timePoints({meanH: 240, sdH: 20}).at(-1)!.hours + 24;
    expect(decide(planned(latest + 1, slow)).option.action).toBe('nothing');
    expect(decide(planned(latest, slow)).option.action).toBe('order');
  });

  it('C4 is bought once, from its booking to its date and beyond, and the piece is there in time', () => {
    let ordered = 0;
    let receipts: DepotSituation['receipts'] = [];
    let onHand = 0;
    for (let inH = 600; inH > -100; inH -= 24) {
      const arrived = receipts.filter(({meanH}) => meanH <= 24).length;
      receipts = receipts.filter(({meanH}) => meanH > 24).map((one) => ({...one, meanH: one.meanH - 24}));
      onHand += arrived;
      const needs = inH > 0 ? {planned: [need(inH)]} : {needs: [due()]};
      if (inH <= 0) expect(onHand).toBe(1);
      const today = situation([depot('A', {onHand, receipts, sources: [supplier], ...needs})]);
      const decision = decide(today);
      if (decision.option.action === 'nothing') continue;
      ordered += decision.option.quantity;
      receipts = applied(today, decision, inH).depots[0]!.receipts;
    }
    expect(ordered).toBe(1);
  });

  it('C4 within reach it counts in the position, and what that covers does not move when its date comes', () => {
    const shelf = {onHand: 2, backgroundPerYear: 12};
    const at = (needs: Partial<DepotSituation>) =>
      planDepots(withinReach(situation([depot('A', {...shelf, sources: [supplier], ...needs})]))).get('A')!;
    const [far, near, now] = [at({planned: [need(300)]}), at({planned: [need(200)]}), at({needs: [due()]})];
    expect([far.position, near.position, now.position]).toEqual([2, 1, 1]);
    expect([near.covered, near.target, near.belowTarget]).toEqual([now.covered, now.target, now.belowTarget]);
  });

  it('C4 the clock of its downtime starts at its date: needed in 100 h, nothing until 120 h → 20 h, without it 68', () => {
    const quiet = {risks: [], backgroundPerYear: 0, backgroundVmr: 1};
    const supply = {quantity: 1, times: [{hours: 120, weight: 1}]};
    const outlook = new Outlook(quiet, 168, [120], 24, [{hours: 100, pieces: 1}]);
    expect(outlook.shortagePieceHours(-1, outlook.arrivals([]))).toBeCloseTo(68, 9);
    expect(outlook.shortagePieceHours(-1, outlook.arrivals([supply]))).toBeCloseTo(20, 9);
    expect(outlook.shortagePieceHours(0, outlook.arrivals([]))).toBe(0);
    expect(outlook.emptyAfterH(-1, outlook.arrivals([]), 0.5)).toBe(100);
    // Waiting 68 h at 100 costs 6,800; a rescue for its date, 900.
    const costs = {shortageMinorPerH: 100, rescueMinor: 5_000, rescueInTimeMinor: () => 900};
    expect(outlook.costMinor(-1, outlook.arrivals([]), costs)).toBe(900);
    expect(outlook.costMinor(-1, outlook.arrivals([]), {...costs, rescueInTimeMinor: () => 9_000})).toBe(
      6_800,
    );
  });

  it('C4 its rescue in time costs the fee, and the hours that the next look would make it late', () => {
    const inTime = rescueInTime([{feeMinor: 900, arrival: {meanH: 48, sdH: 0}}], {shortage: 20, reviewH: 24});
    expect([inTime(240), inTime(72), inTime(60)]).toEqual([900, 900, 1_140]);
  });

  it('C4 nothing is hurried before its time: an order that comes too late is expedited when that still helps, and not sooner', () => {
    const late = receipt('O-1', 1, 240, {expediteMeanH: 48, expediteFeeMinor: 20_000});
    for (const inH of [200, 120])
      expect(decide(planned(inH, {receipts: [late]})).option.action).toBe('nothing');
    const hurried = decide(planned(70, {receipts: [late]})).option;
    expect(hurried).toMatchObject({action: 'expedite', sourceId: 'O-1'});
    // What customers will feel unless something is done is told at once.
    expect(decide(planned(120, {receipts: [late]})).impacts[0]).toMatchObject({
      verdict: 'open',
      backordered: 0,
      equipmentId: 'EQ-1',
    });
  });

  it('C4 a depot that stocks nothing has the piece sent for its date', () => {
    const bare = {mayStock: false};
    expect(decide(planned(300, bare)).option.action).toBe('nothing');
    expect(decide(planned(264, bare)).option).toMatchObject({action: 'order', quantity: 1});
  });

  it('C4 a centre orders for a region’s date by its own lead time, the region sends for it by its own', () => {
    const world = (inH: number, centre: Partial<DepotSituation> = {}): Situation =>
      situation([
        depot('C', {sources: [supplier], ...centre}),
        depot('R', {parentDepotId: 'C', planned: [need(inH)], sources: [source('depot', 'C', {meanH: 12})]}),
      ]);
    expect(decide(world(277)).option.action).toBe('nothing');
    expect(decide(world(276))).toMatchObject({depotId: 'C', option: {action: 'order', quantity: 1}});
    expect(decide(world(200, {receipts: [receipt('O', 1, 150)]})).option.action).toBe('nothing');
    // Its one piece is for the centre's own customers: another one is ordered for the region, 12 h of way counted.
    const busy = {onHand: 1, backgroundPerYear: 3};
    expect(decide(world(277, busy)).option.action).toBe('nothing');
    expect(decide(world(276, busy))).toMatchObject({depotId: 'C', option: {action: 'order', quantity: 1}});
    expect(decide(world(40, {onHand: 1})).option.action).toBe('nothing');
    expect(decide(world(36, {onHand: 1}))).toMatchObject({
      depotId: 'R',
      option: {action: 'order', sourceId: 'C'},
    });
  });

  it('C4 its piece is kept for it: neither a failure expected elsewhere nor a reservation takes it', () => {
    const asking = depot('B', {components: [component('B1', 900_000)]});
    const ways = [lane('A', 'B')];
    const donor = (more: Partial<DepotSituation>) => depot('A', {onHand: 1, sources: [supplier], ...more});
    expect(decide(situation([donor({}), asking], ways)).option).toMatchObject({
      action: 'transfer',
      sourceId: 'A',
    });
    expect(decide(situation([donor({planned: [need(100)]}), asking], ways)).option.action).toBe('nothing');
  });

  it('C4 the decision tells what is planned, and from when', () => {
    const both = situation([
      depot('A', {planned: [need(100), need(900, {demandId: 'N2', quantity: 2})], sources: [supplier]}),
    ]);
    expect(decide(both).reasons.map(phraseReason)).toContain(
      'Planned work needs 3 pieces from 2026-01-09 on: 1 within the time that an order takes, and for 2 an order can wait.',
    );
    expect(decide(planned(900)).reasons.map(phraseReason)).toContain(
      'Planned work needs 1 piece from 2026-02-11 on: an order for that can wait.',
    );
    expect(decide(planned(100)).reasons.map(phraseReason)).toContain(
      'Planned work needs 1 piece from 2026-01-09 on, within the time that an order takes.',
    );
  });

  it('is placed the same however often it is asked where it belongs', () => {
    const once = withinReach(planned(100, {planned: [need(900, {demandId: 'N2'}), need(100)]}));
    expect(once.depots[0]).toMatchObject({needs: [{demandId: 'N1'}], planned: [{demandId: 'N2'}]});
    expect(withinReach(once)).toEqual(once);
  });
});
