import {describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, epochMs} from '../../../domain/time.ts';
import {failureBetween} from '../../../predict/core/survival-curve.ts';
import {alarmsOf, breachesOf, calibrationOf, driftOf} from '../../../predict/core/watch-figures.ts';
import type {WatchFigures} from '../../../predict/core/watch-figures.ts';
import {DEFAULT_WATCH_RULES, type WatchRules} from '../../../predict/core/watch-rules.ts';
import {WatchTally} from '../../../predict/core/watch-tally.ts';
import type {NightSample, WatchedLife} from '../../../predict/core/watch-tally.ts';

/** A midnight on which windows of every length begin: 84 days divide it. */
const DAY_0 = 84 * 240;
const at = (day: number, hour = 0) => epochMs((DAY_0 + day) * DAY_MS + hour * HOUR_MS);
const NOW = at(84, 3);
const HORIZONS = [24, 72, 168, 336, 672];
/** Constant hazard: `ppm` within 28 days. */
const curveOf = (ppm: number) => {
  const hazard = -Math.log(1 - ppm / 1e6) / 672;
  const cumulativePpm = HORIZONS.map((h) => Math.round(1e6 * (1 - Math.exp(-hazard * h))));
  return {horizonsH: HORIZONS, cumulativePpm, tailHazardPpbPerH: Math.round(hazard * 1e9)};
};
const sample = (day: number, ppm: number, said = 'm-1'): NightSample => ({
  at: at(day),
  asOf: at(day),
  said,
  curve: curveOf(ppm),
});
const life = (ppm: (day: number) => number, more: Partial<WatchedLife> = {}): WatchedLife => {
  const endedAt = more.endedAt ?? null;
  const samples = Array.from({length: 85}, (_, day) => sample(day, ppm(day)));
  return {
    ...{componentId: 'C', installedAt: at(-100), endedAt, failed: false},
    samples: samples.filter((one) => endedAt === null || one.at < endedAt),
    ...more,
  };
};
const tallyOf = (...lives: readonly WatchedLife[]) => {
  const tally = new WatchTally({now: NOW, rules: DEFAULT_WATCH_RULES});
  lives.forEach((one, equipmentNo) =>
    tally.add({equipmentNo, equipmentClassId: 'chiller', depotId: 'D-1', lives: [one]}),
  );
  return tally;
};
const wholeOf = (...lives: readonly WatchedLife[]) => tallyOf(...lives).slices[0]!.tally;
const calibration = (...lives: readonly WatchedLife[]) =>
  calibrationOf(wholeOf(...lives), {now: NOW, rules: DEFAULT_WATCH_RULES});

describe('forecasts against what came of them', () => {
  it('B4 a component that never fails has one forecast a window: 84 of a day, 28, 12, 6 and 3 of four weeks', () => {
    const found = calibration(life(() => 100_000));
    expect(found.map(({forecasts}) => forecasts)).toEqual([84, 28, 12, 6, 3]);
    expect(found[4]).toMatchObject({
      expected: expect.closeTo(0.3, 5) as number,
      observed: 0,
      low: 0,
      high: 2,
    });
  });

  it('B4 a failure counts in the one window of each length in which it happens', () => {
    const failed = calibration(life(() => 100_000, {endedAt: at(40, 5), failed: true}));
    expect(failed.map(({observed}) => observed)).toEqual([1, 1, 1, 1, 1]);
    expect(failed.map(({forecasts}) => forecasts)).toEqual([41, 14, 6, 3, 2]);
    expect(failed[4]!.expected).toBeCloseTo(0.2, 5); // it was at risk for the whole of its last window
  });

  it('B4 a window that has not ended counts not at all, or failures would come before survivals', () => {
    const late = life(() => 100_000, {endedAt: at(83, 23), failed: true});
    const tally = new WatchTally({now: at(84, -1), rules: DEFAULT_WATCH_RULES});
    tally.add({equipmentNo: 1, equipmentClassId: 'chiller', depotId: null, lives: [late]});
    const found = calibrationOf(tally.slices[0]!.tally, {now: at(84, -1), rules: DEFAULT_WATCH_RULES});
    expect(found.map(({observed}) => observed)).toEqual([0, 0, 0, 0, 0]);
    expect(found.map(({forecasts}) => forecasts)).toEqual([83, 27, 11, 5, 2]);
  });

  it('B4 a part that is taken out unfailed counts for as long as it was watched: half of four weeks at 19 % are 10 %', () => {
    const [, , , , last] = calibration(life(() => 190_000, {endedAt: at(14)}));
    expect(last).toMatchObject({forecasts: 1, observed: 0, expected: expect.closeTo(0.1, 5) as number});
  });

  it('a curve is counted down: 10 % by a day and 19 % by two are 10 % on the second day', () => {
    const curve = {horizonsH: [24, 48], cumulativePpm: [100_000, 190_000], tailHazardPpbPerH: 1_000_000};
    expect(failureBetween(curve, 24, 48)).toBeCloseTo(0.1, 9);
    expect(failureBetween(curve, 12, 24)).toBeCloseTo(0.05132, 5);
    expect(failureBetween(curve, 48, 148)).toBeCloseTo(1 - Math.exp(-0.1), 9);
  });

  it('B4 what was said before a version became champion does not count against it', () => {
    const tally = wholeOf(life(() => 100_000));
    const found = calibrationOf(tally, {now: NOW, rules: DEFAULT_WATCH_RULES}, at(56));
    expect(found.map(({forecasts}) => forecasts)).toEqual([28, 9, 4, 2, 1]);
  });

  it('B4 counts by version, class and depot', () => {
    const two = life((day) => (day < 40 ? 1000 : 2000));
    const changed = {
      ...two,
      samples: two.samples.map((one, day) => ({...one, said: day < 40 ? 'm-1' : 'm-2'})),
    };
    expect(tallyOf(changed).slices.map(({slice}) => [slice.said, slice.depotId])).toEqual([
      ['m-1', null],
      ['m-1', 'D-1'],
      ['m-2', null],
      ['m-2', 'D-1'],
    ]);
  });
});

describe('alarms', () => {
  it('B4 in a row are one, which foresees the failure that ends them', () => {
    const warned = life((day) => (day >= 50 ? 700_000 : 10_000), {endedAt: at(60), failed: true});
    expect(alarmsOf(wholeOf(warned))).toMatchObject({
      ...{failures: 1, foreseen: 1, leadHours: 240, trueAlarms: 1, falseAlarms: 0},
      machineYears: expect.closeTo(60 / 365, 9) as number,
    });
  });

  it('B4 is false when nothing fails in its four weeks, and neither when the part was taken out before', () => {
    const never = life((day) => (day >= 30 && day < 33 ? 700_000 : 10_000));
    const taken = life((day) => (day >= 30 ? 700_000 : 10_000), {endedAt: at(40)});
    const found = alarmsOf(wholeOf(never, taken));
    expect(found).toMatchObject({failures: 0, trueAlarms: 0, falseAlarms: 1});
    expect(found.falseAlarmsPerMachineYear).toBeCloseTo((1 * 365) / (85 + 40), 9);
  });

  it('B4 a failure without an alarm was not foreseen', () => {
    const found = alarmsOf(wholeOf(life(() => 10_000, {endedAt: at(60), failed: true})));
    expect(found).toMatchObject({failures: 1, foreseen: 0, leadHours: null});
  });
});

describe('bounds', () => {
  const calm: WatchFigures = {
    calibration: [
      {horizonH: 672, forecasts: 100, expected: 10, observed: 20, low: 3, high: 18, evidence: 50_000},
    ],
    alarms: alarmsOf(wholeOf(life(() => 1000))),
    scores: null,
    inputs: [],
  };
  const breaches = (more: object, tests = 5) =>
    breachesOf({...calm, calibration: [{...calm.calibration[0]!, ...more}]}, DEFAULT_WATCH_RULES, tests);

  it('B4 are passed by evidence alone, not by few failures, small differences, or one of many looks', () => {
    expect(breaches({})).toEqual(['calibration']);
    expect(breaches({observed: 14})).toEqual([]); // less than half as many again
    expect(breaches({expected: 1, observed: 4})).toEqual([]); // too few
    expect(breaches({}, 20)).toEqual([]); // 20 tests ask for 73,000
    expect(breaches({observed: 6})).toEqual(['calibration']); // too few failures is wrong too
  });

  it('B4 a distribution has moved when both its bins and its distance say so', () => {
    const before = Array.from({length: 200}, (_, i) => i);
    const {drift} = DEFAULT_WATCH_RULES;
    const same = driftOf('x', before, before, drift)!;
    expect(same).toMatchObject({psi: 0, ks: 0, pValue: 1});
    const moved = driftOf('x', before, before.map((x) => x + 100), drift)!; // prettier-ignore
    expect(moved.ks).toBeCloseTo(0.5, 9);
    expect(
      breachesOf({...calm, calibration: [], scores: same, inputs: [moved]}, DEFAULT_WATCH_RULES, 5),
    ).toEqual(['inputs']);
    expect(driftOf('x', before.slice(0, 49), before, drift)).toBeNull();
  });

  describe('are data, and each of them decides', () => {
    // 60 of 200 machines have moved: at five tests a night it is wrong about once in 150 years to say so by chance.
    const before = Array.from({length: 200}, (_, i) => i);
    const now = before.map((x) => (x < 60 ? x + 1000 : x));
    const rules = (drift: object): WatchRules => ({
      ...DEFAULT_WATCH_RULES,
      drift: {...DEFAULT_WATCH_RULES.drift, ...drift},
    });
    const found = (by: WatchRules): readonly string[] => {
      const moved = driftOf('vibration', before, now, by.drift);
      return breachesOf({...calm, calibration: [], inputs: moved === null ? [] : [moved]}, by, 5);
    };
    const {psi, pValue} = driftOf('vibration', before, now, DEFAULT_WATCH_RULES.drift)!;
    const yearly = pValue * 5 * 365;

    it('B4 B5 psiMin: a stability index just below it is no drift', () => {
      expect(found(rules({psiMin: psi - 1e-9}))).toEqual(['inputs']);
      expect(found(rules({psiMin: psi + 1e-9}))).toEqual([]);
    });

    it('B4 B5 alpha: what chance brings more often in a year of tests is no drift', () => {
      expect(yearly).toBeGreaterThan(0);
      expect(yearly).toBeLessThan(0.01);
      expect(found(rules({alpha: yearly * 1.001}))).toEqual(['inputs']);
      expect(found(rules({alpha: yearly * 0.999}))).toEqual([]);
    });

    it('B4 B5 samplesMin: with one machine fewer than it takes nothing is compared', () => {
      expect(found(rules({samplesMin: 200}))).toEqual(['inputs']);
      expect(found(rules({samplesMin: 201}))).toEqual([]);
    });
  });
});
