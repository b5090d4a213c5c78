import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {phraseReason} from '../../../replenish/core/decision/phrase.ts';
import {balanceInput} from '../../../replenish/core/plan/plan-input.ts';
import {withQuantity} from '../../../replenish/core/decision/review.ts';
import type {OpenNeed, Situation} from '../../../replenish/core/decision/situation.ts';
import {
  underFreezes,
  underPools,
  underSubstitutionTerms,
} from '../../../replenish/core/supply/stock-terms.ts';
import type {SupplyTerm} from '../../../replenish/core/supply/supply-terms.ts';
import {NOW, component, depot, lane, receipt, situation, source} from './situations.ts';
import {agreed} from './terms-in-force.ts';

const DAY = 24 * 3_600_000;
const need = (more: Partial<OpenNeed> = {}): OpenNeed => ({
  demandId: 'N1',
  quantity: 1,
  neededAt: NOW,
  equipmentId: 'EQ-1',
  shortageMinorPerH: 10_000,
  ...more,
});
const texts = (of: Situation): string[] => decide(of).reasons.map(phraseReason);

describe('a pool of depots', () => {
  const share = (more: object = {}, by: Parameters<typeof agreed>[2] = {}) =>
    agreed(
      'poolShare',
      {depots: ['A', 'B'], quotaPct: 50, transferPriceMinor: 20_000, currency: 'EUR', ...more},
      by,
    );
  const waiting = depot('B', {needs: [need({quantity: 3})]});
  const ways = [lane('A', 'B'), lane('C', 'B', {meanH: 40})];
  const pool = (terms: readonly SupplyTerm[], atA = 5, atC = 0) =>
    underPools(situation([depot('A', {onHand: atA}), depot('C', {onHand: atC}), waiting], ways), terms);

  it('F2 half of 5 pieces are 2 at most, and each costs its transfer price on top of the freight', () => {
    const asked = pool([share()]);
    const {option} = decide(asked);
    expect(option).toMatchObject({
      action: 'transfer',
      sourceId: 'A',
      quantity: 2,
      actionMinor: 8_000 + 2 * 20_000,
      landedMinor: 8_000 + 2 * 20_000,
    });
    expect(texts(asked)).toContain('Contract K-1, term 1: A lends 2 at most, at 200.00 EUR a piece.');
    expect(withQuantity(asked, 'B', option, 3)).toMatchObject({ok: false, reason: 'quantity-not-orderable'});
    expect(withQuantity(asked, 'B', option, 1)).toMatchObject({value: {landedMinor: 28_000}});
  });

  it('F2 donors outside of it stay as they are: three pieces come from one, free of its quota and price', () => {
    const asked = pool([share()], 5, 3);
    expect(asked.lanes[1]).toEqual(ways[1]);
    expect(decide(asked).option).toMatchObject({sourceId: 'C', quantity: 3, landedMinor: 8_000});
    expect(pool([share({}, {scope: {partIds: ['P9']}})]).lanes).toEqual(ways);
  });

  it('F2 a quota of less than a piece closes the lane with its reason', () => {
    expect(pool([share()], 1).lanes[0]!.barred).toBe('contract K-1 lends 50 % of the 1 at A');
  });

  it('F2 of two agreements the one of the lowest priority counts, and sums in another currency do not', () => {
    const [both] = pool([
      share({priority: 2}),
      share({priority: 1, quotaPct: 100}, {contractId: 'K-2'}),
    ]).lanes;
    expect(both!.pool).toMatchObject({contractId: 'K-2', piecesMax: 5});
    const dollars = pool([share({currency: 'USD'})]);
    expect(decide(dollars).option).toMatchObject({quantity: 2, landedMinor: 8_000});
    expect(texts(dollars).at(-1)).toMatch(/its poolShare is in USD/u);
  });

  it('F3 rebalancing pays the transfer price too, and keeps to the quota', () => {
    expect(balanceInput(pool([share()])).lanes[0]).toMatchObject({piecesMax: 2, costMinor: 8_000, costPerPieceMinor: 20_000}); // prettier-ignore
  });
});

describe('a frozen horizon', () => {
  const coming = receipt('O1', 1, 120, {expediteMeanH: 24, expediteFeeMinor: 500});
  const risky = situation([
    depot('B', {
      receipts: [coming],
      components: [component('C1', 990_000)],
      sources: [source('supplier', 'SUP')],
    }),
  ]);
  const frozen = agreed('calendar', {frozenDays: 7});
  const due = (days: number, supplierId: string | null = 'SUP') => [
    {orderId: 'O1', supplierId, dueAt: NOW + days * DAY},
  ];

  it('D4 an order that is due within it is not hurried, and says so', () => {
    expect(decide(risky).option).toMatchObject({action: 'expedite', sourceId: 'O1'});
    const {option, alternatives} = decide(underFreezes(risky, [frozen], due(5)));
    expect(option.action).not.toBe('expedite');
    expect(alternatives).toContainEqual(
      expect.objectContaining({
        action: 'expedite',
        excluded: 'contract K-1 freezes orders 7 days before they are due, and this one is due on 2026-01-10',
      }),
    );
  });

  it('D4 one that is due later, overdue, or another supplier’s may be hurried', () => {
    for (const orders of [due(7), due(-1), due(5, 'ELSE'), due(5, null)])
      expect(underFreezes(risky, [frozen], orders)).toEqual(risky);
  });
});

describe('other parts', () => {
  const standIn = {
    partId: 'P2',
    unitCostMinor: 100_000,
    ratio: 1,
    models: [],
    depots: [depot('B', {onHand: 1})],
    lanes: [],
  };
  const asked = (params: object, scope: Record<string, string[]> = {}) =>
    underSubstitutionTerms(
      situation([depot('B', {needs: [need({contractId: 'K-1'})]})], [], {substitutes: [standIn]}),
      [agreed('substitution', params, {scope})],
    );

  it('G1 a contract that allows none closes them, for the machines and parts that it is about', () => {
    expect(decide(asked({allowed: true})).option).toMatchObject({action: 'substitute'});
    const {option, alternatives} = decide(asked({allowed: false}));
    expect(option.action).toBe('nothing');
    expect(alternatives).toContainEqual(
      expect.objectContaining({action: 'substitute', excluded: 'contract K-1 allows no other part'}),
    );
    expect(decide(asked({allowed: false}, {equipmentIds: ['EQ-9']})).option.action).toBe('substitute');
  });

  it('G1 where the dearest machine may have none, the next one may', () => {
    const two = [
      need({contractId: 'K-1'}),
      need({demandId: 'N2', equipmentId: 'EQ-2', shortageMinorPerH: 9_000}),
    ];
    const {option} = decide(
      underSubstitutionTerms(situation([depot('B', {needs: two})], [], {substitutes: [standIn]}), [
        agreed('substitution', {allowed: false}),
      ]),
    );
    expect(option).toMatchObject({action: 'substitute', substitute: {demandId: 'N2'}});
  });

  it('G2 whom a contract has asked first is named', () => {
    const {option} = decide(asked({allowed: true, approverRole: 'engineer', customerConsent: true}));
    expect(option.terms).toEqual([
      {term: 'substitution', contractId: 'K-1', termNo: 1, approverRole: 'engineer', customerConsent: true},
    ]);
    expect(texts(asked({allowed: true, customerConsent: true}))).toContain(
      'Contract K-1, term 1: the customer must agree to another part first.',
    );
  });
});
