import {describe, expect, it} from 'vitest';
import {PenaltyFormula} from '../../../domain/penalty.ts';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {Situation} from '../../../replenish/core/decision/situation.ts';
import {ageCurve, remodelled} from '../../../replenish/core/what-if/what-if-model.ts';
import {Overlay} from '../../../replenish/core/what-if/what-if-overlay.ts';
import {NOTHING_STORED, rulesOf} from '../../../replenish/core/what-if/what-if-rules.ts';
import {whatIf} from '../../../replenish/core/what-if/what-if.ts';
import {readOverlay} from '../../../replenish/what-if.ts';
import {NOW, component, depot, lane, receipt, situation, source} from './situations.ts';

const ruled = (json: object, evidence = NOTHING_STORED) => rulesOf(Overlay.parse(json), evidence);
const overlaid = (recorded: Situation, json: object): Situation =>
  ruled(json).reduce((laid, rule) => rule.apply(laid), recorded);

/** D-1 has nothing, two machines, a supplier in ten days; D-2 has three pieces and no machine, half a day away. */
const world = (more: Partial<Situation> = {}): Situation =>
  situation(
    [
      depot('D-1', {
        components: [component('C1', 300_000), component('C2', 100_000)],
        sources: [source('supplier', 'SUP', {learned: {planH: 200, planSdH: 5, evidence: 9}})],
      }),
      depot('D-2', {onHand: 3, sources: [source('supplier', 'SUP')]}),
    ],
    [lane('D-2', 'D-1')],
    more,
  );

describe('an overlay over a recorded situation', () => {
  it('M2 names every mistake of a file at once', () => {
    const read = readOverlay({
      stock: [{depotId: 'D-1'}, {onHand: 1, addOnHand: 2}],
      leadTimes: {sources: [{scale: 0}]},
      policies: {},
    });
    expect(read).toMatchObject({ok: false});
    const mistakes = read.ok ? [] : read.detail.split('\n');
    expect(mistakes.map((line) => line.split(': ')[0]).sort()).toEqual([
      'leadTimes.sources[0].scale',
      'stock[0]',
      'stock[1]',
      'the file',
    ]);
    expect(mistakes.join()).toMatch(/name at least one of onHand, addOnHand/);
  });

  it('changes what its selectors name and nothing else', () => {
    const laid = overlaid(world(), {
      stock: [{depotId: 'D-2', addOnHand: -5, maxStock: 4}],
      leadTimes: {sources: [{depotId: 'D-1', scale: 2}], lanes: [{mode: 'air', meanHours: 1}]},
      costs: {sources: [{sourceId: 'SUP', priceScale: 1.5}], holding: [{ratePerYear: 0.3}]},
    });
    const [one, two] = laid.depots;
    expect(one).toMatchObject({onHand: 0, maxStock: null, holdingRatePerYear: 0.3});
    expect(one!.sources[0]).toMatchObject({meanH: 480, priceMinor: 150_000});
    expect(one!.sources[0]).not.toHaveProperty('learned');
    expect(two).toMatchObject({onHand: 0, maxStock: 4, holdingRatePerYear: 0.3});
    expect(two!.sources[0]).toMatchObject({meanH: 240, priceMinor: 150_000});
    expect(laid.lanes).toEqual(world().lanes);
  });

  it('prices by size follow: scaled with the price, and gone where the overlay states one', () => {
    const tier = {contractId: 'K-1', termNo: 1, fromQty: 5, priceMinor: 80_000};
    const [first, ...others] = world().depots;
    const sources = first!.sources.map((source) => ({...source, priceTiers: [tier]}));
    const recorded = {...world(), depots: [{...first!, sources}, ...others]};
    const tiersUnder = (entry: object) =>
      overlaid(recorded, {costs: {sources: [entry]}}).depots.map((depot) => depot.sources[0]!.priceTiers);
    expect(tiersUnder({priceScale: 1.5})).toEqual([[{...tier, priceMinor: 120_000}], undefined]);
    expect(tiersUnder({priceMinor: 1})).toEqual([[], undefined]);
  });

  it('an entry that finds nothing leaves the very same situation', () => {
    const recorded = world();
    for (const rule of ruled({
      stock: [{partId: 'P9', onHand: 1}],
      leadTimes: {sources: [{kind: 'repair', scale: 2}], lanes: [{mode: 'sea', scale: 2}]},
      costs: {parts: [{partId: 'P9', scale: 2}], shortage: [{equipmentId: 'EQ-9', scale: 2}]},
      contracts: [{scale: 2}],
      model: [{method: 'age', law: {shape: 1, scaleH: 9}}],
    }))
      expect(rule.apply(recorded), rule.path).toBe(recorded);
  });

  it('a lot that is no longer on the shelf is no lot of it', () => {
    const lots = ['L1', 'L2'].map((lot, i) => ({lot, quantity: 2, usableUntil: NOW + (i + 1) * 1e9}));
    const recorded = situation([depot('D-1', {onHand: 5, lots})]);
    expect(overlaid(recorded, {stock: [{onHand: 3}]}).depots[0]!.lots).toMatchObject([
      {lot: 'L1', quantity: 2},
      {lot: 'L2', quantity: 1},
    ]);
  });

  it('a waived charge keeps its place, so that the clocks of open needs still belong to theirs', () => {
    const charge = (termNo: number) => ({
      termNo,
      scope: {},
      limitH: 8,
      clockShare: 1,
      formula: PenaltyFormula.parse({
        perHourMinor: 100,
        floorMinor: 50,
        feeMinor: 70,
        pctOfFee: 5,
        capMinor: 900,
      }),
    });
    const recorded = Situation.parse(
      world({contracts: [{contractId: 'K-1', version: 1, charges: [charge(1), charge(2)]}]}),
    );
    const laid = overlaid(recorded, {
      contracts: [
        {termNo: 1, waived: true},
        {termNo: 2, scale: 3, limitH: 4},
      ],
    });
    expect(laid.contracts![0]!.charges).toMatchObject([
      {termNo: 1, formula: {perHourMinor: 0, capMinor: null}},
      {
        termNo: 2,
        limitH: 4,
        formula: {perHourMinor: 300, floorMinor: 150, feeMinor: 210, pctOfFee: 5, capMinor: 2700},
      },
    ]);
  });
});

describe('another model in a what-if', () => {
  it('B4 shape 1 and scale 1000 h at any age say 23,714 ppm within a day', () => {
    for (const ageH of [0, 5000])
      expect(ageCurve({shape: 1, scaleH: 1000}, ageH, NOW)).toMatchObject({
        cumulativePpm: [23_714, 69_469, 154_646, 285_377, 489_314],
        tailHazardPpbPerH: 1_000_000,
      });
  });

  it('B4 twice the hazard makes 19 % of 10 %', () => {
    const doubled = {method: 'hazard-scale', factor: 2} as const;
    expect(remodelled(component('C1', 100_000), doubled, NOTHING_STORED, NOW).cumulativePpm).toEqual([
      190_000,
    ]);
  });

  it('B4 a component of another class, or one that the books do not know, keeps its curve', () => {
    const recorded = component('C1', 100_000);
    const known = {...NOTHING_STORED, component: () => ({classId: 'pump', ageH: 1, law: null})};
    expect(remodelled(recorded, {method: 'age', classId: 'fan'}, known, NOW)).toBe(recorded);
    expect(remodelled(recorded, {method: 'age'}, known, NOW)).toBe(recorded);
    expect(remodelled(recorded, {method: 'version', modelVersion: 'm2'}, known, NOW)).toBe(recorded);
  });
});

describe('a what-if of one decision', () => {
  it('M2 both acts are priced by the figures of the overlay, the recorded one in its own quantity', () => {
    const recorded = world();
    expect(decide(recorded).option).toMatchObject({action: 'transfer', sourceId: 'D-2'});
    const outcome = whatIf(recorded, ruled({costs: {lanes: [{costMinor: 90_000}]}}));
    const {costs, same, touched} = outcome;
    expect({same, touched}).toEqual({same: false, touched: ['costs.lanes[0]']});
    const {quantity, totalMinor} = outcome.before.option;
    expect(quantity).toBeGreaterThan(0);
    expect(costs!.beforeMinor! - totalMinor).toBeGreaterThanOrEqual(90_000 - 8_000);
  });

  it('M2 an act that the overlay closes has no price there', () => {
    const outcome = whatIf(world(), ruled({stock: [{depotId: 'D-2', onHand: 0}]}));
    expect(outcome.before.option.action).toBe('transfer');
    expect(outcome.costs).toMatchObject({beforeMinor: null, afterMinor: expect.any(Number) as number});
  });

  it('M2 a hurried order is the same act by its own name', () => {
    const late = receipt('O-1', 2, 200, {expediteMeanH: 12, expediteFeeMinor: 100});
    const recorded = situation([depot('D-1', {components: [component('C1', 900_000)], receipts: [late]})]);
    const outcome = whatIf(recorded, ruled({policy: {marginShare: 0.01}}));
    expect(outcome).toMatchObject({same: true, before: {option: {action: 'expedite'}}});
  });
});
