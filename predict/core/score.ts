import type {TopSignal} from '../../domain/forecast.ts';
import type {ModelVersionId} from '../../domain/ids.ts';
import type {Ppm} from '../../domain/quantity.ts';
import type {ClassSpec} from './class-spec.ts';
import type {FeatureWindow, InstalledComponent} from './feature-window.ts';
import type {ForecastRange} from './forecast-range.ts';
import type {PredictTuning} from './tuning.ts';

export interface ScoreRequest {
  readonly window: FeatureWindow;
  /** A component that the model's spec covers (componentIndex ≥ 0). */
  readonly component: InstalledComponent;
}

export interface Score {
  /** Calibrated and monotone over HORIZONS_H, in parts per million. */
  readonly cumulativePpm: readonly Ppm[];
  /** Undefined of a model that is no ensemble, and of an age law. */
  readonly range?: ForecastRange | undefined;
  /** Share of the window's signal intervals that were heard, 0 to 100. */
  readonly completenessPct: number;
  /** Empty where the risk is not notable: explaining costs a dozen more passes of the model. */
  readonly topSignals: readonly TopSignal[];
}

/** From which risk on a score is explained; by default as delivered. */
export type Explaining = Pick<PredictTuning, 'explainFromPpm'>;

/** A verified model that is ready to score. */
export interface ScoringModel {
  readonly modelVersionId: ModelVersionId;
  /** Its equipment class, the components it covers, and the window it wants. */
  readonly spec: ClassSpec;
}

/**
 * What predict needs from a model runtime. Scores come back in the order of the requests and do not depend on how many
 * were asked together.
 */
export interface Scorer {
  /** Which backend computes: 'node', 'wasm' or 'cpu'. */
  readonly backend: string;
  readonly models: readonly ScoringModel[];
  score(
    modelVersionId: ModelVersionId,
    requests: readonly ScoreRequest[],
    explaining?: Explaining,
  ): Promise<readonly Score[]>;
  close(): Promise<void>;
}
