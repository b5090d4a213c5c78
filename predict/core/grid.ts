import {epochMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';

/** The grid point at or before an instant. Example: 10:20 on a 1 h grid → 10:00. */
export function gridAtOrBefore(at: EpochMs, gridMs: number): EpochMs {
  return epochMs(Math.floor(at / gridMs) * gridMs);
}

/** The grid point that closes the interval (g − grid, g] in which an instant lies. Example: 10:20 → 11:00; 10:00 → 10:00. */
export function bucketOf(at: EpochMs, gridMs: number): EpochMs {
  return epochMs(Math.ceil(at / gridMs) * gridMs);
}

/** How far an equipment's event time has come. */
export interface Progress {
  /** The newest grid point that is closed. */
  readonly lastGrid: EpochMs;
  /** The end of the interval after it: a reading at or past it closes the interval. */
  readonly closesAt: EpochMs;
}

export interface Touched {
  readonly progress: Progress;
  /** Closed intervals whose content is new or changed, as the grid points that end them, ascending. */
  readonly buckets: readonly EpochMs[];
  /** Grid points that need a forecast, new or again, ascending. */
  readonly points: readonly EpochMs[];
}

/**
 * What a batch of readings does to one equipment's grid: points that it closes, and points that it re-opens because a late
 * reading lies in their window. The union over all batches does not depend on the order of arrival (I3): a grid point
 * has a forecast if and only if some reading lies in its window and event time has passed it.
 *
 * @param observed  Instants of the batch's readings.
 * @param windowMs  Length of the window (a whole number of grid intervals).
 */
export function touch(
  before: Progress | undefined,
  observed: readonly EpochMs[],
  gridMs: number,
  windowMs: number,
): Touched {
  const highest = observed.reduce((a, b) => (b > a ? b : a));
  const lowest = observed.reduce((a, b) => (b < a ? b : a));
  const reached = gridAtOrBefore(highest, gridMs);
  // The class may have had a finer grid when this was written.
  const done = before === undefined ? undefined : gridAtOrBefore(before.lastGrid, gridMs);
  const lastGrid = done !== undefined && done > reached ? done : reached;
  const openedFrom = done === undefined ? bucketOf(lowest, gridMs) : done + gridMs;
  const buckets = new Set<number>();
  const points = new Set<number>();
  for (let g: number = openedFrom; g <= lastGrid; g += gridMs) {
    buckets.add(g); // readings of earlier batches may wait in it
    points.add(g);
  }
  for (const at of observed) {
    const bucket = bucketOf(at, gridMs);
    if (bucket > lastGrid) continue;
    buckets.add(bucket);
    for (let g: number = bucket; g < bucket + windowMs && g <= lastGrid; g += gridMs) points.add(g);
  }
  const ascending = (set: ReadonlySet<number>): EpochMs[] => [...set].sort((a, b) => a - b).map(epochMs);
  const progress = {lastGrid, closesAt: epochMs(lastGrid + gridMs)};
  return {progress, buckets: ascending(buckets), points: ascending(points)};
}
