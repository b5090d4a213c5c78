import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {costItems, phraseReason} from '../../../replenish/core/decision/phrase.ts';
import {Situation} from '../../../replenish/core/decision/situation.ts';
import {underPools} from '../../../replenish/core/supply/stock-terms.ts';
import {underSupplyTerms} from '../../../replenish/core/supply/supply-terms.ts';
import {applied, component, depot, lane, situation, source} from './situations.ts';
import {agreed} from './terms-in-force.ts';

const pieces = fc.integer({min: 1, max: 12});
const date = fc.constantFrom('2026-01-01', '2026-01-05', '2026-01-06', '2026-01-09', '2026-02-01');
const currency = fc.constantFrom('EUR', 'USD');
const anyTerm = fc.oneof(
  fc.record({min: pieces, multiple: pieces}).map((params) => agreed('moq', params)),
  fc
    .record({currency, priceMinor: fc.integer({min: 0, max: 300_000})})
    .map((params) => agreed('price', {model: 'fixed', ...params})),
  fc
    .record({currency, tiers: fc.tuple(pieces.map((fromQty) => ({fromQty, priceMinor: 50_000})))})
    .map((params) => agreed('price', {model: 'volume-tier', ...params})),
  fc
    .tuple(date, date)
    .filter(([from, until]) => from < until)
    .map(([from, until]) => agreed('calendar', {shutdowns: [{from, until}]})),
  fc
    .record({basePerPeriod: pieces, pct: fc.constantFrom(0, 30), surchargePct: fc.constantFrom(0, 20)})
    .map((params) => agreed('flex', params)),
  fc.integer({min: 0, max: 6}).map((min) => agreed('vmiBand', {min, max: 6, supplierPartyId: 'SUP'})),
  date.map((lastOrderDate) => agreed('obsolescence', {lastOrderDate})),
  fc
    .record({
      quotaPct: fc.constantFrom(0, 40, 100),
      transferPriceMinor: fc.integer({min: 0, max: 200_000}),
      currency,
    })
    .map((params) => agreed('poolShare', {depots: ['A', 'B'], ...params})),
);
const worlds = fc
  .record({
    terms: fc.array(anyTerm, {maxLength: 6}),
    here: fc.integer({min: 0, max: 3}),
    there: fc.integer({min: 0, max: 6}),
    weekPpm: fc.integer({min: 0, max: 990_000}),
    perYear: fc.constantFrom(0, 6, 40),
    lot: fc.tuple(pieces, pieces),
  })
  .map(({terms, here, there, weekPpm, perYear, lot: [minimum, multiple]}) => {
    const sources = [
      source('supplier', 'SUP', {minimum, multiple, expediteMeanH: 48, expediteFeeMinor: 2_000}),
    ];
    const buyer = depot('B', {
      onHand: here,
      backgroundPerYear: perYear,
      components: [component('C1', weekPpm)],
      sources,
    });
    const part = {partId: 'P1', unitCostMinor: 100_000, currency: 'EUR', weightG: 500};
    const plain = situation([depot('A', {onHand: there}), buyer], [lane('A', 'B')], {part});
    return underPools(underSupplyTerms(plain, terms, []), terms);
  });

describe('decisions under any terms', () => {
  it('D1 F2 keep to lots, last orders, bands and quotas, add up, and are recorded whole', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const decision = decide(world);
        expect(decide(Situation.parse(JSON.parse(JSON.stringify(world))))).toEqual(decision);
        const {option, alternatives, reasons} = decision;
        const [buying] = world.depots[1]!.sources;
        for (const one of [option, ...alternatives])
          expect(costItems(one).reduce((sum, {minor}) => sum + minor, 0)).toBe(one.totalMinor);
        for (const reason of reasons) expect(phraseReason(reason)).toMatch(/\.$/u);
        if (option.sourceKind === 'supplier') {
          expect(option.quantity).toBeGreaterThanOrEqual(buying!.minimum);
          expect(option.quantity % buying!.multiple).toBe(0);
          expect(buying!.barred).toBeUndefined();
        }
        if (option.action === 'order' && buying!.vmiBand !== undefined)
          expect(world.depots[1]!.onHand).toBeLessThan(buying!.vmiBand.minimum);
        if (option.action === 'transfer')
          expect(option.quantity).toBeLessThanOrEqual(world.lanes[0]!.pool?.piecesMax ?? Infinity);
      }),
      {numRuns: 150, seed: 20_260_105},
    );
  });

  it('I4 come to rest: what each leaves behind wants nothing more after a few', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        let at = world;
        for (let step = 0; step < 12; step += 1) {
          const decision = decide(at);
          if (decision.option.action === 'nothing') return;
          at = applied(at, decision, step);
        }
        expect.fail(`still ${decide(at).option.action}`);
      }),
      {numRuns: 60, seed: 20_260_106},
    );
  });
});
