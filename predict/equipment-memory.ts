import {groupBy} from '../domain/group-by.ts';
import {HOUR_MS, epochMs} from '../domain/time.ts';
import type {Progress} from './core/grid.ts';
import type {Point} from './due-points.ts';
import {putBuckets, trimBuckets, trimEquipment} from './equipment-cache.ts';
import type {CachedEquipment, EquipmentCache} from './equipment-cache.ts';
import type {BucketRow, CheckpointMove, LogSpan, PredictStore, Span} from './ports.ts';

/** Longer than the longest window of any spec that we accept. */
const KEEP_MS = 21 * 24 * HOUR_MS;

type Books = Pick<PredictStore, 'equipment' | 'progress' | 'storedBuckets' | 'rebuildBuckets'>;

/** What predict remembers of equipment between runs, and when it may not trust it. The tables hold the same. */
export class EquipmentMemory {
  readonly #books: Books;
  readonly #windowMsOf: (cached: CachedEquipment) => number;
  readonly #cache: EquipmentCache = new Map();
  /** Where this process has left each partition's log. */
  readonly #left = new Map<number, number>();

  /** @param windowMsOf How far back forecasts of an equipment look. */
  constructor(books: Books, windowMsOf: (cached: CachedEquipment) => number) {
    this.#books = books;
    this.#windowMsOf = windowMsOf;
  }

  get(equipmentNo: number): CachedEquipment | undefined {
    return this.#cache.get(equipmentNo);
  }

  /** Drops everything: it is out of date, or may not have been committed. */
  clear(): void {
    this.#cache.clear();
  }

  /** Back to its limit. Between runs only: a run needs all the equipment of its slice. */
  trim(): void {
    trimEquipment(this.#cache);
  }

  /** A log that is not where this process left it was followed by another one: what is remembered is out of date. Returns whether it was. */
  distrust(spans: readonly CheckpointMove[]): boolean {
    const isStale = spans.some(({partitionNo, from}) => (this.#left.get(partitionNo) ?? from) !== from);
    if (isStale) {
      this.#cache.clear();
      this.#left.clear();
    }
    return isStale;
  }

  /** Brings equipment into memory, without its buckets. */
  async load(equipmentNos: readonly number[]): Promise<void> {
    const missing = equipmentNos.filter((no) => !this.#cache.has(no));
    if (missing.length === 0) return;
    const [masters, progress] = await Promise.all([
      this.#books.equipment(missing),
      this.#books.progress(missing),
    ]);
    for (const master of masters) {
      this.#cache.set(master.equipmentNo, {
        master,
        progress: progress.get(master.equipmentNo),
        buckets: new Map(),
        loadedFrom: Infinity,
      });
    }
  }

  /** The buckets of the spans, folded again from the rows. */
  async rebuild(spans: readonly LogSpan[]): Promise<BucketRow[]> {
    const byGrid = groupBy(spans, (span) => this.#cache.get(span.equipmentNo)!.master.gridMs);
    const rows: BucketRow[] = [];
    for (const [gridMs, group] of byGrid)
      for (const row of await this.#books.rebuildBuckets(group, gridMs)) rows.push(row); // too many to spread
    return rows;
  }

  /** Brings the buckets before the points into memory. */
  async loadWindows(points: readonly Point[]): Promise<void> {
    const spans: Span[] = [];
    for (const [equipmentNo, group] of groupBy(points, (point) => point.equipmentNo)) {
      const cached = this.#cache.get(equipmentNo);
      if (cached === undefined) continue;
      const asOfs = group.map((point) => point.asOf);
      const from = Math.min(...asOfs) - this.#windowMsOf(cached) - cached.master.gridMs;
      if (from >= cached.loadedFrom) continue;
      const newest = Math.max(...asOfs, cached.progress?.lastGrid ?? -Infinity);
      spans.push({
        equipmentNo,
        from: epochMs(from),
        to: epochMs(Math.min(cached.loadedFrom, newest)),
      });
      cached.loadedFrom = from;
    }
    if (spans.length > 0) this.put(await this.#books.storedBuckets(spans));
  }

  put(rows: readonly BucketRow[]): void {
    for (const [equipmentNo, group] of groupBy(rows, (row) => row.equipmentNo))
      putBuckets(this.#cache.get(equipmentNo)!, group);
  }

  /** The progress that is news to the books. */
  moved(progress: ReadonlyMap<number, Progress>): {equipmentNo: number; progress: Progress}[] {
    return [...progress]
      .filter(([equipmentNo, {lastGrid}]) => lastGrid !== this.#cache.get(equipmentNo)?.progress?.lastGrid)
      .map(([equipmentNo, reached]) => ({equipmentNo, progress: reached}));
  }

  /** What a run has committed. */
  committed(spans: readonly CheckpointMove[], progress: ReadonlyMap<number, Progress>): void {
    for (const {partitionNo, through} of spans) this.#left.set(partitionNo, through);
    for (const [equipmentNo, reached] of progress) {
      const cached = this.#cache.get(equipmentNo)!;
      cached.progress = reached;
      trimBuckets(cached, KEEP_MS);
    }
  }
}
