import {groupBy} from '../domain/group-by.ts';
import {messageOf} from '../domain/fault.ts';
import {epochMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import type {Progress} from './core/grid.ts';
import {DEFAULT_TUNING} from './core/tuning.ts';
import type {PredictTuning} from './core/tuning.ts';
import {newRevisions, scoreDrafts} from './draft.ts';
import type {Draft} from './draft.ts';
import {Drafting} from './drafting.ts';
import {PointSet, collectDue} from './due-points.ts';
import type {Point} from './due-points.ts';
import type {CachedEquipment} from './equipment-cache.ts';
import {EquipmentMemory} from './equipment-memory.ts';
import {GroupScreens} from './group-screens.ts';
import {Ladder} from './ladder.ts';
import type {Lineup} from './lineup.ts';
import {LookBack} from './look-back.ts';
import {newestForecasts} from './newest.ts';
import type {
  BucketRow,
  CurrentForecast,
  ForecastRow,
  Installation,
  LogSlice,
  LogSpan,
  PredictCommit,
  PredictStore,
  StaleComponents,
} from './ports.ts';
import {RenewalLook, renewalPoints} from './renewal.ts';
import {TuningInForce} from './tuning-in-force.ts';

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

export interface PredictRun {
  /** Log entries followed. */
  readonly rows: number;
  /** A partition has more behind them. */
  readonly more: boolean;
  readonly forecasts: number;
  /** Forecasts of models that only watch. */
  readonly shadows: number;
  readonly signals: number;
}

const NOTHING: PredictRun = {rows: 0, more: false, forecasts: 0, shadows: 0, signals: 0};

/** Turns committed rows into forecasts. One run is one transaction; its checkpoint moves with its outputs. */
export class PredictService {
  readonly #ports: PredictPorts;
  readonly #options: PredictOptions;
  readonly #ladder: Ladder;
  readonly #memory: EquipmentMemory;
  readonly #screens: GroupScreens;
  readonly #tuning: TuningInForce;
  readonly #renewals: RenewalLook;
  /** The memory may hold what another process has changed since. */
  #stale = false;
  /** Of the run under way. */
  #lineup: Lineup;
  #lookBack: LookBack;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: PredictPorts, options: PredictOptions = PREDICT_DEFAULTS) {
    this.#ports = ports;
    this.#options = options;
    this.#lineup = ports.lineup();
    this.#lookBack = new LookBack(this.#lineup.roles, options.windowH);
    this.#ladder = new Ladder(ports.store, ports.report);
    this.#memory = new EquipmentMemory(ports.store, (cached) => this.#lookBack.ofAll(cached).windowMs);
    this.#tuning = new TuningInForce(options.tuning, ports.report);
    this.#screens = new GroupScreens(ports.store);
    this.#renewals = new RenewalLook(options.staleComponentsMax);
  }

  /** Drops what is remembered of equipment, before the next run: another process may have followed it meanwhile. */
  forget(): void {
    this.#stale = true;
    this.#renewals.restart();
  }

  /** Follows the log by one bounded slice. */
  async runOnce(): Promise<PredictRun> {
    return this.#alone(async () => {
      const slice = await this.#ports.store.readLog(this.#options.logRowsMax, this.#ports.now());
      if (slice.spans.length === 0) return NOTHING;
      if (this.#memory.distrust(slice.spans)) this.#screens.clear();
      return this.#follow(slice);
    });
  }

  /**
   * Renews, by one bounded slice, the forecasts of installed components that nobody speaks of: age alone moves them, or another model
   * answers for them now.
   */
  async renewStale(): Promise<PredictRun> {
    for (;;) {
      const {run, more} = await this.#alone(() => this.#renewSome(this.#ports.now()));
      if (run.forecasts > 0 || !more) return run;
    }
  }

  async #renewSome(now: EpochMs): Promise<{readonly run: PredictRun; readonly more: boolean}> {
    const look = this.#renewals.due(this.#lineup, now);
    if (look === null) return {run: NOTHING, more: false};
    await this.#ladder.keep(now);
    const found = await this.#ports.store.stale(look.before, look.page);
    const run = found.components.length === 0 ? NOTHING : await this.#renew(found, now);
    return {run, more: this.#renewals.ended(found.components, now)};
  }

  async #renew({components, ...stands}: StaleComponents, now: EpochMs): Promise<PredictRun> {
    if (this.#memory.distrust(stands.spans)) this.#screens.clear();
    await this.#memory.load([...new Set(components.map(({equipmentNo}) => equipmentNo))]);
    const {points, wanted} = renewalPoints(components, this.#memory, now);
    return this.#forecast(stands, points, new Map(), [], wanted);
  }

  /** One run at a time, for all of them work on the memory; what a failed one leaves there was not committed. */
  async #alone<T>(run: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(async () => {
      if (this.#stale) this.#forget();
      this.#stale = false;
      this.#memory.trim();
      this.#lineup = this.#ports.lineup();
      this.#lookBack = new LookBack(this.#lineup.roles, this.#options.windowH);
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
    const windowMs = (cached: CachedEquipment): number => this.#lookBack.ofForecasts(cached).windowMs;
    const due = collectDue(slice, this.#memory, windowMs, points);
    const [reopened, buckets] = await Promise.all([
      this.#ports.store.eventPoints(due.reopened),
      this.#memory.rebuild(due.rebuild),
    ]);
    for (const point of reopened) points.add(point);
    return this.#forecast(slice, points.list(), due.progress, buckets);
  }

  /**
   * Scores the points and commits everything that this run found.
   *
   * @param wanted the only forecasts wanted, as `component|asOf`; without it, those of all that are installed at the points, and of shadows.
   */
  async #forecast(
    stands: Pick<LogSlice, 'spans' | 'rounds' | 'tuning'>,
    points: readonly Point[],
    progress: ReadonlyMap<number, Progress>,
    buckets: readonly BucketRow[],
    wanted?: ReadonlySet<string>,
  ): Promise<PredictRun> {
    this.#tuning.take(stands.tuning);
    await this.#memory.loadWindows(points);
    this.#memory.put(buckets);
    const {store, now, digest} = this.#ports;
    const touched = [...new Set(points.map((point) => point.equipmentNo))];
    const through = new Map(stands.spans.map((span) => [span.partitionNo, span.through]));
    const [installations, events] = await Promise.all([
      store.installations(touched),
      store.events(this.#windowSpans(points, through)),
    ]);
    await this.#ladder.keepFor(installations, now());
    const known = {
      installations: groupBy(installations, (i) => i.equipmentNo),
      events: groupBy(events, (e) => e.equipmentNo),
      through,
    };
    const [lineup, ladder, lookBack, equipment] = [this.#lineup, this.#ladder, this.#lookBack, this.#memory];
    const drafting = new Drafting({lineup, ladder, lookBack, equipment, now, digest}, known);
    const asked =
      wanted === undefined
        ? [...drafting.forecasts(points), ...drafting.shadows(points)]
        : drafting.forecasts(points).filter(({row}) => wanted.has(`${row.componentId}|${row.asOf}`));
    const [revisions, told] = await Promise.all([
      store.revisions(asked.map(({row}) => row)),
      store.current(asked.flatMap(({row}) => (row.shadow ? [] : [row.componentId]))),
    ]);
    const drafts = newRevisions(asked, revisions, told);
    const forecasts = await scoreDrafts(
      lineup.scorer,
      drafts.filter(({row}) => !row.shadow),
      this.#tuning.value,
    );
    const shadows = await this.#scoreShadows(drafts.filter(({row}) => row.shadow));
    const news = await this.#news(forecasts, told, installations);
    await store.commit({
      spans: stands.spans,
      rounds: stands.rounds,
      progress: this.#memory.moved(progress),
      buckets,
      forecasts: [...forecasts, ...shadows],
      ...news,
      at: now(),
    });
    this.#memory.committed(stands.spans, progress);
    const lengths = stands.spans.map(({from, through}) => through - from);
    const rows = lengths.reduce((sum, length) => sum + length, 0);
    const more = lengths.some((length) => length >= this.#options.logRowsMax);
    return {rows, more, forecasts: forecasts.length, shadows: shadows.length, signals: news.signals.length};
  }

  /** What replenish is told: components that have moved, and groups whose components have moved together. */
  async #news(
    forecasts: readonly ForecastRow[],
    told: ReadonlyMap<string, CurrentForecast>,
    installations: readonly Installation[],
  ): Promise<Pick<PredictCommit, 'current' | 'signals' | 'told'>> {
    const {materialPpm, groupMaterialPpm} = this.#tuning.value;
    const {current, signals} = newestForecasts(forecasts, told, installations, materialPpm);
    const together = await this.#screens.screen(
      current,
      groupMaterialPpm,
      installations,
      (equipmentNo) => this.#memory.get(equipmentNo)!.master.partitionNo,
      new Set(signals.map(({groupId}) => groupId)),
    );
    return {current, signals: [...signals, ...together.signals], told: together.told};
  }

  /** A shadow that fails costs its own forecasts and nobody else's. */
  async #scoreShadows(drafts: readonly Draft[]): Promise<readonly ForecastRow[]> {
    try {
      return await scoreDrafts(this.#lineup.scorer, drafts, this.#tuning.value);
    } catch (error) {
      this.#ports.report(`${drafts.length} forecasts of shadow models are missing: ${messageOf(error)}`);
      return [];
    }
  }

  #windowSpans(points: readonly Point[], through: ReadonlyMap<number, number>): LogSpan[] {
    return [...groupBy(points, (point) => point.equipmentNo)].flatMap(([equipmentNo, group]): LogSpan[] => {
      const cached = this.#memory.get(equipmentNo);
      if (cached === undefined) return [];
      const asOfs = group.map((point) => point.asOf);
      const from = epochMs(Math.min(...asOfs) - this.#lookBack.ofAll(cached).eventsMs);
      const to = epochMs(Math.max(...asOfs));
      return [{equipmentNo, from, to, through: through.get(cached.master.partitionNo) ?? 0}];
    });
  }
}
