import {HORIZONS_H} from '../domain/forecast.ts';
import {HOUR_MS, epochMs, toIso} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {groupBy} from '../domain/group-by.ts';
import {coveredClasses} from './core/class-spec.ts';
import type {FeatureWindow, WindowEvent} from './core/feature-window.ts';
import {gridAtOrBefore} from './core/grid.ts';
import type {Progress} from './core/grid.ts';
import {ageRung, taughtRung, topRung} from './core/ladder.ts';
import type {Rung} from './core/ladder.ts';
import {movedMaterially} from './core/material.ts';
import type {Scorer} from './core/score.ts';
import {draftsOf, heardInside, scoreDrafts, usesModel} from './draft.ts';
import type {Draft} from './draft.ts';
import {PointSet, collectDue} from './due-points.ts';
import type {Point} from './due-points.ts';
import {putBuckets, trimBuckets, trimEquipment} from './equipment-cache.ts';
import type {CachedEquipment, EquipmentCache} from './equipment-cache.ts';
import type {
  BucketRow,
  CheckpointMove,
  ForecastRow,
  Installation,
  LogSlice,
  LogSpan,
  PredictStore,
  Span,
  StaleComponent,
  StaleComponents,
} from './ports.ts';
import {windowAt} from './window.ts';

export interface PredictPorts {
  readonly store: PredictStore;
  readonly scorer: Scorer;
  readonly now: () => EpochMs;
  /** 52-bit digest of a text: tells a revision from a repetition. */
  readonly digest: (text: string) => number;
  readonly report: (problem: string) => void;
}

export interface PredictOptions {
  /** Log entries per partition and run at most. */
  readonly logRowsMax: number;
  /** Window of equipment classes without a model, in hours. */
  readonly windowH: number;
  readonly materialPpm: number;
  /** Components whose forecasts are renewed in one run at most. */
  readonly staleComponentsMax: number;
  /** Instants before it are learned from and not forecast: imported history. */
  readonly forecastsFrom: EpochMs;
}

export const PREDICT_DEFAULTS: PredictOptions = {
  logRowsMax: 4096,
  windowH: 72,
  materialPpm: 10_000,
  staleComponentsMax: 1024,
  forecastsFrom: epochMs(0),
};

/** Age laws are fitted again when world time has moved this far. */
const REFIT_MS = 24 * HOUR_MS;
/** A component that nobody heard from still ages: its forecast by age is renewed after this long. */
const STALE_MS = 24 * HOUR_MS;
/**
 * A model's last word stands for as long as it spoke about: silence says nothing new of a machine, and whoever reads the
 * curve counts the hours since. After that its condition is forgotten, and age alone is left.
 */
const LAST_WORD_MS = Math.max(...HORIZONS_H) * HOUR_MS;
/** A model was taught how machines look after outages up to this long (training/dataset.ts); longer ones it is not asked about. */
const HEARD_WITHIN_MS = 48 * HOUR_MS;
/** World time between two looks for stale forecasts. */
const STALE_CHECK_MS = HOUR_MS;
/** Longer than the longest window of any spec that we accept. */
const KEEP_MS = 21 * 24 * HOUR_MS;

export interface PredictRun {
  /** Log entries followed. */
  readonly rows: number;
  readonly forecasts: number;
  readonly signals: number;
}

const NOTHING: PredictRun = {rows: 0, forecasts: 0, signals: 0};

/** Turns committed rows into forecasts. One run is one transaction; its checkpoint moves with its outputs. */
export class PredictService {
  readonly #ports: PredictPorts;
  readonly #options: PredictOptions;
  readonly #cache: EquipmentCache = new Map();
  /** By component class. */
  #ageRungs = new Map<string, Rung>();
  /** Component classes that a fit has looked at, with or without an age law. */
  readonly #judged = new Set<string>();
  #fittedAt = -Infinity;
  #freshAt = -Infinity;
  /** The last component that an unfinished look for stale forecasts has come to. */
  #renewedTo: StaleComponent | undefined;
  /** The cache may hold what another process has changed since. */
  #stale = false;
  /** Where this process has left each partition's log. */
  readonly #left = new Map<number, number>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: PredictPorts, options: PredictOptions = PREDICT_DEFAULTS) {
    this.#ports = ports;
    this.#options = options;
  }

  /** Drops what is remembered of equipment, before the next run: another process may have followed it meanwhile. */
  forget(): void {
    this.#stale = true;
    this.#renewedTo = undefined;
  }

  /** Follows the log by one bounded slice. */
  async runOnce(): Promise<PredictRun> {
    return this.#alone(async () => {
      const slice = await this.#ports.store.readLog(this.#options.logRowsMax);
      if (slice.spans.length === 0) return NOTHING;
      this.#distrust(slice.spans);
      return this.#follow(slice);
    });
  }

  /** Renews the forecasts of installed components that nobody speaks of: age alone moves them. */
  async renewStale(): Promise<PredictRun> {
    for (;;) {
      const {run, more} = await this.#alone(() => this.#renewSome(this.#ports.now()));
      if (run.forecasts > 0 || !more) return run;
    }
  }

  /** Looks on from where the last look ended: those that nothing can forecast must not stand before the others for ever. */
  async #renewSome(now: EpochMs): Promise<{readonly run: PredictRun; readonly more: boolean}> {
    if (now - this.#freshAt < STALE_CHECK_MS) return {run: NOTHING, more: false};
    await this.#refit(now);
    const {staleComponentsMax: max} = this.#options;
    const before = {byAge: epochMs(now - STALE_MS), byModel: epochMs(now - LAST_WORD_MS)};
    const found = await this.#ports.store.stale(before, {max, after: this.#renewedTo});
    const run = found.components.length === 0 ? NOTHING : await this.#renew(found, now);
    const more = found.components.length === max;
    this.#renewedTo = more ? found.components[max - 1] : undefined;
    if (!more) this.#freshAt = now;
    return {run, more};
  }

  async #renew({components, spans, rounds}: StaleComponents, now: EpochMs): Promise<PredictRun> {
    this.#distrust(spans);
    const equipmentNos = [...new Set(components.map(({equipmentNo}) => equipmentNo))];
    await this.#cacheEquipment(equipmentNos);
    const points = equipmentNos.flatMap((equipmentNo): Point[] => {
      const cached = this.#cache.get(equipmentNo);
      if (cached === undefined) return [];
      return [{equipmentNo, asOf: gridAtOrBefore(now, cached.master.gridMs), cause: 'age'}];
    });
    const due = new Set(components.map(({componentId}) => componentId));
    return this.#forecast({readings: [], events: [], spans, rounds}, points, new Map(), [], due);
  }

  /** One run at a time, for all of them work on the cache; what a failed one leaves there was not committed. */
  async #alone<T>(run: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(async () => {
      if (this.#stale) this.#cache.clear();
      this.#stale = false;
      trimEquipment(this.#cache);
      try {
        return await run();
      } catch (error) {
        this.#cache.clear();
        throw error;
      }
    });
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** A log that is not where this process left it was followed by another one: what is remembered is out of date. */
  #distrust(spans: readonly CheckpointMove[]): void {
    if (spans.some(({partitionNo, from}) => (this.#left.get(partitionNo) ?? from) !== from)) {
      this.#cache.clear();
      this.#left.clear();
    }
  }

  async #follow(slice: LogSlice): Promise<PredictRun> {
    await this.#refit(this.#ports.now());
    await this.#cacheEquipment([
      ...new Set([...slice.readings, ...slice.events].map((entry) => entry.equipmentNo)),
    ]);
    const points = new PointSet(this.#options.forecastsFrom);
    const due = collectDue(slice, this.#cache, (cached) => this.#windowMs(cached), points);
    for (const point of await this.#ports.store.eventPoints(due.reopened)) points.add(point);
    return this.#forecast(slice, points.list(), due.progress, await this.#rebuild(due.rebuild));
  }

  /**
   * Scores the points and commits everything that this run found.
   *
   * @param due the only components wanted; without it, all that are installed at the points.
   */
  async #forecast(
    slice: LogSlice,
    points: readonly Point[],
    progress: ReadonlyMap<number, Progress>,
    buckets: readonly BucketRow[],
    due?: ReadonlySet<string>,
  ): Promise<PredictRun> {
    await this.#loadWindows(points);
    for (const [equipmentNo, rows] of groupBy(buckets, (row) => row.equipmentNo)) {
      putBuckets(this.#cache.get(equipmentNo)!, rows);
    }
    const {store} = this.#ports;
    const touched = [...new Set(points.map((point) => point.equipmentNo))];
    const through = new Map(slice.spans.map((span) => [span.partitionNo, span.through]));
    const [installations, events] = await Promise.all([
      touched.length === 0 ? [] : store.installations(touched),
      store.events(this.#windowSpans(points, through)),
    ]);
    // Master data may have come after the last fit: the first machines must not wait a day for their first forecast.
    if (installations.some(({classId}) => !this.#judged.has(classId))) await this.#fit(this.#ports.now());
    const drafts = this.#drafts(
      points,
      groupBy(
        installations.filter(({componentId}) => due?.has(componentId) ?? true),
        (i) => i.equipmentNo,
      ),
      groupBy(events, (e) => e.equipmentNo),
      through,
    );
    const forecasts = await scoreDrafts(this.#ports.scorer, await this.#newRevisions(drafts));
    const {current, signals} = await this.#newest(forecasts, installations);
    await store.commit({
      spans: slice.spans,
      rounds: slice.rounds,
      progress: [...progress]
        .filter(([equipmentNo, {lastGrid}]) => lastGrid !== this.#cache.get(equipmentNo)?.progress?.lastGrid)
        .map(([equipmentNo, reached]) => ({equipmentNo, progress: reached})),
      buckets,
      forecasts,
      current,
      signals,
      at: this.#ports.now(),
    });
    for (const {partitionNo, through: last} of slice.spans) this.#left.set(partitionNo, last);
    for (const [equipmentNo, reached] of progress) {
      const cached = this.#cache.get(equipmentNo)!;
      cached.progress = reached;
      trimBuckets(cached, KEEP_MS);
    }
    const rows = slice.spans.reduce((sum, span) => sum + span.through - span.from, 0);
    return {rows, forecasts: forecasts.length, signals: signals.length};
  }

  #drafts(
    points: readonly Point[],
    installations: ReadonlyMap<number, readonly Installation[]>,
    events: ReadonlyMap<number, readonly WindowEvent[]>,
    through: ReadonlyMap<number, number>,
  ): Draft[] {
    const {digest, scorer} = this.#ports;
    const issuedAt = this.#ports.now();
    return points.flatMap((point) => {
      const cached = this.#cache.get(point.equipmentNo);
      if (cached === undefined) return [];
      const windowMs = this.#windowMs(cached);
      const window = windowAt(cached, point.asOf, windowMs, events.get(point.equipmentNo) ?? []);
      if ((point.cause === 'grid' || point.cause === 'late') && !heardInside(window)) return [];
      const logSeqThrough = through.get(cached.master.partitionNo) ?? 0;
      const facts = {point, window, windowMs, issuedAt, logSeqThrough, digest, backend: scorer.backend};
      return draftsOf(facts, installations.get(point.equipmentNo) ?? [], (installed) =>
        this.#rung(cached, installed, point, window),
      );
    });
  }

  /** Leaves out what repeats the newest revision, before anything is scored; numbers the rest. */
  async #newRevisions(drafts: readonly Draft[]): Promise<Draft[]> {
    const known = await this.#ports.store.revisions(drafts.map(({row}) => row));
    return drafts.flatMap((draft) => {
      const {componentId, asOf, modelVersionId, inputDigest} = draft.row;
      const last = known.get(`${componentId}|${asOf}|${modelVersionId}`);
      if (last === undefined) return [draft];
      return last.inputDigest === inputDigest
        ? []
        : [{...draft, row: {...draft.row, revision: last.revision + 1}}];
    });
  }

  /** The newest forecast per installed component, and a signal for every group that has to look again. */
  async #newest(
    forecasts: readonly ForecastRow[],
    installations: readonly Installation[],
  ): Promise<{
    current: {forecast: ForecastRow; signalledPpm: readonly number[]}[];
    signals: {groupId: string; causeKind: 'forecast'; causeRef: string}[];
  }> {
    const newest = new Map<string, ForecastRow>();
    for (const forecast of forecasts) {
      const other = newest.get(forecast.componentId);
      if (other === undefined || forecast.asOf >= other.asOf) newest.set(forecast.componentId, forecast);
    }
    const installed = new Map(
      installations.filter((i) => i.removedAt === Infinity).map((i) => [i.componentId, i]),
    );
    const told = await this.#ports.store.current([...newest.keys()]);
    const current: {forecast: ForecastRow; signalledPpm: readonly number[]}[] = [];
    const signals: {groupId: string; causeKind: 'forecast'; causeRef: string}[] = [];
    for (const forecast of newest.values()) {
      const before = told.get(forecast.componentId);
      const installation = installed.get(forecast.componentId);
      if (installation === undefined || (before !== undefined && before.asOf > forecast.asOf)) continue;
      const moved = movedMaterially(before?.signalledPpm, forecast.cumulativePpm, this.#options.materialPpm);
      current.push({forecast, signalledPpm: moved ? forecast.cumulativePpm : before!.signalledPpm});
      if (moved) {
        const causeRef = `${forecast.componentId}|${toIso(forecast.asOf)}|${forecast.modelVersionId}|${forecast.revision}`;
        signals.push({groupId: installation.groupId, causeKind: 'forecast', causeRef});
      }
    }
    return {current, signals};
  }

  async #cacheEquipment(equipmentNos: readonly number[]): Promise<void> {
    const missing = equipmentNos.filter((no) => !this.#cache.has(no));
    if (missing.length === 0) return;
    const [masters, progress] = await Promise.all([
      this.#ports.store.equipment(missing),
      this.#ports.store.progress(missing),
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

  async #rebuild(spans: readonly LogSpan[]): Promise<BucketRow[]> {
    const byGrid = groupBy(spans, (span) => this.#cache.get(span.equipmentNo)!.master.gridMs);
    const rows: BucketRow[] = [];
    for (const [gridMs, group] of byGrid)
      for (const row of await this.#ports.store.rebuildBuckets(group, gridMs)) rows.push(row); // too many to spread
    return rows;
  }

  /** Brings the buckets before the points into memory. */
  async #loadWindows(points: readonly Point[]): Promise<void> {
    const spans: Span[] = [];
    for (const [equipmentNo, group] of groupBy(points, (point) => point.equipmentNo)) {
      const cached = this.#cache.get(equipmentNo);
      if (cached === undefined) continue;
      const from =
        Math.min(...group.map((point) => point.asOf)) - this.#windowMs(cached) - cached.master.gridMs;
      if (from >= cached.loadedFrom) continue;
      const to = Math.min(
        cached.loadedFrom,
        Math.max(...group.map((point) => point.asOf), cached.progress?.lastGrid ?? -Infinity),
      );
      spans.push({equipmentNo, from: epochMs(from), to: epochMs(to)});
      cached.loadedFrom = from;
    }
    if (spans.length === 0) return;
    for (const [equipmentNo, rows] of groupBy(
      await this.#ports.store.storedBuckets(spans),
      (row) => row.equipmentNo,
    )) {
      putBuckets(this.#cache.get(equipmentNo)!, rows);
    }
  }

  #windowSpans(points: readonly Point[], through: ReadonlyMap<number, number>): LogSpan[] {
    return [...groupBy(points, (point) => point.equipmentNo)].flatMap(([equipmentNo, group]): LogSpan[] => {
      const cached = this.#cache.get(equipmentNo);
      if (cached === undefined) return [];
      const asOfs = group.map((point) => point.asOf);
      const from = epochMs(Math.min(...asOfs) - this.#windowMs(cached));
      const to = epochMs(Math.max(...asOfs));
      return [{equipmentNo, from, to, through: through.get(cached.master.partitionNo) ?? 0}];
    });
  }

  #windowMs(cached: CachedEquipment): number {
    const {gridMs, equipmentClassId} = cached.master;
    const windowsH = this.#ports.scorer.models
      .filter(({spec}) => coveredClasses(spec).includes(equipmentClassId))
      .map(({spec}) => spec.windowH);
    const windowH = windowsH.length === 0 ? this.#options.windowH : Math.max(...windowsH);
    return Math.ceil((windowH * HOUR_MS) / gridMs) * gridMs;
  }

  /** What forecasts a component at a point; undefined where nothing can, or where a model's last word stands. */
  #rung(
    cached: CachedEquipment,
    installed: Installation,
    {cause}: Point,
    window: FeatureWindow,
  ): Rung | undefined {
    const {equipmentClassId} = cached.master;
    const {positionId, classId} = installed;
    const age = this.#ageRungs.get(classId);
    const rung = topRung(age, this.#ports.scorer.models, {equipmentClassId, positionId, classId});
    if (rung === undefined || !usesModel(rung)) return rung;
    if (cause === 'event' || heardInside(window, HEARD_WITHIN_MS)) return rung;
    return cause === 'age' ? (age ?? taughtRung(rung)) : undefined;
  }

  async #refit(now: EpochMs): Promise<void> {
    if (now - this.#fittedAt >= REFIT_MS) await this.#fit(now);
  }

  async #fit(now: EpochMs): Promise<void> {
    const rungs = new Map<string, Rung>();
    for (const evidence of await this.#ports.store.ladderEvidence(now)) {
      const rung = ageRung(evidence);
      this.#judged.add(evidence.classId);
      if (rung.ok) rungs.set(evidence.classId, rung.value);
      else this.#ports.report(rung.detail);
    }
    this.#ageRungs = rungs;
    this.#fittedAt = now;
  }
}
