import {groupBy} from '../domain/group-by.ts';
import {HOUR_MS, epochMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {coveredClasses, eventMemoryH, type ClassSpec} from './core/class-spec.ts';
import type {WindowEvent} from './core/feature-window.ts';
import {gridAtOrBefore} from './core/grid.ts';
import type {Progress} from './core/grid.ts';
import type {Scorer} from './core/score.ts';
import {draftsOf, heardInside, scoreDrafts} from './draft.ts';
import type {Draft} from './draft.ts';
import {PointSet, collectDue} from './due-points.ts';
import type {Point} from './due-points.ts';
import type {CachedEquipment} from './equipment-cache.ts';
import {EquipmentMemory} from './equipment-memory.ts';
import {GroupScreens} from './group-screens.ts';
import {LAST_WORD_MS, Ladder} from './ladder.ts';
import {newestForecasts} from './newest.ts';
import type {
  BucketRow,
  ForecastRow,
  Installation,
  LogSlice,
  LogSpan,
  PredictCommit,
  PredictStore,
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
  /** What P(more than k components of a group fail) must move by to be told, where no component has moved that far itself. */
  readonly groupMaterialPpm: number;
  /** Components whose forecasts are renewed in one run at most. */
  readonly staleComponentsMax: number;
  /** Instants before it are learned from and not forecast: imported history. */
  readonly forecastsFrom: EpochMs;
}

export const PREDICT_DEFAULTS: PredictOptions = {
  logRowsMax: 4096,
  windowH: 72,
  materialPpm: 10_000,
  groupMaterialPpm: 50_000,
  staleComponentsMax: 1024,
  forecastsFrom: epochMs(0),
};

/** A component that nobody heard from still ages: its forecast by age is renewed after this long. */
const STALE_MS = 24 * HOUR_MS;
/** World time between two looks for stale forecasts. */
const STALE_CHECK_MS = HOUR_MS;

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
  readonly #ladder: Ladder;
  readonly #memory: EquipmentMemory;
  readonly #screens: GroupScreens;
  #freshAt = -Infinity;
  /** The last component that an unfinished look for stale forecasts has come to. */
  #renewedTo: StaleComponent | undefined;
  /** The memory may hold what another process has changed since. */
  #stale = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: PredictPorts, options: PredictOptions = PREDICT_DEFAULTS) {
    this.#ports = ports;
    this.#options = options;
    this.#ladder = new Ladder(ports.store, ports.scorer.models, ports.report);
    this.#memory = new EquipmentMemory(ports.store, (cached) => this.#windowMs(cached));
    this.#screens = new GroupScreens(ports.store, options.groupMaterialPpm);
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
      if (this.#memory.distrust(slice.spans)) this.#screens.clear();
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
    await this.#ladder.keep(now);
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
    if (this.#memory.distrust(spans)) this.#screens.clear();
    const equipmentNos = [...new Set(components.map(({equipmentNo}) => equipmentNo))];
    await this.#memory.load(equipmentNos);
    const points = equipmentNos.flatMap((equipmentNo): Point[] => {
      const cached = this.#memory.get(equipmentNo);
      if (cached === undefined) return [];
      return [{equipmentNo, asOf: gridAtOrBefore(now, cached.master.gridMs), cause: 'age'}];
    });
    const due = new Set(components.map(({componentId}) => componentId));
    return this.#forecast({readings: [], events: [], spans, rounds}, points, new Map(), [], due);
  }

  /** One run at a time, for all of them work on the memory; what a failed one leaves there was not committed. */
  async #alone<T>(run: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(async () => {
      if (this.#stale) this.#forget();
      this.#stale = false;
      this.#memory.trim();
      try {
        return await run();
      } catch (error) {
        this.#forget();
        throw error;
      }
    });
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  #forget(): void {
    this.#memory.clear();
    this.#screens.clear();
  }

  async #follow(slice: LogSlice): Promise<PredictRun> {
    await this.#ladder.keep(this.#ports.now());
    await this.#memory.load([
      ...new Set([...slice.readings, ...slice.events].map((entry) => entry.equipmentNo)),
    ]);
    const points = new PointSet(this.#options.forecastsFrom);
    const due = collectDue(slice, this.#memory, (cached) => this.#windowMs(cached), points);
    for (const point of await this.#ports.store.eventPoints(due.reopened)) points.add(point);
    const buckets = await this.#memory.rebuild(due.rebuild);
    return this.#forecast(slice, points.list(), due.progress, buckets);
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
    await this.#memory.loadWindows(points);
    this.#memory.put(buckets);
    const {store, scorer} = this.#ports;
    const touched = [...new Set(points.map((point) => point.equipmentNo))];
    const through = new Map(slice.spans.map((span) => [span.partitionNo, span.through]));
    const [installations, events] = await Promise.all([
      touched.length === 0 ? [] : store.installations(touched),
      store.events(this.#windowSpans(points, through)),
    ]);
    await this.#ladder.keepFor(installations, this.#ports.now());
    const drafts = this.#drafts(
      points,
      groupBy(
        installations.filter(({componentId}) => due?.has(componentId) ?? true),
        (i) => i.equipmentNo,
      ),
      groupBy(events, (e) => e.equipmentNo),
      through,
    );
    const forecasts = await scoreDrafts(scorer, await this.#newRevisions(drafts));
    const news = await this.#news(forecasts, installations);
    await store.commit({
      spans: slice.spans,
      rounds: slice.rounds,
      progress: this.#memory.moved(progress),
      buckets,
      forecasts,
      ...news,
      at: this.#ports.now(),
    });
    this.#memory.committed(slice.spans, progress);
    const rows = slice.spans.reduce((sum, span) => sum + span.through - span.from, 0);
    return {rows, forecasts: forecasts.length, signals: news.signals.length};
  }

  /** What replenish is told: components that have moved, and groups whose components have moved together. */
  async #news(
    forecasts: readonly ForecastRow[],
    installations: readonly Installation[],
  ): Promise<Pick<PredictCommit, 'current' | 'signals' | 'told'>> {
    const {store} = this.#ports;
    const {current, signals} = await newestForecasts(
      store,
      forecasts,
      installations,
      this.#options.materialPpm,
    );
    const together = await this.#screens.screen(
      current,
      installations,
      (equipmentNo) => this.#memory.get(equipmentNo)!.master.partitionNo,
      new Set(signals.map(({groupId}) => groupId)),
    );
    return {current, signals: [...signals, ...together.signals], told: together.told};
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
      const cached = this.#memory.get(point.equipmentNo);
      if (cached === undefined) return [];
      const windowMs = this.#windowMs(cached);
      const told = events.get(point.equipmentNo) ?? [];
      const window = windowAt(cached, point.asOf, windowMs, told, this.#eventsMs(cached));
      if ((point.cause === 'grid' || point.cause === 'late') && !heardInside(window)) return [];
      const logSeqThrough = through.get(cached.master.partitionNo) ?? 0;
      const facts = {point, window, windowMs, issuedAt, logSeqThrough, digest, backend: scorer.backend};
      return draftsOf(facts, installations.get(point.equipmentNo) ?? [], (installed) =>
        this.#ladder.rung(cached.master.equipmentClassId, installed, point.cause, window),
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

  #windowSpans(points: readonly Point[], through: ReadonlyMap<number, number>): LogSpan[] {
    return [...groupBy(points, (point) => point.equipmentNo)].flatMap(([equipmentNo, group]): LogSpan[] => {
      const cached = this.#memory.get(equipmentNo);
      if (cached === undefined) return [];
      const asOfs = group.map((point) => point.asOf);
      const from = epochMs(Math.min(...asOfs) - this.#eventsMs(cached));
      const to = epochMs(Math.max(...asOfs));
      return [{equipmentNo, from, to, through: through.get(cached.master.partitionNo) ?? 0}];
    });
  }

  #windowMs(cached: CachedEquipment): number {
    const {windowH} = this.#options;
    return this.#reachMs(cached, ({windowH: ofModel}) => ofModel, windowH);
  }

  /** A visit calendar is read from events of longer ago than the window's telemetry. */
  #eventsMs(cached: CachedEquipment): number {
    return Math.max(this.#windowMs(cached), this.#reachMs(cached, eventMemoryH, 0));
  }

  /** The longest that a model of the equipment's class asks for, in whole intervals of its grid. */
  #reachMs({master}: CachedEquipment, hoursOf: (spec: ClassSpec) => number, withoutModelH: number): number {
    const hours = this.#ports.scorer.models
      .filter(({spec}) => coveredClasses(spec).includes(master.equipmentClassId))
      .map(({spec}) => hoursOf(spec));
    const longestH = hours.length === 0 ? withoutModelH : Math.max(...hours);
    return Math.ceil((longestH * HOUR_MS) / master.gridMs) * master.gridMs;
  }
}
