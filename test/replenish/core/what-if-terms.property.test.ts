import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Situation} from '../../../replenish/core/decision/situation.ts';
import {whySupplierBarred} from '../../../replenish/core/supply/rules.ts';
import {underPools} from '../../../replenish/core/supply/stock-terms.ts';
import {underSupplyTerms} from '../../../replenish/core/supply/supply-terms.ts';
import type {SupplyTerm} from '../../../replenish/core/supply/supply-terms.ts';
import {Overlay} from '../../../replenish/core/what-if/what-if-overlay.ts';
import {NOTHING_STORED, rulesOf} from '../../../replenish/core/what-if/what-if-rules.ts';
import {component, depot, lane, situation, source} from './situations.ts';
import {agreed} from './terms-in-force.ts';

const pieces = fc.integer({min: 1, max: 12});
const date = fc.constantFrom('2026-01-01', '2026-01-05', '2026-01-06', '2026-01-09', '2026-02-01');
const currency = fc.constantFrom('EUR', 'USD');
const written: fc.Arbitrary<{readonly type: string; readonly params: Record<string, unknown>}> = fc.oneof(
  fc.record({min: pieces, multiple: pieces}).map((params) => ({type: 'moq', params})),
  fc
    .record({currency, priceMinor: fc.integer({min: 0, max: 300_000})})
    .map((params) => ({type: 'price', params: {model: 'fixed', ...params}})),
  fc
    .record({currency, tiers: fc.tuple(pieces.map((fromQty) => ({fromQty, priceMinor: 50_000})))})
    .map((params) => ({type: 'price', params: {model: 'volume-tier', ...params}})),
  fc
    .tuple(date, date)
    .filter(([from, until]) => from < until)
    .map(([from, until]) => ({type: 'calendar', params: {shutdowns: [{from, until}]}})),
  fc
    .record({basePerPeriod: pieces, pct: fc.constantFrom(0, 30), surchargePct: fc.constantFrom(0, 20)})
    .map((params) => ({type: 'flex', params})),
  fc
    .integer({min: 0, max: 6})
    .map((min) => ({type: 'vmiBand', params: {min, max: 6, supplierPartyId: 'SUP'}})),
  date.map((lastOrderDate) => ({type: 'obsolescence', params: {lastOrderDate}})),
  fc
    .constantFrom('SUP', 'OTHER')
    .map((supplierPartyId) => ({type: 'exclusivity', params: {supplierPartyId}})),
  fc
    .record({
      quotaPct: fc.constantFrom(0, 40, 100),
      transferPriceMinor: fc.integer({min: 0, max: 200_000}),
      currency,
    })
    .map((params) => ({type: 'poolShare', params: {depots: ['A', 'B'], ...params}})),
);
const ordered = [{depotId: 'B', supplierId: 'SUP', monthAt: Date.UTC(2026, 0), pieces: 2}];

/** As a decision of today is loaded: who is shut out first, then what suppliers and pools agreed. */
function loaded(plain: Situation, terms: readonly SupplyTerm[]): Situation {
  const depots = plain.depots.map((one) => ({
    ...one,
    sources: one.sources.map((way) => {
      const asked = {depotId: one.depotId, supplierId: way.sourceId, emergency: way.kind === 'emergency'};
      const barred = whySupplierBarred({partId: 'P1', flags: []}, {...asked, waived: false}, terms);
      return barred === null ? way : {...way, barred};
    }),
  }));
  return underPools(underSupplyTerms({...plain, depots}, terms, ordered), terms);
}

const worlds = fc.record({
  recorded: fc.array(written, {maxLength: 5}),
  instead: fc.array(written, {maxLength: 5}),
  lot: fc.tuple(pieces, pieces),
  there: fc.integer({min: 0, max: 6}),
});

describe('terms of an overlay', () => {
  it('M2 X10 a situation that was decided under one set of terms is, under another, the one that would have been loaded', () => {
    fc.assert(
      fc.property(worlds, ({recorded, instead, lot: [minimum, multiple], there}) => {
        const ways = {minimum, multiple, expediteMeanH: 48, expediteFeeMinor: 2_000};
        const buyer = depot('B', {
          components: [component('C1', 100_000)],
          sources: [source('supplier', 'SUP', ways), source('supplier', 'SUP', {kind: 'emergency'})],
        });
        const plain = situation([depot('A', {onHand: there}), buyer], [lane('A', 'B')]);
        const termsOf = (rows: typeof recorded) =>
          rows.map(({type, params}, i) => agreed(type, params, {termNo: i + 1}));
        const evidence = {...NOTHING_STORED, termsAt: () => termsOf(recorded), orderedBy: () => ordered};
        const terms = [
          ...[...new Set(recorded.map(({type}) => type))].map((type) => ({type, lapsed: true})),
          // Each added one comes before those that were there.
          ...instead
            .map(({type, params}, i) => ({
              type,
              params,
              contractId: 'K-1',
              termNo: i + 1,
              parties: ['OWN', 'SUP'],
            })) // prettier-ignore
            .reverse(),
        ];
        const start = loaded(plain, termsOf(recorded));
        const kept = structuredClone(start);
        const laid = rulesOf(Overlay.parse({terms}), evidence).reduce((s, rule) => rule.apply(s), start);
        expect(inOrder(laid)).toEqual(inOrder(loaded(plain, termsOf(instead))));
        expect(Situation.parse(laid)).toEqual(laid);
        expect(start).toEqual(kept);
      }),
      {seed: 7, numRuns: 300},
    );
  });
});

/** Effects are listed by the kind of their term: in which order they were laid over says nothing. */
function inOrder(of: Situation): unknown {
  const sorted = <W extends {terms?: unknown[] | undefined}>(way: W): W =>
    way.terms === undefined
      ? way
      : {...way, terms: way.terms.map((term) => JSON.stringify(term)).sort((a, b) => (a < b ? -1 : 1))};
  return {
    ...of,
    lanes: of.lanes.map(sorted),
    depots: of.depots.map((one) => ({...one, sources: one.sources.map(sorted)})),
  };
}
