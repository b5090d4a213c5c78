import {describe, expect, it} from 'vitest';
import {readTerm} from '../../../domain/contract-term.ts';
import type {TermParams} from '../../../domain/contract-term.ts';
import {DAY_MS, epochMs} from '../../../domain/time.ts';
import {settleDeliveries} from '../../../partners/core/settle-deliveries.ts';
import type {Delivery, DeliveryTerm} from '../../../partners/core/settle-deliveries.ts';

const day = (days: number) => epochMs(days * DAY_MS);
const MONTH = {from: day(0), to: day(31)};
const idOf = (no: number): string => `00000000-0000-4000-8000-0000000000${String(no).padStart(2, '0')}`;

const AGREED = {currency: 'EUR', targetPct: 90, perEventMinor: 5_000, capPerWindowMinor: 8_000};

function term(params: object, more: Partial<DeliveryTerm> = {}): DeliveryTerm {
  const read = readTerm('delivery', {...AGREED, ...params});
  if (!read.ok) throw new Error(read.detail);
  return {
    ...{contractId: 'K-S', version: 1, termNo: 1, clauseRef: '§7', scope: {}, from: -Infinity, to: Infinity},
    params: read.value.params as TermParams<'delivery'>,
    ...more,
  };
}

/** Ten orders due on days 1 to 10; the first two came two and three days late. */
const TEN = Array.from({length: 10}, (_, i): Delivery => {
  const dueAt = day(i + 1);
  const lateDays = i < 2 ? i + 2 : 0;
  return {
    supplierPartyId: 'SUP',
    orderId: idOf(i),
    partId: 'P',
    depotId: 'D',
    dueAt,
    receivedAt: epochMs(dueAt + lateDays * DAY_MS),
  };
});

const settle = (of: DeliveryTerm, deliveries: readonly Delivery[] = TEN, now = day(40)) =>
  settleDeliveries(of, deliveries, {window: MONTH, now}).map(({kind, orderId, amountMinor}) => ({
    kind,
    no: orderId === null ? null : Number(orderId.slice(-2)),
    amountMinor,
  }));

describe('what a month of deliveries comes to', () => {
  it('H2 the worked example: 80 % on time of 90 % agreed, two late orders at 50.00 under a cap of 80.00', () => {
    expect(settle(term({}))).toEqual([
      {kind: 'penalty', no: 0, amountMinor: 5_000},
      {kind: 'penalty', no: 1, amountMinor: 3_000},
    ]);
    const [first, second] = settleDeliveries(term({}), TEN, {window: MONTH, now: day(40)});
    expect([first!.lateH, second!.lateH]).toEqual([48, 72]);
    expect(first!.dueAt).toBe(MONTH.to);
  });

  it('H2 a disputed order is left out of charge, cap and share until it stands; what is waived stays out', () => {
    const disputed = (outcome?: string) =>
      settle(
        term({disputes: [{orderId: idOf(0), reason: 'our dock was closed', ...(outcome && {outcome})}]}),
      );
    expect(disputed()).toEqual([{kind: 'penalty', no: 1, amountMinor: 5_000}]);
    expect(disputed('waived')).toEqual([{kind: 'penalty', no: 1, amountMinor: 5_000}]);
    expect(disputed('stands')).toEqual(settle(term({})));
    const both = [0, 1].map((no) => ({orderId: idOf(no), reason: 'the dock'}));
    expect(settle(term({disputes: both}))).toEqual([]);
  });

  it('H2 at or above the target nothing is charged, and above another one a bonus is paid unless a case is argued about', () => {
    const bonus = {fromPct: 95, perWindowMinor: 1_000};
    expect(settle(term({targetPct: 80}))).toEqual([]);
    expect(settle(term({bonus}))).toHaveLength(2);
    const punctual = TEN.slice(2);
    const paid = [{kind: 'bonus', no: null, amountMinor: 1_000}];
    expect(settle(term({bonus}), punctual)).toEqual(paid);
    const disputes = [{orderId: idOf(0), reason: 'the dock'}];
    expect(settle(term({bonus, disputes}), TEN.slice(0, 1).concat(punctual))).toEqual([]);
    const waived = disputes.map((one) => ({...one, outcome: 'waived'}));
    expect(settle(term({bonus, disputes: waived}), TEN.slice(0, 1).concat(punctual))).toEqual(paid);
    expect(settle(term({bonus}, {from: day(1)}), punctual)).toEqual([]); // half a month was agreed
    expect(settle(term({bonus}), [])).toEqual([]);
  });

  it('H2 nothing is settled before the month is decided, and a late order costs only once it has come', () => {
    expect(settle(term({}), TEN, epochMs(MONTH.to - 1))).toEqual([]);
    const open = {...TEN[0]!, orderId: idOf(20), dueAt: day(30.5), receivedAt: day(35)};
    expect(settle(term({}), [...TEN, open], day(31.4))).toEqual([]); // it may still come within its day
    expect(settle(term({}), [...TEN, open], day(32))).toHaveLength(2);
    const later = settleDeliveries(term({capPerWindowMinor: null}), [...TEN, open], {window: MONTH, now: day(36)}); // prettier-ignore
    expect(later.map(({dueAt}) => dueAt)).toEqual([day(31.5), day(31.5), day(35)]);
  });

  it('H2 orders of other months, other parts and of another version are not its own', () => {
    expect(settle(term({}), [{...TEN[0]!, dueAt: day(31)}])).toEqual([]);
    expect(settle(term({}, {scope: {partIds: ['Q']} as never}))).toEqual([]);
    expect(settle(term({}, {to: day(1)}))).toEqual([]);
  });
});
