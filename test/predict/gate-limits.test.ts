import {describe, expect, it} from 'vitest';
import type {ModelVersionId} from '../../domain/ids.ts';
import {DAY_MS, HOUR_MS, epochMs} from '../../domain/time.ts';
import {DEFAULT_GATE_LIMITS, type GateLimits} from '../../predict/core/gate-limits.ts';
import type {PairedForecast} from '../../predict/core/live-evidence.ts';
import {ModelDesk} from '../../predict/model-desk.ts';
import type {Examination} from '../../predict/model-evidence.ts';

const NOW = epochMs(1000 * DAY_MS);
const VERSION = 'chiller-2' as ModelVersionId;

/** A shadow whose card says 0.03 calibration error and 0.2 skill, and which forecast 20 days of 5 components beside its champion; 3 failed. */
async function examined(limits: GateLimits): Promise<Examination & {readonly askedDays: number}> {
  let askedDays = 0;
  const metrics = {calibrationError: 0.03, averagePrecision: 0.5, logLoss: 0.1};
  const age = {calibrationError: 0.01, averagePrecision: 0.1, logLoss: 0.2};
  const step = {equipmentClassId: 'chiller', pooled: false, event: 'enter'} as const;
  const desk = new ModelDesk({
    registered: async () => [
      {
        ...{modelVersionId: VERSION, equipmentClassIds: ['chiller'], pooled: false, firstSeenAt: NOW},
        ...{manifestSha256: '', featureSha256: ''},
        card: {quality: [{horizonH: 24, model: metrics, age, brierSkillOverAge: 0.2}]},
      },
    ],
    history: async () => [
      {...step, stateNo: 1, modelVersionId: 'chiller-1' as ModelVersionId, state: 'champion'},
      {...step, stateNo: 2, modelVersionId: VERSION, state: 'shadow'},
    ],
    change: () => expect.unreachable('an examination changes nothing'),
    verify: async () => null,
    paired: async ({days}) => {
      askedDays = days;
      return Array.from({length: 100}, (_, nth): PairedForecast => {
        const [component, day] = [nth % 5, Math.floor(nth / 5)];
        const asOf = NOW - (30 - day) * DAY_MS;
        const failed = component < 3 && day === 19;
        const removedAt = failed ? asOf + HOUR_MS : component < 3 ? NOW - 11 * DAY_MS + HOUR_MS : Infinity;
        return {
          ...{componentId: `C-${component}`, asOf, horizonsH: [24], removedAt, failed},
          ...{challengerPpm: [50_000], championPpm: [50_000]},
        };
      });
    },
    limits: async () => limits,
    now: () => NOW,
  });
  const found = await desk.examine(VERSION);
  if (!found.ok) throw new Error(found.detail);
  return {...found.value, askedDays};
}

describe('B5 the limits of the gate', () => {
  const with_ = (over: Partial<GateLimits>): GateLimits => ({...DEFAULT_GATE_LIMITS, ...over});
  const live = (over: Partial<GateLimits['live']>): GateLimits =>
    with_({live: {...DEFAULT_GATE_LIMITS.live, ...over}});
  const failing = ({card}: Examination): string[] =>
    card.filter(({passed}) => !passed).map(({claim}) => claim);

  it('a card is judged by the limits in force, not by those that it was written under', async () => {
    expect(failing(await examined(DEFAULT_GATE_LIMITS))).toEqual([
      'card: calibration error at 24 h is at most 0.02',
    ]);
    expect(failing(await examined(with_({calibrationErrorMax: 0.03})))).toEqual([]);
    expect(failing(await examined(with_({calibrationErrorMax: 0.03, brierSkillMin: 0.3})))).toEqual([
      'card: Brier skill over age at 24 h is at least 0.3',
    ]);
  });

  it('how many forecasts and failures it takes beside the champion, and of how many days, is asked of the limits', async () => {
    const delivered = await examined(DEFAULT_GATE_LIMITS);
    expect([delivered.askedDays, delivered.classes[0]!.lacking]).toEqual([
      180,
      "chiller: 200 daily forecasts beside the champion's and 10 failures at one horizon, of which 100 and 3 have come to an end",
    ]);
    expect(delivered.classes[0]!.checks).toEqual([]);
    const fewer = await examined(live({days: 40, rowsMin: 100, failuresMin: 3}));
    expect([fewer.askedDays, fewer.classes[0]!.lacking]).toEqual([40, null]);
    expect(fewer.classes[0]!.checks).not.toEqual([]);
    for (const [more, lacking] of [
      [{days: 40, rowsMin: 101, failuresMin: 3}, '101 daily forecasts'],
      [{days: 40, rowsMin: 100, failuresMin: 4}, '4 failures'],
    ] as const)
      expect((await examined(live(more))).classes[0]!.lacking).toContain(lacking);
  });

  it('the live calibration error is held against the limit, or the champion’s where that is larger', async () => {
    const claims = async (calibrationErrorMax: number): Promise<string[]> =>
      (
        await examined(with_({calibrationErrorMax, live: {days: 40, rowsMin: 1, failuresMin: 1}}))
      ).classes[0]!.checks.map(({claim}) => claim);
    expect(await claims(0.4)).toContain('chiller: live calibration error at 24 h is at most 0.4');
    expect(await claims(0.001)).toContain('chiller: live calibration error at 24 h is at most 0.02');
  });
});
