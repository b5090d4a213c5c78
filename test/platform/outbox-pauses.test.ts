import {describe, expect, it} from 'vitest';
import {probePauseS} from '../../platform/outbox-breaker.ts';
import {retryPauseMs} from '../../platform/retry-pause.ts';

describe('pauses of the outbox', () => {
  it('pauses double up to three hours, and fill three days', () => {
    const pauses = Array.from({length: 40}, (_, nth) => retryPauseMs(nth + 1, 0.5));
    expect(pauses.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
    expect(pauses[13]).toBe(8_192_000); // 2.3 h
    expect(Math.max(...pauses)).toBe(3 * 3_600_000);
    const hoursUntil = (attempt: number): number =>
      pauses.slice(0, attempt).reduce((sum, pause) => sum + pause, 0) / 3_600_000;
    expect(hoursUntil(36)).toBeLessThan(72); // 16,383 s, then 22 pauses of 3 h: 70.6 h
    expect(hoursUntil(37)).toBeGreaterThan(72);
    expect([retryPauseMs(3, 0), retryPauseMs(3, 1)]).toEqual([3200, 4800]);
  });

  it('the questions to a resting target come 5 s, 10 s, … 5 min apart', () => {
    expect([0, 1, 2, 6, 20].map(probePauseS)).toEqual([5, 10, 20, 300, 300]);
  });
});
