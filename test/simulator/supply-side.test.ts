import {describe, expect, it} from 'vitest';
import {HOUR_MS, epochMs} from '../../domain/time.ts';
import {confirmationsOf, sampleArrival} from '../../simulator/supply-side.ts';

const order = {orderedAt: epochMs(Date.UTC(2026, 0, 5)), meanH: 240, sdH: 60, seed: 1};
const orders = Array.from({length: 1500}, (_, i) => ({...order, orderId: `order-${i}`}));

describe('the supply side', () => {
  it('delivers an order at one instant, however often it is asked', () => {
    expect(sampleArrival({...order, orderId: 'A'})).toBe(sampleArrival({...order, orderId: 'A'}));
    expect(sampleArrival({...order, orderId: 'A'})).not.toBe(sampleArrival({...order, orderId: 'B'}));
    expect(sampleArrival({...order, orderId: 'A', sdH: 0})).toBe(order.orderedAt + 240 * HOUR_MS);
  });

  it('has the lead times that the lane promises', () => {
    const leadH = orders.map((each) => (sampleArrival(each) - order.orderedAt) / HOUR_MS);
    const mean = leadH.reduce((sum, h) => sum + h, 0) / leadH.length;
    const sd = Math.sqrt(leadH.reduce((sum, h) => sum + (h - mean) ** 2, 0) / leadH.length);
    expect(Math.abs(mean - 240)).toBeLessThan(4);
    expect(Math.abs(sd - 60)).toBeLessThan(4);
    expect(Math.min(...leadH)).toBeGreaterThan(0);
  });

  it('confirms before it delivers, and sometimes corrects its promise', () => {
    const all = orders.map((each) => ({arrivesAt: sampleArrival(each), said: confirmationsOf(each)}));
    for (const {arrivesAt, said} of all) {
      said.forEach(({confirmedAt}, i) => {
        expect(confirmedAt).toBeGreaterThan(i === 0 ? order.orderedAt : said[i - 1]!.confirmedAt);
        expect(confirmedAt).toBeLessThan(arrivesAt);
      });
    }
    const corrected = all.filter(({said}) => said.length === 2).length / all.length;
    expect(corrected).toBeGreaterThan(0.2);
    expect(corrected).toBeLessThan(0.4);
    // A correction knows more than the first promise did.
    const miss = (pick: 0 | 1): number[] =>
      all
        .filter(({said}) => said.length === 2)
        .map(({arrivesAt, said}) => Math.abs(said[pick]!.promisedAt - arrivesAt));
    const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);
    expect(total(miss(1))).toBeLessThan(0.3 * total(miss(0)));
  });

  it('refuses a lead time that is none', () => {
    expect(() => sampleArrival({...order, orderId: 'A', meanH: 0})).toThrow('order A: mean 0 h');
  });
});
