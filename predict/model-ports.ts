import type {ModelVersionId} from '../domain/ids.ts';
import type {Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';
import type {GateLimits} from './core/gate-limits.ts';
import type {PairedForecast} from './core/live-evidence.ts';
import type {ModelChange} from './core/model-change.ts';
import type {ModelStep} from './core/model-lifecycle.ts';

/** Who changes a state, and why; all of it stays in the history and in the audit trail. */
export interface Because {
  readonly actor: string;
  readonly reason: string;
  /** The figures that it rests on. */
  readonly evidence?: Readonly<Record<string, unknown>>;
  readonly at: EpochMs;
}

/** What the registry keeps of a version. */
export interface RegisteredModel {
  readonly modelVersionId: ModelVersionId;
  readonly equipmentClassIds: readonly string[];
  readonly pooled: boolean;
  /** In hexadecimal. */
  readonly manifestSha256: string;
  readonly featureSha256: string;
  readonly card: Readonly<Record<string, unknown>>;
  readonly firstSeenAt: EpochMs;
}

/** What the desk needs of the world. */
export interface ModelDeskPorts {
  registered(): Promise<readonly RegisteredModel[]>;
  history(): Promise<readonly ModelStep[]>;
  /** Decides on the history as it stands and writes what follows, in one transaction. */
  change(
    because: Because,
    decide: (history: readonly ModelStep[]) => Result<readonly ModelChange[]>,
  ): Promise<Result<readonly ModelChange[]>>;
  /** Reads the version from disk. @returns what is wrong with it; null: it is what was registered. */
  verify(model: RegisteredModel): Promise<string | null>;
  paired(of: {
    readonly challenger: string;
    readonly champion: string | null;
    readonly equipmentClassId: string;
    readonly days: number;
  }): Promise<readonly PairedForecast[]>;
  /** What a promotion asks for now. */
  limits(): Promise<GateLimits>;
  now(): EpochMs;
}
