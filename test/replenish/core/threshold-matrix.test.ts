import {describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, epochMs, plusMs} from '../../../domain/time.ts';
import {
  BackorderPolicy,
  DEFAULT_BACKORDER_POLICY,
  LEVELS,
  judgeBackorder,
  levelNumber,
  levelsOf,
  thresholdsH,
} from '../../../replenish/core/backorder/threshold-matrix.ts';
import {NOW} from './situations.ts';

const POLICY: BackorderPolicy = {
  ...DEFAULT_BACKORDER_POLICY,
  acceptable: [
    {criticality: 'A', tier: 'gold', hours: 8},
    {criticality: 'A', tier: '*', hours: 24},
    {criticality: '*', tier: 'gold', hours: 40},
    {criticality: '*', tier: '*', hours: 100},
  ],
};

describe('how long a backorder may last', () => {
  it('E5 the cell of criticality and tier counts, else that of the criticality, else of the tier, else the one for everybody', () => {
    const breach = (criticality: string, tier: string): number =>
      thresholdsH(POLICY, {criticality, tier}).breach;
    expect([breach('A', 'gold'), breach('A', 'bronze'), breach('B', 'gold'), breach('C', 'bronze')]).toEqual([
      8, 24, 40, 100,
    ]);
    expect(thresholdsH(POLICY, {criticality: 'A', tier: 'bronze'})).toEqual({
      warn: 12,
      breach: 24,
      escalate: 48,
    });
  });

  it('E7 a contract’s own levels go before the matrix, and those that it leaves out come no sooner', () => {
    const lead = {afterMin: 30, role: 'lead'};
    const of = (...agreed: {afterMin: number; role: string}[]) =>
      levelsOf(POLICY, {criticality: 'A', tier: 'bronze', agreed}).map(({afterH, tell}) => [afterH, tell]);
    const {breach, escalate} = POLICY.tell;
    expect(of()).toEqual([
      [12, POLICY.tell.warn],
      [24, breach],
      [48, escalate],
    ]);
    expect(of(lead)).toEqual([
      [0.5, 'lead'],
      [24, breach],
      [48, escalate],
    ]);
    expect(of(lead, {afterMin: 6000, role: 'head'})).toEqual([
      [0.5, 'lead'],
      [100, 'head'],
      [100, escalate],
    ]);
  });

  it('E5 a matrix without a cell for everybody is refused', () => {
    const {acceptable, ...rest} = POLICY;
    expect(BackorderPolicy.safeParse({...rest, acceptable: acceptable.slice(0, 3)}).success).toBe(false);
    expect(BackorderPolicy.safeParse(POLICY).success).toBe(true);
  });

  it('E5 a clock that moves hour by hour passes each level once, and the review once', () => {
    const neededAt = epochMs(NOW);
    const passed: [string, number][] = [];
    let level = 0;
    let underReview = false;
    for (let hour = 0; hour <= 40 * 24; hour += 1) {
      const now = plusMs(neededAt, hour * HOUR_MS);
      const verdict = judgeBackorder(
        POLICY,
        {criticality: 'A', tier: 'gold', neededAt, level, underReview},
        now,
      );
      for (const one of verdict.passes) {
        passed.push([one.level, hour]);
        level = levelNumber(one.level);
      }
      if (verdict.opensReview) passed.push(['review', hour]);
      underReview ||= verdict.opensReview;
    }
    expect(passed).toEqual([
      ['warn', 4],
      ['breach', 8],
      ['escalate', 16],
      ['review', 30 * 24],
    ]);
  });

  it('E5 a clock that jumps passes every level on its way, in order, each with the instant at which it was due', () => {
    const waiting = {criticality: 'C', tier: 'bronze', neededAt: epochMs(NOW), level: 0, underReview: false};
    const {passes, lookAt} = judgeBackorder(POLICY, waiting, epochMs(NOW + 20 * DAY_MS));
    expect(passes.map(({level}) => level)).toEqual(LEVELS);
    expect(passes.map(({dueAt}) => (dueAt - NOW) / HOUR_MS)).toEqual([50, 100, 200]);
    expect(lookAt).toBe(NOW + 30 * DAY_MS);
    const done = judgeBackorder(
      POLICY,
      {...waiting, level: 3, underReview: true},
      epochMs(NOW + 40 * DAY_MS),
    );
    expect(done).toEqual({passes: [], opensReview: false, lookAt: null});
  });
});
