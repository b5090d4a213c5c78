import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {phraseReason} from '../../../replenish/core/decision/phrase.ts';
import {withQuantity} from '../../../replenish/core/decision/review.ts';
import {Situation} from '../../../replenish/core/decision/situation.ts';
import type {DepotSituation, Source} from '../../../replenish/core/decision/situation.ts';
import {underSupplyTerms} from '../../../replenish/core/supply/supply-terms.ts';
import type {OrderedPieces, SupplyTerm} from '../../../replenish/core/supply/supply-terms.ts';
import {NOW, component, depot, situation, source} from './situations.ts';
import {agreed} from './terms-in-force.ts';

const HOUR = 3_600_000;
const JANUARY = Date.UTC(2026, 0, 1);

/** A depot that buys from SUP what it lacks; no order costs more than its pieces, so that nothing is ordered for its lot. */
function buyer(more: Partial<DepotSituation> = {}, from: Partial<Source> = {}): DepotSituation {
  const sources = [source('supplier', 'SUP', {orderCostMinor: 0, ...from})];
  return depot('B', {backgroundPerYear: 36, sources, ...more});
}
const under = (
  terms: readonly SupplyTerm[],
  depots: readonly DepotSituation[] = [buyer()],
  ordered: readonly OrderedPieces[] = [],
): Situation => underSupplyTerms(situation(depots), terms, ordered);
const sourceUnder = (...terms: SupplyTerm[]): Source => under(terms).depots[0]!.sources[0]!;
const plain = decide(situation([buyer()])).option;
const texts = (of: Situation): string[] => decide(of).reasons.map(phraseReason);

describe('minimum and multiple', () => {
  it('D1 the stricter of master data and contract counts: 2 in twos and 5 in threes are 5 in sixes', () => {
    const two = buyer({}, {minimum: 2, multiple: 2});
    const asked = under([agreed('moq', {min: 5, multiple: 3})], [two]);
    expect(asked.depots[0]!.sources[0]).toMatchObject({minimum: 5, multiple: 6});
    const {option} = decide(asked);
    expect(option.quantity).toBe(Math.ceil(plain.quantity / 6) * 6);
    expect(option.quantity).toBeGreaterThan(plain.quantity);
    expect(texts(asked)).toContain('Contract K-1, term 1: SUP delivers 5 or more, in multiples of 6.');
    expect(withQuantity(asked, 'B', option, 9)).toMatchObject({ok: false, reason: 'quantity-not-orderable'});
  });

  it('D1 a laxer contract changes nothing, nor does one about another part, depot, supplier or buyer', () => {
    const strict = {min: 50};
    const terms = [
      agreed('moq', {min: 1}),
      agreed('moq', strict, {scope: {partIds: ['P9']}}),
      agreed('moq', strict, {scope: {depotIds: ['C']}}),
      agreed('moq', strict, {parties: ['OWN', 'OTHER']}),
      agreed('moq', strict, {parties: ['PARTNER', 'SUP']}),
    ];
    expect(under(terms)).toEqual(situation([buyer()]));
  });
});

describe('the price', () => {
  it('D1 a fixed one is what an order costs and carries, and the reason says instead of what', () => {
    const asked = under([agreed('price', {model: 'fixed', currency: 'EUR', priceMinor: 80_000})]);
    const {option} = decide(asked);
    expect(option.landedMinor).toBe(option.quantity * 80_000);
    expect(option.terms).toMatchObject([{term: 'price', priceMinor: 80_000, insteadOfMinor: 100_000}]);
    expect(texts(asked).join()).toMatch(
      /a piece costs 800\.00 EUR in an order of this size, instead of 1,?000\.00 EUR/u,
    );
  });

  it('D1 cost-plus is the unit cost and its markup: 12 % on 1,000.00 are 1,120.00', () => {
    expect(
      sourceUnder(agreed('price', {model: 'cost-plus', currency: 'EUR', markupPct: 12})).priceMinor,
    ).toBe(112_000);
  });

  it('D1 of volume tiers the one of the order’s size counts, and a planner’s other size is priced anew', () => {
    const tiers = [
      {fromQty: 10, priceMinor: 90_000},
      {fromQty: 20, priceMinor: 75_000},
    ];
    const agreedOn = under([agreed('price', {model: 'volume-tier', currency: 'EUR', tiers})]);
    // Each order brings what is needed: lots that reach for a price are order-lot.test.ts's.
    const asked = {...agreedOn, policy: {...agreedOn.policy, lotCoverDaysMax: 0}};
    const {option} = decide(asked);
    expect(option.quantity).toBeLessThan(10);
    expect(option).toMatchObject({landedMinor: option.quantity * 100_000});
    expect(option).not.toHaveProperty('terms');
    const more = withQuantity(asked, 'B', option, 20);
    expect(more).toMatchObject({
      ok: true,
      value: {
        landedMinor: 20 * 75_000,
        terms: [{term: 'price', priceMinor: 75_000, insteadOfMinor: 100_000}],
      },
    });
    const fewer = withQuantity(asked, 'B', (more as {value: typeof option}).value, 9);
    expect(fewer).toMatchObject({ok: true, value: {landedMinor: 9 * 100_000}});
    expect((fewer as {value: object}).value).not.toHaveProperty('terms');
  });

  it('D1 one in another currency is not used, and says so; the next one is', () => {
    const dollars = agreed(
      'price',
      {model: 'fixed', currency: 'USD', priceMinor: 1},
      {scope: {partIds: ['P1']}},
    );
    const asked = under([dollars]);
    expect(decide(asked).option.landedMinor).toBe(plain.landedMinor);
    expect(texts(asked)).toContain(
      'Contract K-1, term 1: its price is in USD, which is not the part’s currency, and is not reckoned with.',
    );
    const euros = agreed('price', {model: 'fixed', currency: 'EUR', priceMinor: 70_000}, {contractId: 'K-2'});
    expect(sourceUnder(dollars, euros).priceMinor).toBe(70_000);
  });

  it('D1 a price for the part goes before one for everything', () => {
    const general = agreed('price', {model: 'fixed', currency: 'EUR', priceMinor: 90_000});
    const own = agreed('price', {model: 'fixed', currency: 'EUR', priceMinor: 60_000}, {contractId: 'K-2', scope: {partIds: ['P1']}}); // prettier-ignore
    expect(sourceUnder(general, own).priceMinor).toBe(60_000);
  });
});

describe('a supplier’s calendar', () => {
  const shut = (from: string, until: string) => ({from, until});

  it('D1 an order during a shutdown is here later by what is left of it, adjoining ones included', () => {
    const calendar = agreed('calendar', {
      shutdowns: [shut('2026-01-07', '2026-01-09'), shut('2026-01-01', '2026-01-07')],
    });
    const closed = sourceUnder(calendar);
    expect(closed.meanH).toBe(240 + (Date.UTC(2026, 0, 9) - NOW) / HOUR); // 90 h
    const {option, reasons} = decide(under([calendar]));
    expect(option.arrival).toEqual({meanH: 330, sdH: 0});
    expect(reasons.map(phraseReason)).toContain(
      'Contract K-1, term 1: SUP is shut down until 2026-01-09; what is ordered now is here 3.8 days later.',
    );
  });

  it('D1 express, emergencies and workshops of the supplier wait as well; one that is open does not', () => {
    const calendar = agreed('calendar', {shutdowns: [shut('2026-01-05', '2026-01-06')]});
    const all = (['normal', 'emergency', 'repair'] as const).map((kind) =>
      source('supplier', 'SUP', {kind, expediteMeanH: kind === 'normal' ? 48 : null}),
    );
    const sources = under([calendar], [buyer({sources: all})]).depots[0]!.sources;
    expect(sources.map(({meanH, expediteMeanH}) => [meanH, expediteMeanH])).toEqual([
      [258, 66],
      [258, null],
      [258, null],
    ]);
    const tomorrow = agreed('calendar', {shutdowns: [shut('2026-01-06', '2026-02-01')]});
    expect(sourceUnder(tomorrow)).toEqual(situation([buyer()]).depots[0]!.sources[0]);
  });
});

describe('flexibility', () => {
  const flex = (more: object = {}) =>
    agreed('flex', {basePerPeriod: 8, pct: 25, surchargePct: 15, ...more}, {scope: {depotIds: ['B']}});
  const ordered = (pieces: number, more: Partial<OrderedPieces> = {}): OrderedPieces => ({
    depotId: 'B',
    supplierId: 'SUP',
    monthAt: JANUARY,
    pieces,
    ...more,
  });

  it('D1 pieces beyond the period’s 8 + 25 % pay the surcharge: 8 of 10 are taken, the third and further cost 15 % more', () => {
    const taken = [ordered(8), ordered(9, {supplierId: 'ELSE'}), ordered(9, {depotId: 'C'})];
    const asked = under([flex()], [buyer()], taken);
    const {option} = decide(asked);
    const beyond = plain.quantity - 2;
    expect(option.quantity).toBe(plain.quantity);
    expect(beyond).toBeGreaterThan(0);
    expect(option.landedMinor).toBe(plain.landedMinor + beyond * 15_000);
    expect(option.actionMinor).toBe(plain.actionMinor + beyond * 15_000);
    expect(texts(asked)).toContain(
      `Contract K-1, term 1: ${beyond} of the pieces are beyond what the period may take and cost 15 % more.`,
    );
  });

  it('D1 what was ordered before the period does not count, and notice given in time spares the surcharge', () => {
    const last = [ordered(30, {monthAt: Date.UTC(2025, 11, 1)})];
    expect(decide(under([flex()], [buyer()], last)).option).toEqual(plain);
    const noticed = under([flex({noticeDays: 10})], [buyer()], [ordered(10)]);
    expect(decide(noticed).option.landedMinor).toBe(plain.landedMinor); // it comes in ten days
    const hasty = under([flex({noticeDays: 11})], [buyer()], [ordered(10)]);
    expect(decide(hasty).option.landedMinor).toBe(plain.landedMinor + plain.quantity * 15_000);
  });
});

describe('the end of a part', () => {
  it('G5 no order goes out after the last day, and it says so; on that day it does', () => {
    const until = (lastOrderDate: string) => under([agreed('obsolescence', {lastOrderDate})]);
    expect(decide(until('2026-01-05')).option.action).toBe('order');
    const {option, alternatives} = decide(until('2026-01-04'));
    expect(option.action).toBe('nothing');
    expect(alternatives).toContainEqual(
      expect.objectContaining({
        action: 'order',
        excluded: 'by contract K-1 SUP takes no order after 2026-01-04',
      }),
    );
  });
});

describe('a shelf that the supplier keeps', () => {
  const band = agreed('vmiBand', {min: 1, max: 4, supplierPartyId: 'SUP'});
  const asked = (onHand: number, more: Partial<DepotSituation> = {}) =>
    under([band], [buyer({onHand, ...more})]);

  it('J2 within the band nothing is ordered, and the reason is the band and not a missing source', () => {
    expect(decide(situation([buyer({onHand: 1})])).option.action).toBe('order');
    const {option, alternatives, reasons} = decide(asked(1));
    expect(option.action).toBe('nothing');
    expect(alternatives).toContainEqual(
      expect.objectContaining({action: 'order', excluded: 'contract K-1 has SUP keep 1 to 4 here by itself'}),
    );
    expect(reasons.map(({code}) => code)).not.toContain('no-source');
    expect(reasons.map(phraseReason)).toContain(
      'Contract K-1, term 1: SUP keeps 1 to 4 here by itself: with 1 here and coming nothing is ordered from it.',
    );
  });

  it('J2 below it an order is placed, and says that the supplier has missed its band', () => {
    const {option, reasons} = decide(asked(0));
    expect(option.action).toBe('order');
    expect(reasons.map(phraseReason)).toContain(
      'Contract K-1, term 1: SUP keeps 1 to 4 here by itself, and has missed that: here and coming are 0.',
    );
  });

  it('J2 within the band a machine that is about to fail still has pieces hurried, where that pays', () => {
    const express = [source('supplier', 'SUP', {expediteMeanH: 24, expediteFeeMinor: 1_000})];
    const risky = {
      components: [component('C1', 990_000, {quantity: 4})],
      sources: express,
      backgroundPerYear: 0,
    };
    expect(decide(asked(1, risky)).option).toMatchObject({action: 'expedite', sourceKind: 'supplier'});
  });
});

describe('what is recorded', () => {
  it('I5a a situation with every kind of term reads back as it was, and decides the same', () => {
    const asked = under(
      [
        agreed('moq', {min: 4}),
        agreed('price', {model: 'volume-tier', currency: 'EUR', tiers: [{fromQty: 2, priceMinor: 95_000}]}),
        agreed('calendar', {shutdowns: [{from: '2026-01-05', until: '2026-01-08'}]}),
        agreed('flex', {basePerPeriod: 1, pct: 0, surchargePct: 5}),
        agreed('vmiBand', {min: 1, max: 4, supplierPartyId: 'SUP'}),
      ],
      [buyer()],
    );
    const read = Situation.parse(JSON.parse(JSON.stringify(asked)));
    expect(read).toEqual(asked);
    expect(decide(read)).toEqual(decide(asked));
    expect(decide(asked).option.terms!.map(({term}) => term)).toEqual([
      'moq',
      'calendar',
      'price',
      'flex',
      'vmiBand',
    ]);
  });
});
