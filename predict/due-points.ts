import {groupBy} from '../domain/group-by.ts';
import {EPOCH_MS_MAX, epochMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {gridAtOrBefore, touch} from './core/grid.ts';
import type {Progress} from './core/grid.ts';
import type {CachedEquipment} from './equipment-cache.ts';
import type {ForecastRow, LogSlice, LogSpan, Span} from './ports.ts';

/** Events after which a forecast is due at once. */
const TELLING = new Set(['error', 'failure', 'part-replaced', 'maintenance']);
/** Events that change which component is installed, and so the age in every later forecast. */
const REPLACING = new Set(['part-replaced', 'maintenance']);

const FOREVER = epochMs(EPOCH_MS_MAX);

/** An instant at which one equipment's components are to be scored. */
export interface Point {
  readonly equipmentNo: number;
  readonly asOf: EpochMs;
  readonly cause: ForecastRow['cause'];
}

/** Points of one run, each instant of an equipment once; the first cause stays. */
export class PointSet {
  readonly #points = new Map<string, Point>();
  readonly #from: EpochMs;

  /** @param from earlier instants are learned from and not forecast. */
  constructor(from: EpochMs) {
    this.#from = from;
  }

  add(point: Point): void {
    const key = `${point.equipmentNo}|${point.asOf}`;
    if (point.asOf >= this.#from && !this.#points.has(key)) this.#points.set(key, point);
  }

  list(): readonly Point[] {
    return [...this.#points.values()];
  }
}

/** What a slice of the log makes due. */
export interface Due {
  readonly progress: ReadonlyMap<number, Progress>;
  /** Closed grid intervals whose buckets are to be rebuilt. */
  readonly rebuild: readonly LogSpan[];
  /** Stretches that a late entry re-opens: forecasts between grid points in them are due again. */
  readonly reopened: readonly Span[];
}

export interface KnownEquipment {
  get(equipmentNo: number): CachedEquipment | undefined;
}

/** Adds every grid point and event instant that the slice closes or re-opens. */
export function collectDue(
  slice: LogSlice,
  known: KnownEquipment,
  windowMsOf: (cached: CachedEquipment) => number,
  points: PointSet,
): Due {
  const progress = new Map<number, Progress>();
  const rebuild: LogSpan[] = [];
  const reopened: Span[] = [];
  const through = new Map(slice.spans.map((span) => [span.partitionNo, span.through]));
  for (const [equipmentNo, readings] of groupBy(slice.readings, (reading) => reading.equipmentNo)) {
    const cached = known.get(equipmentNo);
    if (cached === undefined) continue; // retired between door and now
    const {progress: before, master} = cached;
    const {gridMs} = master;
    const observed = readings.map((reading) => reading.observedAt);
    const touched = touch(before, observed, gridMs, windowMsOf(cached));
    progress.set(equipmentNo, touched.progress);
    const upTo = through.get(master.partitionNo)!;
    for (const at of touched.buckets)
      rebuild.push({equipmentNo, from: epochMs(at - gridMs), to: at, through: upTo});
    const isLate = (asOf: EpochMs): boolean => before !== undefined && asOf <= before.lastGrid;
    for (const asOf of touched.points) points.add({equipmentNo, asOf, cause: isLate(asOf) ? 'late' : 'grid'});
    const [oldest, newest] = [touched.buckets[0], touched.buckets.at(-1)];
    if (oldest !== undefined && newest !== undefined) {
      // An event between grid points may have been forecast before the intervals in its window were closed.
      reopened.push({
        equipmentNo,
        from: epochMs(oldest - 1),
        to: epochMs(newest + windowMsOf(cached) + gridMs),
      });
    }
  }
  for (const event of slice.events) {
    const cached = known.get(event.equipmentNo);
    if (cached === undefined || !TELLING.has(event.type)) continue;
    const {equipmentNo, at} = event;
    points.add({equipmentNo, asOf: at, cause: 'event'});
    // A late event changes what lay in the windows after it, and a late replacement every age since.
    const {gridMs} = cached.master;
    const lastGrid = cached.progress?.lastGrid ?? -Infinity;
    const reach = REPLACING.has(event.type) ? FOREVER : epochMs(at + windowMsOf(cached));
    for (let g: number = gridAtOrBefore(at, gridMs) + gridMs; g <= Math.min(lastGrid, reach); g += gridMs) {
      points.add({equipmentNo, asOf: epochMs(g), cause: 'late'});
    }
    reopened.push({equipmentNo, from: at, to: reach});
  }
  return {progress, rebuild: mergeSpans(rebuild), reopened};
}

/** Neighbouring spans of one equipment as one. */
function mergeSpans(spans: readonly LogSpan[]): LogSpan[] {
  const merged: LogSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.equipmentNo - b.equipmentNo || a.from - b.from)) {
    const last = merged[merged.length - 1];
    if (last?.equipmentNo === span.equipmentNo && span.from <= last.to)
      merged[merged.length - 1] = {...last, to: span.to};
    else merged.push(span);
  }
  return merged;
}
