import {z} from 'zod';

const ppm = z.int().min(1).max(1_000_000);

/** What ops tune of forecasts; versioned data with effective dates (platform.parameter, key 'predict.tuning'). */
export const PredictTuning = z.strictObject({
  /** A component's forecast is told to replenish when a probability of it has moved by so much since it was told last, in ppm. */
  materialPpm: ppm,
  /** Where no component has moved that far itself: what P(more than k components of a group fail) must move by to be told, in ppm. */
  groupMaterialPpm: ppm,
  /** From this P(failure within the last horizon) on, a forecast says which signals drive it, in ppm. */
  explainFromPpm: ppm,
});
export type PredictTuning = z.infer<typeof PredictTuning>;

export const DEFAULT_TUNING: PredictTuning = {
  materialPpm: 10_000,
  groupMaterialPpm: 50_000,
  explainFromPpm: 50_000,
};
