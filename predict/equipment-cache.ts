import type {EpochMs} from '../domain/time.ts';
import type {SignalBucket} from './core/feature-window.ts';
import type {Progress} from './core/grid.ts';
import type {BucketRow, MonitoredEquipment} from './ports.ts';

/** Equipment kept in memory with its recent buckets; the others are read again when they speak. */
const EQUIPMENT_CACHED_MAX = 20_000;

export interface CachedEquipment {
  readonly master: MonitoredEquipment;
  progress: Progress | undefined;
  /** By bucket end; complete for every closed bucket after `loadedFrom`. */
  readonly buckets: Map<number, Map<string, SignalBucket>>;
  /** Exclusive; Infinity before anything was loaded. */
  loadedFrom: number;
}

/** What predict remembers between runs. The tables hold the same; dropping it costs a read. */
export type EquipmentCache = Map<number, CachedEquipment>;

/** Drops what came first beyond the limit. Between runs only: a run needs all the equipment of its slice. */
export function trimEquipment(cache: EquipmentCache, max = EQUIPMENT_CACHED_MAX): void {
  for (const equipmentNo of cache.keys()) {
    if (cache.size <= max) return;
    cache.delete(equipmentNo);
  }
}

export function putBuckets(cached: Pick<CachedEquipment, 'buckets'>, rows: readonly BucketRow[]): void {
  for (const {bucketAt, signal, bucket} of rows) {
    const signals = cached.buckets.get(bucketAt) ?? new Map<string, SignalBucket>();
    signals.set(signal, bucket);
    cached.buckets.set(bucketAt, signals);
  }
}

/** Forgets buckets that no window of `keepMs` can reach any more. */
export function trimBuckets(cached: CachedEquipment, keepMs: number): void {
  if (cached.progress === undefined) return;
  const before = cached.progress.lastGrid - keepMs;
  for (const at of cached.buckets.keys()) if (at <= before) cached.buckets.delete(at);
  if (cached.loadedFrom < before) cached.loadedFrom = before;
}

/** The window's buckets per signal, oldest to newest; null where nothing was heard. */
export function windowBuckets(
  buckets: CachedEquipment['buckets'],
  lastBucket: EpochMs,
  gridMs: number,
  count: number,
): Map<string, (SignalBucket | null)[]> {
  const bySignal = new Map<string, (SignalBucket | null)[]>();
  for (let i = 0; i < count; i += 1) {
    const at = lastBucket - (count - 1 - i) * gridMs;
    for (const [signal, bucket] of buckets.get(at) ?? []) {
      let series = bySignal.get(signal);
      if (series === undefined)
        bySignal.set(signal, (series = new Array<SignalBucket | null>(count).fill(null)));
      series[i] = bucket;
    }
  }
  return new Map([...bySignal].sort(([a], [b]) => (a < b ? -1 : 1)));
}
