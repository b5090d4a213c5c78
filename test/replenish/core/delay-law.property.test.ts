import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {DelayScorecard, delayQuantile, lateProbability} from '../../../replenish/core/lead-time/delay-law.ts';
import type {DelayRecord} from '../../../replenish/core/lead-time/delay-law.ts';

const GROUPS = ['route', 'supplier', 'lane'];
const record = fc.record({
  groups: fc.integer({min: 1, max: 3}).map((depth) => [...GROUPS.slice(0, depth), ...GROUPS.slice(depth).map((name) => `other ${name}`)]), // prettier-ignore
  days: fc.integer({min: -30, max: 30}),
  open: fc.boolean(),
});
const records = fc.array(record, {minLength: 1, maxLength: 20});
const lawOf = (all: readonly DelayRecord[]) => new DelayScorecard(all).law(GROUPS);

describe('laws of the law of delays', () => {
  it('H1 is a distribution: rising days, weights that add up to 1, quantiles that rise with the level', () => {
    fc.assert(
      fc.property(records, (all) => {
        const law = lawOf(all);
        expect(law.reduce((sum, {weight}) => sum + weight, 0)).toBeCloseTo(1, 9);
        for (const [i, {days, weight}] of law.entries()) {
          expect(weight).toBeGreaterThanOrEqual(0);
          if (i > 0) expect(days).toBeGreaterThan(law[i - 1]!.days);
        }
        expect(delayQuantile(law, 0.5)).toBeLessThanOrEqual(delayQuantile(law, 0.9));
        expect(delayQuantile(law, 0.9)).toBeLessThanOrEqual(delayQuantile(law, 0.95));
      }),
      {seed: 51},
    );
  });

  it('H1 one more late delivery never makes its group look more punctual, nor one more in time less', () => {
    const closed = record.map((one) => ({...one, open: false}));
    fc.assert(
      fc.property(
        fc.array(closed, {minLength: 1, maxLength: 20}),
        fc.integer({min: 1, max: 30}),
        (all, days) => {
          const more = (delay: number) =>
            lateProbability(lawOf([...all, {groups: GROUPS, days: delay, open: false}]));
          const before = lateProbability(lawOf(all));
          expect(more(days)).toBeGreaterThanOrEqual(before - 1e-12);
          expect(more(-days)).toBeLessThanOrEqual(before + 1e-12);
        },
      ),
      {seed: 52},
    );
  });

  it('H1 a group nobody has seen is judged as all deliveries together', () => {
    fc.assert(
      fc.property(records, (all) => {
        const card = new DelayScorecard(all);
        expect(card.law(['nowhere', 'nobody'])).toEqual(card.law([]));
      }),
      {seed: 53},
    );
  });
});
