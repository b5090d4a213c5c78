import type {ComponentId, EquipmentId} from '../../domain/ids.ts';
import type {EpochMs} from '../../domain/time.ts';

/** One signal over one grid interval, kept so that mean and spread can be rebuilt or merged. */
export interface SignalBucket {
  readonly n: number;
  readonly mean: number;
  /** Sum of squared deviations from the mean (Welford). */
  readonly m2: number;
  readonly min: number;
  readonly max: number;
  readonly last: number;
}

/** An event of the equipment inside the window, oldest first. */
export interface WindowEvent {
  readonly type: string;
  readonly code: string | undefined;
  readonly positionId: string | undefined;
  readonly at: EpochMs;
}

/**
 * What is known about one equipment at one instant; built once and shared by all its components.
 * Nothing in it was observed after `asOf`.
 */
export interface FeatureWindow {
  readonly equipmentId: EquipmentId;
  readonly asOf: EpochMs;
  readonly gridMs: number;
  /** Per signal, oldest to newest, one entry per grid interval; the last ends at the grid point at or before asOf. null: nothing heard. */
  readonly buckets: ReadonlyMap<string, readonly (SignalBucket | null)[]>;
  readonly events: readonly WindowEvent[];
  /** Static numbers of the equipment: age in years when commissioned, load class, model as one-hot, … */
  readonly attributes: Readonly<Record<string, number>>;
}

/** One installed component at the window's instant. */
export interface InstalledComponent {
  readonly componentId: ComponentId;
  readonly classId: string;
  readonly positionId: string;
  readonly ageH: number;
}
