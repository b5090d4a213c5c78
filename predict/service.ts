import {z} from 'zod';
import {groupBy} from '../domain/group-by.ts';
import {messageOf} from '../domain/fault.ts';
import {HOUR_MS, epochMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {eventMemoryH, type ClassSpec} from './core/class-spec.ts';
import type {WindowEvent} from './core/feature-window.ts';
import {gridAtOrBefore} from './core/grid.ts';
import type {Progress} from './core/grid.ts';
import type {ScoringModel} from './core/score.ts';
import {DEFAULT_TUNING, PredictTuning} from './core/tuning.ts';
import {draftsOf, heardInside, scoreDrafts} from './draft.ts';
import type {Draft} from './draft.ts';
import {PointSet, collectDue} from './due-points.ts';
import type {Point} from './due-points.ts';
import type {CachedEquipment} from './equipment-cache.ts';
import {EquipmentMemory} from './equipment-memory.ts';
import {GroupScreens} from './group-screens.ts';
import {LAST_WORD_MS, Ladder} from './ladder.ts';
import type {Lineup} from './lineup.ts';
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
  /** Asked between runs: a run keeps to the models that it began with. */
  readonly lineup: () => Lineup;
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
  /** Where nobody has stated otherwise. */
  readonly tuning: PredictTuning;
  /** Components whose forecasts are renewed in one run at most. */
  readonly staleComponentsMax: number;
  /** Instants before it are learned from and not forecast: imported history. */
  readonly forecastsFrom: EpochMs;
}

export const PREDICT_DEFAULTS: PredictOptions = {
  logRowsMax: 4096,
  windowH: 72,
  tuning: DEFAULT_TUNING,
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
  /** Forecasts of models that only watch. */
  readonly shadows: number;
  readonly signals: number;
}

/** What the books say about the equipment of a run. */
interface Known {
  readonly installations: ReadonlyMap<number, readonly Installation[]>;
  readonly events: ReadonlyMap<number, readonly WindowEvent[]>;
  /** Log sequence by partition. */
  readonly through: ReadonlyMap<number, number>;
}

const NOTHING: PredictRun = {rows: 0, forecasts: 0, shadows: 0, signals: 0};

/** Turns committed rows into forecasts. One run is one transaction; its checkpoint moves with its outputs. */
export class PredictService {
  readonly #ports: PredictPorts;
  readonly #options: PredictOptions;
  readonly #ladder: Ladder;
  readonly #memory: EquipmentMemory;
  readonly #screens: GroupScreens;
  /** In force when the last run began. */
  #tuning: PredictTuning;
  /** What is wrong with what is stated of it: said once. */
  #tuningProblem: string | undefined;
  #freshAt = -Infinity;
  /** The last component that an unfinished look for stale forecasts has come to. */
  #renewedTo: StaleComponent | undefined;
  /** The memory may hold what another process has changed since. */
  #stale = false;
  /** Of the run under way. */
  #lineup: Lineup;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: PredictPorts, options: PredictOptions = PREDICT_DEFAULTS) {
    this.#ports = ports;
    this.#options = options;
    this.#lineup = ports.lineup();
    this.#ladder = new Ladder(ports.store, ports.report);
    this.#memory = new EquipmentMemory(ports.store, (cached) => this.#reachMs(cached));
    this.#tuning = options.tuning;
    this.#screens = new GroupScreens(ports.store);
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
    await this.#keepTuning(now);
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
      this.#lineup = this.#ports.lineup();
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

  /** Reads what is stated of the tunables; what cannot be read counts as not stated. */
  async #keepTuning(now: EpochMs): Promise<void> {
    const stated = PredictTuning.safeParse({
      ...this.#options.tuning,
      ...(await this.#ports.store.tuning(now)),
    });
    this.#tuning = stated.success ? stated.data : this.#options.tuning;
    const problem = stated.error && `parameter predict.tuning: ${z.prettifyError(stated.error)}`;
    if (problem !== undefined && problem !== this.#tuningProblem) this.#ports.report(problem);
    this.#tuningProblem = problem;
  }

  async #follow(slice: LogSlice): Promise<PredictRun> {
    await this.#ladder.keep(this.#ports.now());
    await this.#keepTuning(this.#ports.now());
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
    const {store} = this.#ports;
    const touched = [...new Set(points.map((point) => point.equipmentNo))];
    const through = new Map(slice.spans.map((span) => [span.partitionNo, span.through]));
    const [installations, events] = await Promise.all([
      touched.length === 0 ? [] : store.installations(touched),
      store.events(this.#windowSpans(points, through)),
    ]);
    await this.#ladder.keepFor(installations, this.#ports.now());
    const known: Known = {
      installations: groupBy(
        installations.filter(({componentId}) => due?.has(componentId) ?? true),
        (i) => i.equipmentNo,
      ),
      events: groupBy(events, (e) => e.equipmentNo),
      through,
    };
    const drafts = await this.#newRevisions([
      ...points.flatMap((point) => this.#drafts(point, known)),
      ...points.flatMap((point) => this.#shadowDrafts(point, known)),
    ]);
    const forecasts = await scoreDrafts(
      this.#lineup.scorer,
      drafts.filter(({row}) => !row.shadow),
      this.#tuning,
    );
    const shadows = await this.#scoreShadows(drafts.filter(({row}) => row.shadow));
    const news = await this.#news(forecasts, installations);
    await store.commit({
      spans: slice.spans,
      rounds: slice.rounds,
      progress: this.#memory.moved(progress),
      buckets,
      forecasts: [...forecasts, ...shadows],
      ...news,
      at: this.#ports.now(),
    });
    this.#memory.committed(slice.spans, progress);
    const rows = slice.spans.reduce((sum, span) => sum + span.through - span.from, 0);
    return {rows, forecasts: forecasts.length, shadows: shadows.length, signals: news.signals.length};
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
      this.#tuning.materialPpm,
    );
    const together = await this.#screens.screen(
      current,
      this.#tuning.groupMaterialPpm,
      installations,
      (equipmentNo) => this.#memory.get(equipmentNo)!.master.partitionNo,
      new Set(signals.map(({groupId}) => groupId)),
    );
    return {current, signals: [...signals, ...together.signals], told: together.told};
  }

  #drafts(point: Point, {installations, events, through}: Known): Draft[] {
    const cached = this.#memory.get(point.equipmentNo);
    if (cached === undefined) return [];
    const {equipmentClassId} = cached.master;
    const windowMs = this.#windowMs(cached);
    const told = events.get(point.equipmentNo) ?? [];
    const window = windowAt(cached, point.asOf, windowMs, told, this.#eventsMs(cached));
    if ((point.cause === 'grid' || point.cause === 'late') && !heardInside(window)) return [];
    const champions = this.#lineup.roles.champions(equipmentClassId);
    const facts = {...this.#facts(cached, through), point, window, windowMs, shadow: false};
    return draftsOf(facts, installations.get(point.equipmentNo) ?? [], (installed) =>
      this.#ladder.rung(champions, equipmentClassId, installed, point.cause, window),
    );
  }

  /** What the shadows of the equipment's class are asked at a point: each over the window that it was taught on. */
  #shadowDrafts(point: Point, {installations, events, through}: Known): Draft[] {
    const cached = this.#memory.get(point.equipmentNo);
    if (cached === undefined || point.cause === 'age') return [];
    const {equipmentClassId} = cached.master;
    return this.#lineup.roles.shadows(equipmentClassId).flatMap((model) => {
      const windowMs = wholeIntervals(cached, model.spec.windowH);
      const told = events.get(point.equipmentNo) ?? [];
      const eventsMs = wholeIntervals(cached, eventMemoryH(model.spec));
      const window = windowAt(cached, point.asOf, windowMs, told, eventsMs);
      const facts = {...this.#facts(cached, through), point, window, windowMs, shadow: true};
      return draftsOf(facts, installations.get(point.equipmentNo) ?? [], (installed) =>
        this.#ladder.shadowRung(model, equipmentClassId, installed, point.cause, window),
      );
    });
  }

  #facts({master}: CachedEquipment, through: Known['through']) {
    const {now, digest} = this.#ports;
    const {backend} = this.#lineup.scorer;
    return {issuedAt: now(), logSeqThrough: through.get(master.partitionNo) ?? 0, digest, backend};
  }

  /** A shadow that fails costs its own forecasts and nobody else's. */
  async #scoreShadows(drafts: readonly Draft[]): Promise<readonly ForecastRow[]> {
    try {
      return await scoreDrafts(this.#lineup.scorer, drafts, this.#tuning);
    } catch (error) {
      this.#ports.report(`${drafts.length} forecasts of shadow models are missing: ${messageOf(error)}`);
      return [];
    }
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
      const from = epochMs(Math.min(...asOfs) - this.#eventReachMs(cached));
      const to = epochMs(Math.max(...asOfs));
      return [{equipmentNo, from, to, through: through.get(cached.master.partitionNo) ?? 0}];
    });
  }

  /** What forecasts look back on, and so what a late reading re-opens: shadows have no say in it. */
  #windowMs(cached: CachedEquipment): number {
    const champions = this.#lineup.roles.champions(cached.master.equipmentClassId);
    return wholeIntervals(cached, longestH(champions, windowHOf, this.#options.windowH));
  }

  /** The same for events: a visit calendar is read from those of longer ago than the window's telemetry. */
  #eventsMs(cached: CachedEquipment): number {
    const champions = this.#lineup.roles.champions(cached.master.equipmentClassId);
    return Math.max(this.#windowMs(cached), wholeIntervals(cached, longestH(champions, eventMemoryH, 0)));
  }

  /** As far as anybody looks back. */
  #reachMs(cached: CachedEquipment): number {
    const shadows = this.#lineup.roles.shadows(cached.master.equipmentClassId);
    return Math.max(this.#windowMs(cached), wholeIntervals(cached, longestH(shadows, windowHOf, 0)));
  }

  #eventReachMs(cached: CachedEquipment): number {
    const shadows = this.#lineup.roles.shadows(cached.master.equipmentClassId);
    return Math.max(this.#eventsMs(cached), wholeIntervals(cached, longestH(shadows, eventMemoryH, 0)));
  }
}

const windowHOf = ({windowH}: ClassSpec): number => windowH;

function longestH(
  models: readonly ScoringModel[],
  hoursOf: (spec: ClassSpec) => number,
  otherwise: number,
): number {
  return models.length === 0 ? otherwise : Math.max(...models.map(({spec}) => hoursOf(spec)));
}

function wholeIntervals({master: {gridMs}}: CachedEquipment, windowH: number): number {
  return Math.ceil((windowH * HOUR_MS) / gridMs) * gridMs;
}
