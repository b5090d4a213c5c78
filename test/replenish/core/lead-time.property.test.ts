import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {DAY_MS, epochMs} from '../../../domain/time.ts';
import {arrivalMoments, arrivalOfOrder, lateRisk} from '../../../replenish/core/lead-time/awaited-order.ts';
import {learnLeadTimes} from '../../../replenish/core/lead-time/lead-time.ts';
import {plannedDelays} from '../../../replenish/core/lead-time/lead-time-law.ts';
import {delivered, lane, late} from './supply-records.ts';

const deliveries = fc.array(
  fc.integer({min: 1, max: 60}).map((days) => delivered(days)),
  {minLength: 1, maxLength: 12},
);
const plan = fc.record({planDays: fc.integer({min: 2, max: 40}), planSdDays: fc.integer({min: 0, max: 20})});
const ORDERED = epochMs(Date.UTC(2026, 0, 5));
const days = (count: number) => epochMs(ORDERED + count * DAY_MS);

describe('laws of learnt lead times', () => {
  it('H1 the plan as points has exactly the mean and deviation of the master data', () => {
    fc.assert(
      fc.property(plan, ({planDays, planSdDays}) => {
        const law = plannedDelays(planDays, planSdDays);
        const mean = law.reduce((sum, one) => sum + one.weight * one.days, 0);
        const variance = law.reduce((sum, one) => sum + one.weight * (one.days - mean) ** 2, 0);
        expect(mean).toBeCloseTo(0, 9);
        expect(Math.sqrt(variance)).toBeCloseTo(planSdDays, 9);
      }),
      {seed: 41},
    );
  });

  it('H1 an order that is still open never shortens the lead time', () => {
    fc.assert(
      fc.property(deliveries, plan, fc.integer({min: 1, max: 90}), (records, more, openDays) => {
        const mean = (all: typeof records): number => learnLeadTimes(all, [lane(more)])[0]!.meanDays;
        expect(mean([...records, late(openDays, {planDays: 10})])).toBeGreaterThanOrEqual(
          mean(records) - 1e-9,
        );
      }),
      {seed: 42},
    );
  });

  it('H1 an order open for longer than anything seen lengthens it', () => {
    fc.assert(
      fc.property(deliveries, (records) => {
        const mean = (all: typeof records): number => learnLeadTimes(all, [lane()])[0]!.meanDays;
        expect(mean([...records, late(90)])).toBeGreaterThan(mean(records) + 0.01);
      }),
      {seed: 43},
    );
  });

  it('H9 each slip makes an order likelier to be late, and later, before its due date', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 0, max: 6}),
        fc.integer({min: 1, max: 10}),
        fc.double({min: 0, max: 72, noNaN: true}),
        (slips, stepDays, sdH) => {
          const at = (count: number) => ({
            orderedAt: ORDERED,
            expectedAt: days(30),
            promisedAt: days(30),
            firstPromisedAt: days(30 - count * stepDays),
            sdH,
            slips: count,
          });
          const now = days(1);
          const risk = (count: number): number => lateRisk(at(count), null, now);
          const mean = (count: number): number => arrivalMoments(arrivalOfOrder(at(count), null, now)).meanH;
          expect(risk(slips + 1)).toBeGreaterThan(risk(slips));
          expect(mean(slips + 1)).toBeGreaterThan(mean(slips));
        },
      ),
      {seed: 44},
    );
  });
});
