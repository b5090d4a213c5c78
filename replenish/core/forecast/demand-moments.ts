import {invariant} from '../../../domain/invariant.ts';

/** What a history of equal periods says about the demand of one period, old periods counting less. */
export interface DemandMoments {
  /** Pieces a period. */
  readonly mean: number;
  /** Pieces² a period, free of the bias of a small sample. */
  readonly variance: number;
  /** How many periods of full weight carry as much evidence as these weighted ones. */
  readonly effectivePeriods: number;
  /** Weight of the periods with demand, and of all. */
  readonly demandWeight: number;
  readonly weight: number;
}

/**
 * Mean and variance of a period's demand where a period counts `discount` times the one after it; 1 counts all alike.
 *
 *   mean = Σ w x / W, variance = Σ w e (x / e − mean)² / (Σ w − Σ w² e / W), effective periods = W² / Σ w² e, with W = Σ w e
 *
 * @param exposures  e, the share of a whole period that each one shows (1 unless given): a period without stock, or a part of
 *                   a month, counts as much as it could see. Demand of an exposure has e times the mean and the variance.
 *
 * Example: [0, 2] at 0.5 → weights 0.5 and 1: mean 2 / 1.5 = 1.333, variance (0.5 · 1.333² + 0.667²) / (1.5 − 1.25 / 1.5) = 2.
 * Example: [2, 1] with exposures 1 and 0.5 → mean 3 / 1.5 = 2, variance 0.
 */
export function demandMoments(
  history: readonly number[],
  discount: number,
  exposures?: readonly number[],
): DemandMoments {
  invariant(history.length >= 2, 'a variance needs two periods of history');
  invariant(discount > 0 && discount <= 1, `a discount is within (0, 1], not ${discount}`);
  let periodWeight = 1;
  let periodWeights = 0;
  let weight = 0;
  let squaredWeight = 0;
  let demandWeight = 0;
  let sum = 0;
  let squares = 0;
  for (let period = history.length - 1; period >= 0; period -= 1) {
    const pieces = history[period]!;
    invariant(pieces >= 0, `demand of period ${period} is ${pieces}: it cannot be negative`);
    const exposure = exposures === undefined ? 1 : exposures[period]!;
    invariant(exposure > 0, `period ${period} shows nothing: leave it out`);
    periodWeights += periodWeight;
    weight += periodWeight * exposure;
    squaredWeight += periodWeight * periodWeight * exposure;
    if (pieces > 0) {
      demandWeight += periodWeight;
      sum += periodWeight * pieces;
      squares += (periodWeight * pieces * pieces) / exposure;
    }
    periodWeight *= discount;
  }
  const mean = sum / weight;
  // A history of equal values can end a rounding below zero.
  const variance = Math.max(0, squares - mean * sum) / (periodWeights - squaredWeight / weight);
  return {mean, variance, effectivePeriods: (weight * weight) / squaredWeight, demandWeight, weight};
}

/** Periods with any demand. */
export function demandCount(history: readonly number[]): number {
  return history.reduce((count, pieces) => (pieces > 0 ? count + 1 : count), 0);
}
