import {z} from 'zod';
import {ComponentId, EquipmentId, ModelVersionId} from './ids.ts';
import {EpochMs} from './time.ts';

/** Hours ahead at which every forecast states P(failure ≤ h): 1, 3, 7, 14 and 28 days. */
export const HORIZONS_H = [24, 72, 168, 336, 672] as const;

export const FORECAST_METHODS = ['model', 'pooled', 'weibull-age', 'base-rate'] as const;
export type ForecastMethod = (typeof FORECAST_METHODS)[number];

/** One signal's share in a forecast, phrased for a planner with its unit and normal range. */
export const TopSignal = z.object({
  signal: z.string(),
  text: z.string(),
  /** Share of the forecast's change against a typical window, in percent of all contributions; signed. */
  contributionPct: z.number(),
});
export type TopSignal = z.infer<typeof TopSignal>;

/** P(failure within horizon) of one installed component, as a curve over HORIZONS_H. */
export const FailureForecastV1 = z.object({
  version: z.literal(1),
  componentId: ComponentId,
  equipmentId: EquipmentId,
  positionId: z.string(),
  asOf: EpochMs,
  modelVersionId: ModelVersionId,
  revision: z.int().min(0),
  method: z.enum(FORECAST_METHODS),
  horizonsH: z.array(z.int().positive()).min(1),
  /** Monotone: cumulativePpm[i] is P(failure ≤ horizonsH[i]) in parts per million. */
  cumulativePpm: z.array(z.int().min(0).max(1_000_000)),
  /** Constant hazard beyond the last horizon, from the age model, in 1e-9 failures per hour. */
  tailHazardPpbPerH: z.int().min(0),
  completenessPct: z.int().min(0).max(100),
  topSignals: z.array(TopSignal),
});
export type FailureForecastV1 = z.infer<typeof FailureForecastV1>;
