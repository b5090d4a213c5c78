import {describe, expect, it} from 'vitest';
import {HOUR_MS, epochMs} from '../../../domain/time.ts';
import {availableToPromise} from '../../../replenish/core/backorder/available-to-promise.ts';
import type {ExpectedReceipt} from '../../../replenish/core/backorder/available-to-promise.ts';

const NOW = epochMs(Date.UTC(2026, 0, 5));
const receipt = (orderId: string, quantity: number, inH: number, confirmed = true): ExpectedReceipt => ({
  orderId,
  quantity,
  dueAt: epochMs(NOW + inH * HOUR_MS),
  confirmed,
});

describe('available to promise', () => {
  it('E9 two on the shelf, three owed, four confirmed and five overdue: none now, three with the receipt', () => {
    const found = availableToPromise(
      {onHand: 2, committed: 3},
      [receipt('A', 4, 96), receipt('B', 5, -1)],
      NOW,
    );
    expect(found).toMatchObject({now: 0, available: 3, overdue: 5, unconfirmed: 0, uncovered: 0});
    expect(found.firm).toEqual([{orderId: 'A', dueAt: NOW + 96 * HOUR_MS, quantity: 4, free: 3}]);
  });

  it('E9 an overdue order adds nothing, nor does one that nobody has confirmed; confirming restores it', () => {
    const available = (one: ExpectedReceipt): number =>
      availableToPromise({onHand: 1, committed: 0}, [one], NOW).available;
    expect(available(receipt('A', 4, -1))).toBe(1);
    expect(available(receipt('A', 4, 24, false))).toBe(1);
    expect(available(receipt('A', 4, 24))).toBe(5);
  });

  it('E9 what is owed takes firm receipts by date, and the rest of it is uncovered', () => {
    const found = availableToPromise(
      {onHand: 0, committed: 4},
      [receipt('B', 2, 50), receipt('A', 1, 20)],
      NOW,
    );
    expect(found.firm.map(({orderId, free}) => [orderId, free])).toEqual([
      ['A', 0],
      ['B', 0],
    ]);
    expect(found).toMatchObject({available: 0, uncovered: 1});
  });
});
