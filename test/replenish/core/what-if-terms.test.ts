import {describe, expect, it} from 'vitest';
import {TERM_TYPES} from '../../../domain/contract-term.ts';
import {decide} from '../../../replenish/core/decision/decide.ts';
import type {Situation} from '../../../replenish/core/decision/situation.ts';
import {underSupplyTerms} from '../../../replenish/core/supply/supply-terms.ts';
import {Overlay} from '../../../replenish/core/what-if/what-if-overlay.ts';
import {NOTHING_STORED, rulesOf} from '../../../replenish/core/what-if/what-if-rules.ts';
import type {WhatIfEvidence} from '../../../replenish/core/what-if/what-if-rules.ts';
import {whatIf} from '../../../replenish/core/what-if/what-if.ts';
import {readOverlay} from '../../../replenish/what-if.ts';
import {TERM_EXAMPLES} from '../../domain/term-examples.ts';
import {NOW, component, depot, lane, situation, source} from './situations.ts';
import {agreed} from './terms-in-force.ts';

const ruled = (terms: readonly object[], evidence: Partial<WhatIfEvidence> = {}) =>
  rulesOf(Overlay.parse({terms}), {...NOTHING_STORED, ...evidence});
const laid = (start: Situation, terms: readonly object[], evidence: Partial<WhatIfEvidence> = {}) =>
  ruled(terms, evidence).reduce((s, rule) => rule.apply(s), start);
const between = {parties: ['OWN', 'SUP']};
const sourceOf = ({depots}: Situation) => depots.find(({depotId}) => depotId === 'B')!.sources[0]!;

/** B has nothing, a machine that is about to fail and a supplier; A has four pieces. */
const world = (): Situation =>
  situation(
    [
      depot('A', {onHand: 4}),
      depot('B', {components: [component('C1', 900_000)], sources: [source('supplier', 'SUP')]}),
    ],
    [lane('A', 'B')],
  );

describe('a what-if of contract terms', () => {
  it('M2 H8 a least order, a price by size and a limit of flexibility are added as a live term would come in', () => {
    const evidence = {
      orderedBy: () => [{depotId: 'B', supplierId: 'SUP', monthAt: Date.UTC(2026, 0), pieces: 3}],
    };
    const tiers = [{fromQty: 6, priceMinor: 80_000}];
    const next = laid(
      world(),
      [
        {type: 'moq', params: {min: 5, multiple: 3}, ...between},
        {
          type: 'price',
          params: {model: 'volume-tier', currency: 'EUR', tiers},
          ...between,
          contractId: 'K-9',
        },
        {type: 'flex', params: {basePerPeriod: 4, pct: 25, surchargePct: 10}, ...between},
      ],
      evidence,
    );
    expect(sourceOf(next)).toMatchObject({
      minimum: 5,
      multiple: 3,
      terms: [{term: 'moq', contractId: 'what-if', termNo: 1, insteadOf: {minimum: 1, multiple: 1}}],
      priceTiers: [{contractId: 'K-9', termNo: 2, fromQty: 6, priceMinor: 80_000}],
      flex: {contractId: 'what-if', termNo: 3, freePieces: 2, surchargePct: 10},
    });
    const {option, alternatives} = decide(next);
    expect([option, ...alternatives].find(({action}) => action === 'order')).toMatchObject({quantity: 6});
  });

  it('M2 a term in force is another one, or none any more: the master data’s lot is back', () => {
    const terms = [agreed('moq', {min: 5, multiple: 3})];
    const evidence = {termsAt: () => terms};
    const recorded = underSupplyTerms(world(), terms, []);
    expect(sourceOf(recorded)).toMatchObject({minimum: 5, multiple: 3});
    const changed = {type: 'moq', contractId: 'K-1', termNo: 1, params: {min: 2}};
    expect(sourceOf(laid(recorded, [changed], evidence))).toMatchObject({minimum: 2, multiple: 1});
    expect(laid(recorded, [{type: 'moq', lapsed: true}], evidence)).toEqual(world());
  });

  it('M2 J10 exclusivity shuts a supplier out and lets it back in, and a waiver passes', () => {
    const other = {type: 'exclusivity', params: {supplierPartyId: 'BEST'}, ...between};
    const shut = laid(world(), [other]);
    expect(sourceOf(shut).barred).toBe('contract what-if binds it to BEST');
    expect(laid(world(), [other], {isWaived: () => true})).toEqual(world());
    const then = {termsAt: () => [agreed('exclusivity', {supplierPartyId: 'BEST'}, {contractId: 'what-if'})]};
    expect(laid(shut, [{type: 'exclusivity', lapsed: true}], then)).toEqual(world());
    // What the goods or the place forbid is no contract's to allow.
    const flagged = {...world(), depots: world().depots.map((one) => ({...one, sources: one.sources.map((way) => ({...way, barred: 'B stores no lithium'}))}))}; // prettier-ignore
    expect(laid(flagged, [{type: 'exclusivity', lapsed: true}], then)).toBe(flagged);
  });

  it('M2 a pool closes the lane or prices it, also of a substitute’s pieces', () => {
    const pool = (quotaPct: number) => ({
      ...{type: 'poolShare', parties: ['OWN', 'OWN']},
      params: {depots: ['A', 'B'], quotaPct, transferPriceMinor: 500, currency: 'EUR'},
    });
    const {depots, lanes} = world();
    const standIn = {partId: 'P2', unitCostMinor: 1, ratio: 1, models: [], depots, lanes};
    const recorded = {...world(), substitutes: [standIn]};
    expect(laid(recorded, [pool(50)])).toMatchObject({
      lanes: [{pool: {piecesMax: 2, priceMinor: 500}}],
      substitutes: [{lanes: [{pool: {piecesMax: 2}}]}],
    });
    expect(laid(recorded, [pool(10)]).lanes[0]!.barred).toMatch(/^contract what-if lends 10 % of the 4/u);
    expect(whatIf(world(), ruled([pool(10)]))).toMatchObject({
      before: {option: {action: 'transfer'}},
      same: false,
      touched: ['terms[0]'],
    });
  });

  it('M2 G1 what a machine’s contract says of other parts is asked of the machine’s own contract', () => {
    const need = {demandId: 'N', quantity: 1, neededAt: NOW, equipmentId: 'M-1', shortageMinorPerH: 9};
    const recorded = situation([depot('B', {needs: [need]})]);
    const forbidden = {type: 'substitution', params: {allowed: false}, contractId: 'K-7', parties: ['OWN', 'CUS']}; // prettier-ignore
    const evidence = {contractOf: () => 'K-7'};
    const [after] = laid(recorded, [forbidden], evidence).depots[0]!.needs;
    expect(after).toEqual({...need, substitution: {contractId: 'K-7', termNo: 1, allowed: false, customerConsent: false}}); // prettier-ignore
    expect(laid(recorded, [forbidden], {contractOf: () => 'K-8'})).toBe(recorded);
  });

  it('M2 refuses what cannot be varied, naming why, for every type of term', () => {
    const saying = (entry: object): string => {
      const read = readOverlay({terms: [entry]});
      return read.ok ? 'taken' : read.detail;
    };
    const kinds = TERM_TYPES.map((type) => saying({type, params: TERM_EXAMPLES[type].good, ...between, contractId: 'K'})); // prettier-ignore
    expect(TERM_TYPES.filter((_, i) => kinds[i] === 'taken')).toEqual([
      'moq',
      'price',
      'flex',
      'vmiBand',
      'exclusivity',
      'obsolescence',
      'poolShare',
      'substitution',
    ]);
    const whyNot = kinds.filter((one) => one !== 'taken');
    expect(whyNot.filter((one) => !/^terms\[0\]\.(type: a \w+ term cannot be varied: |params: freezes orders)/u.test(one))).toEqual([]); // prettier-ignore
    expect(saying({type: 'penalty', lapsed: true})).toMatch(/varied by "contracts"$/u);
    expect(saying({type: 'calendar', params: {shutdowns: [{from: '2026-01-01', until: '2026-01-09'}]}})).toBe('taken'); // prettier-ignore
    expect(saying({type: 'moq', params: {min: 0}})).toBe('terms[0].params: min: Too small: expected number to be >=1'); // prettier-ignore
    expect(saying({type: 'moq'})).toBe('terms[0]: names either params or lapsed');
    expect(saying({type: 'fine', lapsed: true})).toMatch(/^terms\[0\]\.type: "fine" is no term type/u);
    expect(saying({type: 'substitution', params: {allowed: true}, ...between})).toMatch(/name its contractId$/u); // prettier-ignore
  });

  it('M2 an entry that meets no term in force leaves the very same situation', () => {
    const recorded = world();
    for (const rule of ruled([
      {type: 'moq', lapsed: true},
      {type: 'price', contractId: 'K-0', params: {model: 'fixed', currency: 'EUR', priceMinor: 1}},
      {type: 'moq', params: {min: 5}, parties: ['OWN', 'NOBODY']},
      {type: 'moq', params: {min: 5}, ...between, scope: {partIds: ['P9']}},
    ]))
      expect(rule.apply(recorded), rule.path).toBe(recorded);
  });
});
