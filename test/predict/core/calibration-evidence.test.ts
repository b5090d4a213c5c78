import {describe, expect, it} from 'vitest';
import {calibrationEvidence, type Resolved} from '../../../predict/core/calibration-evidence.ts';
import {seededGenerator} from '../../../predict/training/seeded.ts';

/** Ten components a night whose true hazard is `factor` times the stated one. */
function nightly(nights: number, factor: number, seed: number): Resolved[] {
  const random = seededGenerator(seed);
  return Array.from({length: nights * 10}, (_, i) => {
    const probability = 0.02 + 0.3 * random();
    return {probability, failed: random() < 1 - (1 - probability) ** factor, night: Math.floor(i / 10)};
  });
}

/** The first night on which the evidence has come to `threshold`; the last one where it never does. */
function firstNight(rows: readonly Resolved[], nights: number, threshold: number): number {
  for (let to = 0; to < nights; to += 1) {
    const seen = rows.filter(({night}) => night <= to);
    if (calibrationEvidence(seen, {from: 0, to}) >= threshold) return to + 1;
  }
  return nights;
}

describe('evidence that stated probabilities are wrong', () => {
  it('B4 of one failure at 10 % is 1.375', () => {
    const rows = [{probability: 0.1, failed: true, night: 5}];
    expect(calibrationEvidence(rows, {from: 5, to: 5})).toBeCloseTo(1.3754, 4);
  });

  it('B4 grows by one a night while nothing is known', () => {
    expect(calibrationEvidence([], {from: 1, to: 9})).toBeCloseTo(9, 9);
  });

  it('B4 of right probabilities reaches 30 no sooner than after 30 nights on average, however often it is looked at', () => {
    const runs = Array.from({length: 40}, (_, seed) => firstNight(nightly(120, 1, seed + 1), 120, 30));
    expect(runs.reduce((sum, night) => sum + night, 0) / runs.length).toBeGreaterThanOrEqual(30);
  });

  it.each([3, 1 / 3])(
    'B4 finds a hazard %f times the stated one within weeks, at one false alarm in 10 years',
    (factor) => {
      const rows = nightly(60, factor, 3);
      expect(calibrationEvidence(rows, {from: 0, to: 59})).toBeGreaterThan(3650);
      expect(calibrationEvidence(nightly(60, 1, 3), {from: 0, to: 59})).toBeLessThan(3650);
    },
  );

  it('stays finite when everything that could not be has happened', () => {
    const rows = Array.from({length: 500}, () => ({probability: 0, failed: true, night: 0}));
    expect(Number.isFinite(calibrationEvidence(rows, {from: 0, to: 0}))).toBe(true);
  });
});
