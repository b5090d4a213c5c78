import {describe, expect, it} from 'vitest';
import {DAY_MS, epochMs} from '../../../domain/time.ts';
import {arrivalMoments, arrivalOfOrder, lateRisk} from '../../../replenish/core/lead-time/awaited-order.ts';
import type {AwaitedOrder, LearnedDelays} from '../../../replenish/core/lead-time/awaited-order.ts';

const ORDERED = epochMs(Date.UTC(2026, 0, 5));
const days = (count: number) => epochMs(ORDERED + count * DAY_MS);

/** Ordered on day 0 for day 20, promised for day 20. */
function order(more: Partial<AwaitedOrder> = {}): AwaitedOrder {
  return {
    orderedAt: ORDERED,
    expectedAt: days(20),
    promisedAt: days(20),
    firstPromisedAt: days(20),
    sdH: 0,
    slips: 0,
    ...more,
  };
}

/** Late once in four, by 8 days; against the plan by 2. */
const RECORD: LearnedDelays = {
  planDays: 20,
  lead: [{days: 2, weight: 1}],
  promise: [
    {days: 0, weight: 3 / 4},
    {days: 8, weight: 1 / 4},
  ],
};

describe('an order under way', () => {
  it('H9 a source late once in four, and a promise moved back once: as likely late again as not', () => {
    expect(lateRisk(order(), RECORD, days(5))).toBeCloseTo(1 / 4, 12);
    const slipped = order({firstPromisedAt: days(16), slips: 1});
    expect(lateRisk(slipped, RECORD, days(5))).toBeCloseTo(1 / 2, 12);
    // Late by 8 days as before, or by the 4 of its slip: (2 · ¼ · 8 + 1 · 4) / 3 days after day 20.
    expect(arrivalMoments(arrivalOfOrder(slipped, RECORD, days(5))).meanH).toBeCloseTo((15 + 8 / 3) * 24, 9);
  });

  it('H9 a second slip raises the risk again: (2 · ¼ + 2) / 4', () => {
    expect(lateRisk(order({firstPromisedAt: days(12), slips: 2}), RECORD, days(5))).toBeCloseTo(5 / 8, 12);
  });

  it('H1 an order past its date is as late as its source’s late ones', () => {
    expect(arrivalOfOrder(order(), RECORD, days(22))).toEqual([{hours: 6 * 24, weight: 1}]);
    expect(lateRisk(order(), RECORD, days(22))).toBe(1);
  });

  it('H1 later than ever seen, it may come any hour, and nobody counts on it within six', () => {
    expect(arrivalOfOrder(order(), RECORD, days(40))).toEqual([{hours: 6, weight: 1}]);
  });

  it('H1 an order that nobody has confirmed is expected by the record of its lead times', () => {
    const unconfirmed = order({promisedAt: null, firstPromisedAt: null});
    expect(arrivalOfOrder(unconfirmed, RECORD, days(5))).toEqual([{hours: 17 * 24, weight: 1}]);
    expect(arrivalOfOrder(unconfirmed, null, days(5))).toEqual([{hours: 15 * 24, weight: 1}]);
  });
});
