import {describe, expect, it} from 'vitest';
import {DAY_MS, epochMs} from '../../../domain/time.ts';
import {supplierScorecard} from '../../../network/core/supplier-scorecard.ts';
import type {ScoredOrder} from '../../../network/core/supplier-scorecard.ts';

const day = (days: number): ReturnType<typeof epochMs> => epochMs(days * DAY_MS);
const order = (more: Partial<ScoredOrder>): ScoredOrder => ({
  ...{partId: 'P', qty: 1, receivedQty: 1, orderedAt: day(0), dueAt: day(10), receivedAt: day(10)},
  ...{confirmedAt: null, slips: 0, agreedDays: 20},
  ...more,
});

describe('the scorecard of a supplier', () => {
  it('H2 scores the worked example: 1 of 2 on time, 1 of 2 within 20 days and a day, −3.75 days beyond', () => {
    const orders = [
      order({receivedAt: day(10.5)}),
      order({dueAt: day(20), receivedAt: day(22), confirmedAt: day(0.5), slips: 1}),
    ];
    expect(supplierScorecard(orders, day(30))[0]).toEqual({
      ...{partId: null, orders: 2, onTime: 1, pieces: 2, receivedPieces: 2, timed: 2, inLeadTime: 1},
      ...{beyondAgreedDays: -3.75, confirmed: 1, confirmHours: 12, slipped: 1},
    });
  });

  it('H2 an open order counts from a day past its date, and never before', () => {
    const open = order({receivedAt: null, receivedQty: 0});
    expect(supplierScorecard([open], day(10.9))[0]).toMatchObject({orders: 0, beyondAgreedDays: null});
    expect(supplierScorecard([open], day(11))[0]).toMatchObject({orders: 1, onTime: 0, receivedPieces: 0});
  });

  it('H2 shows the least punctual part first', () => {
    const scores = supplierScorecard(
      [order({partId: 'GOOD'}), order({partId: 'BAD', receivedAt: day(12)})],
      day(30),
    );
    expect(scores.map(({partId, onTime}) => [partId, onTime])).toEqual([
      [null, 1],
      ['BAD', 0],
      ['GOOD', 1],
    ]);
  });
});
