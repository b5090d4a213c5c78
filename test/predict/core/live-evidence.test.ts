import {describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS} from '../../../domain/time.ts';
import {judgeLive, liveChecks} from '../../../predict/core/live-evidence.ts';
import {DEFAULT_GATE_LIMITS as LIMITS} from '../../../predict/core/gate-limits.ts';
import type {PairedForecast} from '../../../predict/core/live-evidence.ts';

const NOW = 1000 * DAY_MS;
const pair = (nth: number, over: Partial<PairedForecast> = {}): PairedForecast => ({
  componentId: `C-${nth}`,
  asOf: NOW - 10 * DAY_MS,
  horizonsH: [24, 72],
  challengerPpm: [100_000, 200_000],
  championPpm: [300_000, 400_000],
  removedAt: Infinity,
  failed: false,
  ...over,
});
const failedAfter = (nth: number, hours: number): PairedForecast =>
  pair(nth, {failed: true, removedAt: NOW - 10 * DAY_MS + hours * HOUR_MS});

describe('live forecasts of two models on the same rows', () => {
  it('B4 judges both by what became of the components: a worked number', () => {
    const [day, threeDays] = judgeLive([pair(1), failedAfter(2, 30)], NOW, LIMITS.live);
    // 24 h: nobody failed yet; 0.1² and 0.3². 72 h: (0.2² + 0.8²) / 2 against (0.4² + 0.6²) / 2.
    expect(day).toMatchObject({rows: 2, failures: 0, enough: false});
    expect(day!.challenger!.brier).toBeCloseTo(0.01, 9);
    expect(day!.champion!.brier).toBeCloseTo(0.09, 9);
    expect(threeDays).toMatchObject({rows: 2, failures: 1});
    expect(threeDays!.challenger!.brier).toBeCloseTo(0.34, 9);
    expect(threeDays!.champion!.brier).toBeCloseTo(0.26, 9);
    expect(threeDays!.brierSkill).toBeCloseTo(1 - 0.34 / 0.26, 9);
  });

  it('B4 leaves out what is not known yet and what was taken out before it could fail', () => {
    const young = pair(1, {asOf: NOW - 2 * DAY_MS});
    const renewed = pair(2, {removedAt: NOW - 10 * DAY_MS + 30 * HOUR_MS});
    expect(judgeLive([young, renewed], NOW, LIMITS.live).map(({rows}) => rows)).toEqual([2, 0]);
  });

  it('B4 counts a failure once however many forecasts it ended, and asks for ten', () => {
    const failures = (count: number): PairedForecast[] =>
      Array.from({length: count}, (_, i) => failedAfter(i, 12)).flatMap((one) => [one, one]);
    const rest = Array.from({length: LIMITS.live.rowsMin}, (_, i) => pair(1000 + i));
    const [short] = judgeLive([...rest, ...failures(LIMITS.live.failuresMin - 1)], NOW, LIMITS.live);
    expect(short).toMatchObject({failures: LIMITS.live.failuresMin - 1, enough: false});
    expect(
      liveChecks(judgeLive([...rest, ...failures(LIMITS.live.failuresMin - 1)], NOW, LIMITS.live), LIMITS),
    ).toEqual([]);
    const [day] = judgeLive([...rest, ...failures(LIMITS.live.failuresMin)], NOW, LIMITS.live);
    expect(day).toMatchObject({failures: LIMITS.live.failuresMin, enough: true});
  });

  it('B4 one that is worse than the champion fails with its figures', () => {
    const rows = [
      ...Array.from({length: LIMITS.live.rowsMin}, (_, i) => pair(1000 + i)),
      ...Array.from({length: LIMITS.live.failuresMin}, (_, i) => failedAfter(i, 12)),
    ];
    const better = liveChecks(judgeLive(rows, NOW, LIMITS.live).slice(0, 1), LIMITS);
    expect(better.map(({passed}) => passed)).toEqual([true, true, true]);
    const swapped = rows.map((one) => ({
      ...one,
      challengerPpm: one.championPpm,
      championPpm: one.challengerPpm,
    }));
    const worse = liveChecks(judgeLive(swapped, NOW, LIMITS.live).slice(0, 1), LIMITS);
    // (200 · 0.3² + 10 · 0.7²) / 210 = 0.1090 against (200 · 0.1² + 10 · 0.9²) / 210 = 0.0481
    expect(worse[0]).toMatchObject({
      claim: "live Brier score at 24 h is not above the champion's 0.0481",
      passed: false,
    });
    expect(worse[0]!.value).toBeCloseTo(0.10905, 5);
  });
});
