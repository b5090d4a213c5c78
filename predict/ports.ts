import type {ForecastMethod, TopSignal} from '../domain/forecast.ts';
import type {ForecastRange} from './core/forecast-range.ts';
import type {ComponentId, EquipmentId, ModelVersionId} from '../domain/ids.ts';
import type {Ppm} from '../domain/quantity.ts';
import type {EpochMs} from '../domain/time.ts';
import type {SignalBucket, WindowEvent} from './core/feature-window.ts';
import type {Progress} from './core/grid.ts';
import type {LadderEvidence} from './core/ladder.ts';

/** Master data of one equipment, as far as a window needs it. */
export interface MonitoredEquipment {
  readonly equipmentNo: number;
  readonly partitionNo: number;
  readonly equipmentId: EquipmentId;
  readonly equipmentClassId: string;
  readonly modelId: string;
  readonly gridMs: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A stretch of one component's life in one position. */
export interface Installation {
  readonly equipmentNo: number;
  readonly positionId: string;
  readonly componentId: ComponentId;
  readonly classId: string;
  readonly groupId: string;
  readonly installedAt: EpochMs;
  /** Infinity while it is installed. */
  readonly removedAt: number;
}

/** What the log says between the checkpoint and the horizon of this run. */
export interface LogSlice {
  /** Those that close or re-open an interval of their equipment's grid; the others wait for one that does. */
  readonly readings: readonly {readonly equipmentNo: number; readonly observedAt: EpochMs}[];
  readonly events: readonly (WindowEvent & {readonly equipmentNo: number})[];
  /** Per partition: where the slice begins (exclusive) and ends (inclusive). */
  readonly spans: readonly CheckpointMove[];
  /** Renewals of these partitions that have been counted; held where they stand, so that none happens meanwhile. */
  readonly rounds: readonly CheckpointMove[];
  /** What somebody has stated of the tunables (core/tuning.ts), unchecked. */
  readonly tuning: Readonly<Record<string, unknown>>;
}

/** From where a checkpoint was found to where the run takes it; commits only if it still stands there. */
export interface CheckpointMove {
  readonly partitionNo: number;
  readonly from: number;
  readonly through: number;
}

/** A forecast from before is stale. */
export interface StaleBefore {
  readonly now: EpochMs;
  readonly byAge: EpochMs;
  readonly byModel: EpochMs;
  /** However new, so is one of a model that does not answer at its place any more. */
  readonly answering: readonly Answering[];
}

/** The champion that answers for a component class at a place of an equipment class. */
export interface Answering {
  readonly equipmentClassId: string;
  readonly positionId: string;
  readonly classId: string;
  readonly modelVersionId: string;
}

export interface StaleComponent {
  readonly equipmentNo: number;
  readonly componentId: string;
  /** The instant of a forecast that another model is to make; null where age alone moves it on. */
  readonly said: {readonly asOf: EpochMs; readonly cause: ForecastRow['cause']} | null;
}

/** What nobody spoke of for long, as one look at the database found it. */
export interface StaleComponents {
  /** By equipment, then component. */
  readonly components: readonly StaleComponent[];
  /** The log as it stood: moves that go nowhere, and so only hold if nobody else has followed the log since. */
  readonly spans: readonly CheckpointMove[];
  /** Renewals are counted per partition: of two runs that found the same, one moves the count on. */
  readonly rounds: readonly CheckpointMove[];
  /** As in a slice of the log. */
  readonly tuning: LogSlice['tuning'];
}

export interface Span {
  readonly equipmentNo: number;
  /** Exclusive. */
  readonly from: EpochMs;
  /** Inclusive. */
  readonly to: EpochMs;
}

export interface LogSpan extends Span {
  /** Log sequence of the equipment's partition: later rows are the next run's business. */
  readonly through: number;
}

/** Rows of one grid interval, per signal, already aggregated. */
export interface BucketRow {
  readonly equipmentNo: number;
  readonly bucketAt: EpochMs;
  readonly signal: string;
  readonly bucket: SignalBucket;
}

export interface ForecastRow {
  readonly componentId: ComponentId;
  readonly asOf: EpochMs;
  readonly modelVersionId: ModelVersionId;
  readonly revision: number;
  readonly equipmentNo: number;
  readonly positionId: string;
  readonly issuedAt: EpochMs;
  /** Grid point, telling event, late input, or age alone (nobody was heard). */
  readonly cause: 'grid' | 'event' | 'late' | 'age';
  readonly method: ForecastMethod;
  readonly horizonsH: readonly number[];
  readonly cumulativePpm: readonly Ppm[];
  readonly tailHazardPpbPerH: number;
  readonly completenessPct: number;
  readonly topSignals: readonly TopSignal[];
  /** Undefined of an age law, and of a model that is no ensemble. */
  readonly range?: ForecastRange | undefined;
  readonly windowFrom: EpochMs;
  readonly logSeqThrough: number;
  readonly inputDigest: number;
  readonly backend: string;
  /** Of a model that is not its class's champion: kept to be compared, and read by nothing that decides. */
  readonly shadow: boolean;
}

/** Newest revision and its input digest, by `component|asOf|model`. */
export type Revisions = ReadonlyMap<string, {readonly revision: number; readonly inputDigest: number}>;

export interface CurrentForecast {
  readonly componentId: string;
  readonly asOf: EpochMs;
  readonly modelVersionId: string;
  readonly signalledPpm: readonly Ppm[];
}

/** The machines of one partition that have components of one planning group. */
export interface GroupPart {
  readonly groupId: string;
  readonly partitionNo: number;
}

/** The newest forecast of an installed component of a group, and what replenish was last told of it. */
export interface GroupForecast extends GroupPart {
  readonly componentId: string;
  readonly cumulativePpm: readonly Ppm[];
  readonly signalledPpm: readonly Ppm[];
}

export interface PredictSignal {
  readonly groupId: string;
  /** forecasts: those of the group have moved together. */
  readonly causeKind: 'forecast' | 'forecasts';
  readonly causeRef: string;
}

/** Everything one run writes; committed in one transaction with the checkpoint. */
export interface PredictCommit {
  readonly spans: readonly CheckpointMove[];
  readonly rounds: readonly CheckpointMove[];
  readonly progress: readonly {readonly equipmentNo: number; readonly progress: Progress}[];
  readonly buckets: readonly BucketRow[];
  readonly forecasts: readonly ForecastRow[];
  /** Champion forecasts that are the newest of their component, with the curve replenish has been told. */
  readonly current: readonly {readonly forecast: ForecastRow; readonly signalledPpm: readonly Ppm[]}[];
  readonly signals: readonly PredictSignal[];
  /** Components whose newest forecasts replenish is told by the signals of their groups. */
  readonly told: readonly string[];
  readonly at: EpochMs;
}

/** The database, as predict sees it. */
export interface PredictStore {
  /** At most `rowsMax` log entries per partition past the checkpoint, never past what the network stage has followed. */
  readLog(rowsMax: number, now: EpochMs): Promise<LogSlice>;
  equipment(equipmentNos: readonly number[]): Promise<readonly MonitoredEquipment[]>;
  progress(equipmentNos: readonly number[]): Promise<ReadonlyMap<number, Progress>>;
  installations(equipmentNos: readonly number[]): Promise<readonly Installation[]>;
  /** Rebuilds closed grid intervals from the rows themselves, as the log stood at each span's `through`. */
  rebuildBuckets(spans: readonly LogSpan[], gridMs: number): Promise<readonly BucketRow[]>;
  /** The newest instant in the span that an equipment was heard at, as the log stood; null when there is none. */
  heardUntil(span: LogSpan): Promise<EpochMs | null>;
  storedBuckets(spans: readonly Span[]): Promise<readonly BucketRow[]>;
  /** As the log stood at each span's `through`. */
  events(spans: readonly LogSpan[]): Promise<readonly (WindowEvent & {readonly equipmentNo: number})[]>;
  /** Instants that have a forecast for another reason than a reading closing them: an event, or age alone. */
  eventPoints(
    spans: readonly Span[],
  ): Promise<
    readonly {readonly equipmentNo: number; readonly asOf: EpochMs; readonly cause: 'event' | 'age'}[]
  >;
  revisions(
    keys: readonly {readonly componentId: string; readonly asOf: EpochMs; readonly modelVersionId: string}[],
  ): Promise<Revisions>;
  current(componentIds: readonly string[]): Promise<ReadonlyMap<string, CurrentForecast>>;
  /** Installed components with a forecast. */
  groupForecasts(parts: readonly GroupPart[]): Promise<readonly GroupForecast[]>;
  /** Lives and master data per component class. */
  ladderEvidence(now: EpochMs): Promise<readonly LadderEvidence[]>;
  /** Installed components without a forecast, or whose newest one is older than its kind may be, or of a model that does not answer now. */
  stale(
    before: StaleBefore,
    page: {
      readonly max: number;
      readonly after: Pick<StaleComponent, 'equipmentNo' | 'componentId'> | undefined;
    },
  ): Promise<StaleComponents>;
  /** @throws OperationalFault 'checkpoint-moved' when another predictor was faster; nothing is written then. */
  commit(work: PredictCommit): Promise<void>;
}
