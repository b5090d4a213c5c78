import {describe, expect, it} from 'vitest';
import {
  DelayScorecard,
  delayQuantile,
  lateProbability,
  type DelayRecord,
} from '../../../replenish/core/lead-time/delay-law.ts';

const delivery = (supplier: string, days: number, more: Partial<DelayRecord> = {}): DelayRecord => ({
  groups: ['air', supplier],
  days,
  open: false,
  ...more,
});

const PUNCTUAL = Array.from({length: 15}, () => delivery('A', 0));

describe('the law of delays', () => {
  it('H1 a supplier with one late delivery is judged mostly by the group around it', () => {
    const card = new DelayScorecard([...PUNCTUAL, delivery('B', 10)], 15);
    // The route has 1 of 16 late, and so has everybody around it; B's own single one weighs 1 against 15 of them.
    expect(lateProbability(card.law(['air', 'B']))).toBeCloseTo((15 * (1 / 16) + 1) / 16, 12);
    expect(lateProbability(card.law(['air', 'A']))).toBeCloseTo(15 / 16 / 30, 12);
    expect(lateProbability(card.law(['sea', 'nobody']))).toBeCloseTo(1 / 16, 12);
  });

  it('H1 an open delivery counts as at least so late', () => {
    // Product limit over delays 0, 5 (open), 10: P(0) = 1/3, P(10) = 2/3; dropping the open one would say 1/2.
    const card = new DelayScorecard([delivery('A', 0), delivery('A', 5, {open: true}), delivery('A', 10)]);
    expect(lateProbability(card.law([]))).toBeCloseTo(2 / 3, 12);
  });

  it('H1 a delivery past its promise is late, however punctual its supplier', () => {
    const card = new DelayScorecard([...PUNCTUAL, delivery('A', 3), delivery('A', 9)]);
    expect(delayQuantile(card.law(['air', 'A']), 0.5)).toBe(0);
    const past = card.law(['air', 'A'], 2);
    expect(lateProbability(past)).toBeCloseTo(1, 12);
    expect(delayQuantile(past, 0.5)).toBe(3);
    expect(delayQuantile(past, 0.95)).toBe(9);
    expect(card.law(['air', 'A'], 30)).toEqual([{days: 30, weight: 1}]);
  });

  it('H1 nothing to learn from is refused', () => {
    expect(() => new DelayScorecard([])).toThrow('needs a delivery');
  });
});
