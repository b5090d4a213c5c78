import {describe, expect, it} from 'vitest';
import {DAY_MS, epochMs} from '../../../domain/time.ts';
import {supplierScorecard} from '../../../network/core/supplier-scorecard.ts';
import type {ScoredOrder, SuppliedPart} from '../../../network/core/supplier-scorecard.ts';

const day = (days: number): ReturnType<typeof epochMs> => epochMs(days * DAY_MS);
const order = (more: Partial<ScoredOrder>): ScoredOrder => ({
  ...{partId: 'P', qty: 1, receivedQty: 1, orderedAt: day(0), dueAt: day(10), receivedAt: day(10)},
  ...{confirmedAt: null, slips: 0, agreedDays: 20},
  ...more,
});

const part = (partId: string, more: Partial<SuppliedPart> = {}): SuppliedPart => ({
  ...{partId, segment: 'A', handedOut: 0, faulty: 0, waitedDays: 0},
  ...more,
});

describe('the scorecard of a supplier', () => {
  it('H2 scores the worked example: 1 of 2 on time, 1 of 2 within 20 days and a day, −3.75 days beyond', () => {
    const orders = [
      order({receivedAt: day(10.5)}),
      order({dueAt: day(20), receivedAt: day(22), confirmedAt: day(0.5), slips: 1}),
    ];
    expect(supplierScorecard(orders, [part('P', {handedOut: 8, faulty: 1})], day(30))[0]).toEqual({
      ...{
        partId: null,
        segment: null,
        handedOut: 8,
        faulty: 1,
        waitedDays: 0,
        orders: 2,
        onTime: 1,
        pieces: 2,
        receivedPieces: 2,
        timed: 2,
        inLeadTime: 1,
      },
      ...{beyondAgreedDays: -3.75, confirmed: 1, confirmHours: 12, slipped: 1},
    });
  });

  it('H2 an open order counts from a day past its date, and never before', () => {
    const open = order({receivedAt: null, receivedQty: 0});
    expect(supplierScorecard([open], [part('P')], day(10.9))[0]).toMatchObject({
      orders: 0,
      beyondAgreedDays: null,
    });
    expect(supplierScorecard([open], [part('P')], day(11))[0]).toMatchObject({
      orders: 1,
      onTime: 0,
      receivedPieces: 0,
    });
  });

  it('H2 shows the least punctual part first', () => {
    const scores = supplierScorecard(
      [order({partId: 'GOOD'}), order({partId: 'BAD', receivedAt: day(12)})],
      [part('GOOD'), part('BAD'), part('IDLE')],
      day(30),
    );
    expect(scores.map(({partId, onTime}) => [partId, onTime])).toEqual([
      [null, 1],
      [null, 1],
      ['BAD', 0],
      ['GOOD', 1],
    ]);
  });

  it('H2 parts add up to their segment, and segments to the whole', () => {
    const scores = supplierScorecard(
      [order({partId: 'A1'}), order({partId: 'A2', qty: 4}), order({partId: 'C1', receivedAt: day(12)})],
      [
        part('A1', {handedOut: 5, faulty: 1, waitedDays: 0.5}),
        part('A2', {handedOut: 3}),
        part('C1', {segment: 'C', waitedDays: 2}),
        part('C2', {segment: 'C', handedOut: 4, faulty: 2}),
      ],
      day(30),
    );
    const rows = scores.map((row) => [
      row.segment,
      row.orders,
      row.onTime,
      row.pieces,
      row.faulty,
      row.waitedDays,
    ]);
    expect(rows.slice(0, 3)).toEqual([
      [null, 3, 2, 6, 3, 2.5],
      ['A', 2, 2, 5, 1, 0.5],
      ['C', 1, 0, 1, 2, 2],
    ]);
    expect(scores.slice(3).map(({partId}) => partId)).toEqual(['C1', 'A1', 'A2', 'C2']);
  });
});
