import type {EpochMs} from '../domain/time.ts';
import type {EventType} from '../domain/reading.ts';

/** One signal over the hours of a history; index i belongs to the hour that ends at `hours[i]`. */
export interface HourlySignal {
  /** In the signal's own unit; NaN where the hour has no sample. */
  readonly mean: Float32Array;
  /** Population standard deviation within the hour, same unit; NaN where `mean` is. */
  readonly sd: Float32Array;
  readonly min: Float32Array;
  readonly max: Float32Array;
  /** Samples in the hour; 0 when the sensor or the line was silent. */
  readonly n: Float32Array;
}

/** An event as the equipment sent it. */
export interface HistoryEvent {
  readonly type: EventType;
  /** The error or warning code; only `error` events carry one. */
  readonly code?: string;
  /** BOM position the event is about; absent for events of the whole machine. */
  readonly positionId?: string;
  /** Serial of the component put in; only `part-replaced` events carry one. */
  readonly serial?: string;
  readonly at: EpochMs;
}

/**
 * How a life was fated to announce its end: by drifting signals (`gradual`), by nothing (`sudden`).
 * A planned removal may cut either short.
 */
export type WarningKind = 'gradual' | 'sudden';

/** The truth about one component from installation to removal: what a model may learn from, and is judged by. */
export interface ComponentLife {
  readonly positionId: string;
  readonly componentClassId: string;
  /** Serial of the installed component. */
  readonly componentId: string;
  readonly installedAt: EpochMs;
  /** Null while it runs at the end of the history. */
  readonly endedAt: EpochMs | null;
  readonly end: 'failure' | 'planned' | 'running';
  readonly warning: WarningKind;
  /** When damage began to show in the signals; null when it never did before `endedAt`. */
  readonly onsetAt: EpochMs | null;
}

/** Everything one machine went through, oldest first: signals by the hour, events, and the truth behind them. */
export interface MachineHistory {
  readonly equipmentId: string;
  /** Equipment class. */
  readonly classId: string;
  readonly modelId: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Bucket end times, epoch ms, strictly rising by one hour. */
  readonly hours: Float64Array;
  /** By signal name as in class_signal. */
  readonly signals: Readonly<Record<string, HourlySignal>>;
  readonly events: readonly HistoryEvent[];
  readonly lives: readonly ComponentLife[];
}

export interface TrainingHistoryOptions {
  /** Any whole number; the same seed gives the same bytes. */
  readonly seed: number;
  readonly machines: number;
  /** Length of each machine's history; it ends at `endAt`. */
  readonly days: number;
  /** Default 2026-01-01T00:00:00Z. */
  readonly endAt?: EpochMs;
}
