import {describe, expect, it} from 'vitest';
import {HOUR_MS, epochMs} from '../../../domain/time.ts';
import {advanceOrder, SLIP_MIN_MS} from '../../../network/core/order-state.ts';
import type {SupplyOrder} from '../../../network/core/order-state.ts';

const START = epochMs(Date.UTC(2026, 0, 5));
const at = (hours: number) => epochMs(START + hours * HOUR_MS);
const ORDER: SupplyOrder = {
  orderId: 'O-1',
  kind: 'purchase',
  partId: 'P-1',
  fromLoc: 'supplier:SUP',
  toLoc: 'depot:D-1',
  ownerPartyId: 'OWN',
  qty: 2,
  shippedQty: 0,
  receivedQty: 0,
  state: 'released',
  expectedAt: at(480),
  promisedAt: null,
  firstPromisedAt: null,
  slips: 0,
  receivedAt: null,
};

function confirmed(order: SupplyOrder, promisedAt?: ReturnType<typeof at>): SupplyOrder {
  const advanced = advanceOrder(order, 'confirm', promisedAt === undefined ? {} : {promisedAt});
  if (!advanced.ok) throw new Error(advanced.detail);
  return advanced.value;
}

describe('an order whose source moves its date back', () => {
  it('H9 the first promise is no slip, a later one is, an earlier one is not', () => {
    const first = confirmed(ORDER, at(400));
    expect(first).toMatchObject({slips: 0, firstPromisedAt: at(400), expectedAt: at(400)});
    const second = confirmed(first, at(448));
    expect(second).toMatchObject({slips: 1, firstPromisedAt: at(400), promisedAt: at(448)});
    expect(confirmed(second, at(424))).toMatchObject({slips: 1, promisedAt: at(424)});
    expect(confirmed(confirmed(second, at(424)), at(500))).toMatchObject({slips: 2});
  });

  it('H9 the same day at another hour is no slip, nor is a confirmation without a date', () => {
    const first = confirmed(ORDER, at(400));
    expect(confirmed(first, epochMs(at(400) + SLIP_MIN_MS))).toMatchObject({slips: 0});
    expect(confirmed(first)).toMatchObject({slips: 0, promisedAt: at(400)});
  });
});
