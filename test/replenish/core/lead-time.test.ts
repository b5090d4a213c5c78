import {describe, expect, it} from 'vitest';
import {learnLeadTimes} from '../../../replenish/core/lead-time/lead-time.ts';
import {leadTimeMoments, plannedDelays, thinned} from '../../../replenish/core/lead-time/lead-time-law.ts';
import {delayQuantile} from '../../../replenish/core/lead-time/delay-law.ts';
import {delivered, lane, late} from './supply-records.ts';

const times = <T>(count: number, one: T): T[] => Array.from({length: count}, () => one);
const meanOf = (records: Parameters<typeof learnLeadTimes>[0], of = lane()): number =>
  learnLeadTimes(records, [of])[0]!.meanDays;

describe('lead times learnt from deliveries', () => {
  it('H1 five deliveries after 14 days against a plan of 10 weigh as much as the plan at each of three levels', () => {
    const [learned] = learnLeadTimes(times(5, delivered(14)), [lane()]);
    expect(learned!.evidence).toBe(5);
    expect(learned!.sdDays).toBeCloseTo(Math.sqrt(0.125 * 0.875) * 4, 10);
    expect(learned!.meanDays).toBeCloseTo(10 + 4 * (1 - 0.5 ** 3), 10);
  });

  it('H1 without a delivery the master data stands', () => {
    expect(learnLeadTimes([], [lane()])).toEqual([]);
    expect(learnLeadTimes(times(9, delivered(14)), [lane({sourceId: 'OTHER'})])).toEqual([]);
    expect(learnLeadTimes([{...delivered(3), open: true}], [lane()])).toEqual([]); // under way, and not late
  });

  it('H1 an order late by now moves the estimate before it is here', () => {
    const punctual = times(8, delivered(10));
    expect(meanOf(punctual)).toBeCloseTo(10, 10);
    expect(meanOf([...punctual, late(25)])).toBeGreaterThan(10.5);
    expect(meanOf([late(25)])).toBeGreaterThan(10);
    // One that has just been placed says nothing yet.
    expect(meanOf([...punctual, {...delivered(2), open: true}])).toBeCloseTo(10, 10);
  });

  it('H1 a part without deliveries of its own follows its source, less than one that has them', () => {
    const records = times(5, delivered(14));
    const elsewhere = meanOf(records, lane({partId: 'P-9', depotId: 'D-9'}));
    expect(elsewhere).toBeCloseTo(12, 10); // half the source's four days
    expect(elsewhere).toBeLessThan(meanOf(records, lane({partId: 'P-9'})));
    expect(meanOf(records, lane({partId: 'P-9'}))).toBeLessThan(meanOf(records));
  });

  it('H1 promises have a record of their own', () => {
    const records = times(15, delivered(14, {promisedDays: 14}));
    const [learned] = learnLeadTimes(records, [lane()]);
    expect(delayQuantile(learned!.promise, 0.9)).toBe(0);
    expect(delayQuantile(learned!.lead, 0.9)).toBe(4);
  });

  it('H1 no lead time is shorter than a tenth of its plan, however early the source is elsewhere', () => {
    expect(leadTimeMoments([{days: -30, weight: 1}], 10)).toEqual({meanDays: 1, sdDays: 0});
  });

  it('H1 a law thinned to equally likely points keeps its quantiles', () => {
    const law = Array.from({length: 1000}, (_, i) => ({days: i + 1, weight: 1 / 1000}));
    const few = thinned(law, 50);
    expect(few).toHaveLength(50);
    for (const level of [0.5, 0.9, 0.96]) expect(delayQuantile(few, level)).toBe(level * 1000);
  });

  it('H1 the plan as points: 10 ± 3 days has its 90 % quantile where the gamma law has it', () => {
    // Gamma with shape 100/9 and scale 0.9: P(T ≤ 14.0) = 0.9 (R: qgamma(0.9, 100/9, scale = 0.9) = 13.99).
    expect(10 + delayQuantile(plannedDelays(10, 3), 0.9)).toBeCloseTo(13.99, 0);
  });
});
