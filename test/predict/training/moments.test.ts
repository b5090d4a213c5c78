import {expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, epochMs} from '../../../domain/time.ts';
import type {ClassSpec} from '../../../predict/core/class-spec.ts';
import {momentsOf, type Sampling, type TrainingMachine} from '../../../predict/training/dataset.ts';

const DAYS = 60;
const SPEC: Omit<ClassSpec, 'gridH'> = {
  equipmentClassId: 'pump',
  components: [{positionId: 'p', classId: 'seal', life: {shape: 2, scaleH: 5000}}],
  signals: [{name: 'flow', label: 'flow', unit: 'l/s', normalLow: null, normalHigh: null}],
  eventCodes: [],
  attributes: [],
  windowH: 168,
  horizonsH: [24, 72, 168, 336, 672],
};

/** A pump that was heard in every interval of its grid for sixty days. */
function machine(gridH: number): TrainingMachine {
  const count = Math.round((DAYS * 24) / gridH);
  const ones = new Float32Array(count).fill(1);
  return {
    equipmentId: 'PU-1',
    classId: 'pump',
    modelId: 'PU',
    attributes: {},
    hours: Float64Array.from({length: count}, (_, i) => (i + 1) * gridH * HOUR_MS),
    signals: {flow: {mean: ones, sd: ones, min: ones, max: ones, n: ones}},
    events: [],
    lives: [
      {
        positionId: 'p',
        componentClassId: 'seal',
        componentId: 'S-1',
        installedAt: epochMs(0),
        endedAt: null,
        end: 'running',
      },
    ],
  };
}

const momentsAt = (gridH: number, sampling: Partial<Sampling> = {}) => [
  ...momentsOf(
    machine(gridH),
    {...SPEC, gridH},
    {
      from: epochMs(0),
      to: epochMs(DAYS * DAY_MS),
      knownUntil: epochMs(DAYS * DAY_MS),
      strideH: 24,
      offsetH: 0,
      ...sampling,
    },
  ),
];

it.each([0.25, 1, 3, 5, 8, 24, 48])(
  'a machine on a grid of %s hours is looked at once a day, or as often as it is heard, from wherever the days are counted',
  (gridH) => {
    const everyH = Math.max(24, gridH);
    const expected = ((DAYS - 7) * 24) / everyH; // after a whole window of seven days
    for (const offsetH of [0, 1, 7 * gridH]) {
      const moments = momentsAt(gridH, {offsetH});
      expect(moments.length).toBeGreaterThanOrEqual(Math.floor(expected) - 1);
      expect(moments.length).toBeLessThanOrEqual(Math.ceil(expected) + 1);
      expect(new Set(moments.map(({strideH}) => strideH))).toEqual(new Set([everyH]));
    }
  },
);

it('on the hourly grid they are the whole multiples of the stride', () => {
  const hours = momentsAt(1, {offsetH: 5}).map(({window}) => window.asOf / HOUR_MS - 1); // the first interval is number 0
  expect(hours.slice(0, 3)).toEqual([187, 211, 235]);
  expect(hours.every((hour) => (hour + 5) % 24 === 0)).toBe(true);
});

it('outages are so many hours long on any grid: two days are 16 intervals of three hours', () => {
  const silent = momentsAt(3, {withOutages: true}).map(
    ({window}) => window.buckets.get('flow')!.filter((bucket) => bucket === null).length,
  );
  const cutShort = silent.filter((count) => count > 0 && count <= 28); // "first heard a while ago" loses nearly all
  expect(Math.max(...cutShort)).toBe(16);
});
