import {expect, it} from 'vitest';
import {aggregate} from '../../../predict/core/bucket.ts';
import {movedMaterially} from '../../../predict/core/material.ts';

it('a bucket keeps count, mean, squared deviations, extremes and the last value', () => {
  expect(aggregate([1, 2, 6])).toEqual({n: 3, mean: 3, m2: 14, min: 1, max: 6, last: 6});
  expect(aggregate([])).toBeNull();
});

it('a curve that creeps is told once it has crept far enough, measured from what was told last', () => {
  const told = [10_000, 20_000];
  expect(movedMaterially(told, [12_000, 26_000], 10_000)).toBe(false);
  expect(movedMaterially(told, [12_000, 30_000], 10_000)).toBe(true);
  expect(movedMaterially(undefined, [0, 0], 10_000)).toBe(true);
});
