import {describe, expect, it} from 'vitest';
import {HORIZONS_H} from '../../../domain/forecast.ts';
import type {ComponentId, EquipmentId} from '../../../domain/ids.ts';
import {HOUR_MS, epochMs} from '../../../domain/time.ts';
import {
  canonicalSpec,
  componentIndex,
  numericAttributes,
  type ClassSpec,
} from '../../../predict/core/class-spec.ts';
import {occlude, occlusionsOf, topSignals} from '../../../predict/core/explain.ts';
import {completenessPct, componentFeatures, featuresOf, standardise} from '../../../predict/core/features.ts';
import type {FeatureWindow, SignalBucket} from '../../../predict/core/feature-window.ts';
import {summarise, trendPerDay} from '../../../predict/core/signal-summary.ts';
import {windowShape} from '../../../predict/core/window-input.ts';

const spec: ClassSpec = {
  equipmentClassId: 'pump',
  components: [
    {positionId: 'bearing', classId: 'bearing', life: {shape: 2, scaleH: 10_000}},
    {positionId: 'seal', classId: 'seal', life: {shape: 1, scaleH: 20_000}},
  ],
  signals: [{name: 'vibration_mm_s', label: 'vibration', unit: 'mm/s', normalLow: 1, normalHigh: 4}],
  eventCodes: ['E1'],
  attributes: ['rated_kw'],
  windowH: 96,
  gridH: 1,
  horizonsH: [...HORIZONS_H],
};
const asOf = epochMs(1_000 * HOUR_MS);
const bucket = (mean: number, m2 = 0, n = 6): SignalBucket => ({
  n,
  mean,
  m2,
  min: mean - 1,
  max: mean + 1,
  last: mean,
});
/** 72 h at 2 mm/s, then 24 h at 5. */
const window: FeatureWindow = {
  equipmentId: 'P-1' as EquipmentId,
  asOf,
  gridMs: HOUR_MS,
  buckets: new Map([['vibration_mm_s', Array.from({length: 96}, (_, i) => bucket(i < 72 ? 2 : 5, 6))]]),
  events: [
    {type: 'error', code: 'E1', positionId: 'bearing', at: epochMs(asOf - 48 * HOUR_MS)},
    {type: 'error', code: 'E9', positionId: 'seal', at: epochMs(asOf - 2 * HOUR_MS)},
    {type: 'error', code: 'E1', positionId: 'bearing', at: epochMs(asOf + HOUR_MS)},
  ],
  attributes: {rated_kw: 75},
};
const bearing = {componentId: 'B-1' as ComponentId, positionId: 'bearing', classId: 'bearing', ageH: 5000};

const named = (of: FeatureWindow = window, component = bearing): Record<string, number> => {
  const values = componentFeatures(of, component, spec);
  return Object.fromEntries(featuresOf(spec).map(({name}, i) => [name, values[i]!]));
};

describe('a window in steps', () => {
  it('is the means of each step, oldest first, then all that no signal tells', () => {
    const two = {
      ...spec,
      signals: [
        ...spec.signals,
        {name: 'silent', label: 'silent', unit: 'K', normalLow: null, normalHigh: null},
      ],
      sequenceStepH: 12,
    };
    const shape = windowShape(two)!;
    expect(shape).toMatchObject({steps: 8, channels: 2});
    const features = featuresOf(two);
    const values = componentFeatures(window, bearing, two);
    expect(values).toHaveLength(features.length);
    const at = (indexes: readonly number[]): number[] => indexes.map((i) => values[i]!);
    expect(at(shape.window)).toEqual([2, 2, 2, 2, 2, 2, 5, 5].flatMap((mean) => [mean, NaN]));
    expect(shape.window.map((i) => features[i]!.name).slice(-4)).toEqual([
      'vibration_mm_s.step_12h',
      'silent.step_12h',
      'vibration_mm_s.step_0h',
      'silent.step_0h',
    ]);
    expect(at(shape.rest)).toEqual(
      at([...features.keys()].filter((i) => !features[i]!.group.startsWith('signal:'))),
    );
    // The steps of a signal are hidden with it when a forecast is explained.
    const hidden = occlusionsOf(two).find(({group}) => group === 'signal:silent')!.indexes;
    expect(hidden).toEqual(expect.arrayContaining(shape.window.filter((_, i) => i % 2 === 1)));
  });

  it('is no input of a class without a sequence step, whose inputs stay as they were', () => {
    expect(windowShape(spec)).toBeUndefined();
    expect(featuresOf(spec).some(({step}) => step)).toBe(false);
  });
});

describe('signal summaries', () => {
  it('merge means and spreads as if the samples were still there', () => {
    const two = {...window, buckets: new Map([['x', [bucket(1, 0, 2), bucket(3, 0, 2)]]])};
    expect(summarise(two, 'x', 2)).toEqual({n: 4, mean: 2, sd: 1, min: 0, max: 4, heard: 1});
    expect(summarise(two, 'x', 1).mean).toBe(3);
    expect(summarise(two, 'x', 2, 1).mean).toBe(1);
  });

  it('a trend is per day', () => {
    const rising = {...window, buckets: new Map([['x', [0, 1, 2, 3].map((mean) => bucket(mean))]])};
    expect(trendPerDay(rising, 'x', 4)).toBeCloseTo(24, 10);
  });

  it('a signal that was never heard has no mean, and no share heard', () => {
    expect(summarise(window, 'pressure', 24)).toMatchObject({n: 0, mean: NaN, heard: 0});
  });
});

describe('features', () => {
  it('match the worked window', () => {
    const features = named();
    expect(features).toMatchObject({
      'vibration_mm_s.mean_3h': 5,
      'vibration_mm_s.mean_24h': 5,
      'vibration_mm_s.mean_72h': 3, // 48 h at 2 and 24 h at 5
      'vibration_mm_s.mean_96h': 2.75,
      'vibration_mm_s.day_change': 3, // against the older half of the window
      'vibration_mm_s.sd_24h': 1,
      'vibration_mm_s.max_24h': 6,
      'vibration_mm_s.heard_24h': 1,
      'error.E1.count': 1,
      'error.E1.count_24h': 0,
      'error.other.count_24h': 1,
      'error.own.count': 1,
      'attribute.rated_kw': 75,
      'is.bearing.bearing': 1,
      'is.seal.seal': 0,
    });
    expect(features['error.E1.recency']).toBeCloseTo(Math.exp(-1), 6);
    expect(features['age.log']).toBeCloseTo(Math.log1p(5000 / 24), 5);
    expect(features['age.hazard']).toBeCloseTo(Math.log(0.5672 ** 2 - 0.25), 5);
    expect(features['age.past_50pct']).toBeCloseTo(0.5, 6);
  });

  it('nothing after the forecast instant enters', () => {
    expect(named()).toEqual(named({...window, events: window.events.slice(0, 2)}));
  });

  it('name every input once, in the order of the vector', () => {
    const names = featuresOf(spec).map(({name}) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(componentFeatures(window, bearing, spec)).toHaveLength(names.length);
  });

  it('an unheard signal stands at the average, and a broken sensor is clipped', () => {
    const silent = componentFeatures({...window, buckets: new Map()}, bearing, spec);
    const width = silent.length;
    const scaling = {mean: new Array<number>(width).fill(1), sd: new Array<number>(width).fill(1e-3)};
    const inputs = standardise(silent, scaling);
    expect(inputs[0]).toBe(0);
    expect(inputs.every((value) => Number.isFinite(value) && Math.abs(value) <= 6)).toBe(true);
  });

  it('completeness is the share of intervals heard', () => {
    const half = window.buckets.get('vibration_mm_s')!.map((value, i) => (i % 2 ? value : null));
    expect(completenessPct(window, spec)).toBe(100);
    expect(completenessPct({...window, buckets: new Map([['vibration_mm_s', half]])}, spec)).toBe(50);
  });
});

describe('class specs', () => {
  it('cover a component only in its own position', () => {
    expect(componentIndex(spec, bearing)).toBe(0);
    expect(componentIndex(spec, {positionId: 'seal', classId: 'bearing'})).toBe(-1);
  });

  it('are one text whatever the order of keys', () => {
    const {windowH, ...rest} = spec;
    expect(canonicalSpec({windowH, ...rest})).toBe(canonicalSpec(spec));
  });

  it('turn text attributes into flags', () => {
    expect(numericAttributes({loadClass: 2, refrigerant: 'R134a', indoor: true}, 'CH-200')).toEqual({
      loadClass: 2,
      'refrigerant=R134a': 1,
      indoor: 1,
      'model=CH-200': 1,
    });
  });
});

describe('explanations', () => {
  it('name the signal, its value and its normal range', () => {
    const top = topSignals(
      [
        {group: 'signal:vibration_mm_s', shift: 2},
        {group: 'age', shift: 1},
        {group: 'errors', shift: -1},
      ],
      window,
      bearing,
      spec,
    );
    expect(top).toEqual([
      {
        signal: 'vibration_mm_s',
        text: 'vibration rose to 5 mm/s over the last 24 h (normal 1–4)',
        contributionPct: 50,
      },
      {signal: 'age', text: 'in service for 5,000 h; half of its class last 8,326 h', contributionPct: 25},
      {signal: 'errors', text: '2 errors in 4 days, latest E9', contributionPct: -25},
    ]);
  });

  it('hide a whole group and never which component it is', () => {
    const occlusions = occlusionsOf(spec);
    expect(occlusions.map(({group}) => group)).toEqual([
      'signal:vibration_mm_s',
      'errors',
      'age',
      'equipment',
    ]);
    const ones = new Float32Array(featuresOf(spec).length).fill(1);
    const hidden = occlude(ones, occlusions[0]!.indexes, () => 0);
    expect(hidden.filter((value) => value === 0)).toHaveLength(occlusions[0]!.indexes.length);
    expect(ones.every((value) => value === 1)).toBe(true);
  });
});
