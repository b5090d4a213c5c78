import fc from 'fast-check';
import {expect, it} from 'vitest';
import {HOUR_MS, epochMs} from '../../../domain/time.ts';
import type {EpochMs} from '../../../domain/time.ts';
import {touch} from '../../../predict/core/grid.ts';
import type {Progress} from '../../../predict/core/grid.ts';

const WINDOW_MS = 5 * HOUR_MS;
const instant = fc.integer({min: 0, max: 60 * 4}).map((quarter) => epochMs(quarter * (HOUR_MS / 4)));

/** Every point touched by the batches that has a reading in its window: those are the ones that get a forecast. */
function forecastPoints(batches: readonly (readonly EpochMs[])[]): number[] {
  const readings = batches.flat();
  const points = new Set<number>();
  let progress: Progress | undefined;
  for (const batch of batches) {
    const touched = touch(progress, batch, HOUR_MS, WINDOW_MS);
    progress = touched.progress;
    for (const point of touched.points) points.add(point);
  }
  return [...points]
    .filter((point) => readings.some((reading) => reading > point - WINDOW_MS && reading <= point))
    .sort((a, b) => a - b);
}

it('invariant I3: which grid points have a forecast does not depend on the order of arrival or on the batches', () => {
  const arrivals = fc.array(instant, {minLength: 1, maxLength: 30}).chain((readings) =>
    fc.record({
      readings: fc.constant(readings),
      shuffled: fc.shuffledSubarray(readings, {minLength: readings.length, maxLength: readings.length}),
      cuts: fc.array(fc.integer({min: 1, max: 5}), {minLength: readings.length, maxLength: readings.length}),
    }),
  );
  fc.assert(
    fc.property(arrivals, ({readings, shuffled, cuts}) => {
      const batches: EpochMs[][] = [];
      let from = 0;
      for (const cut of cuts) {
        if (from >= shuffled.length) break;
        batches.push(shuffled.slice(from, from + cut));
        from += cut;
      }
      const inOrder = [...readings].sort((a, b) => a - b).map((reading) => [reading]);
      expect(forecastPoints(batches)).toEqual(forecastPoints(inOrder));
    }),
    {numRuns: 500, seed: 1},
  );
});
