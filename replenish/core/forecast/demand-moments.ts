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
 *   mean = Σ w x / W, variance = Σ w (x − mean)² / (W − Σ w² / W), effective periods = W² / Σ w²
 *
 * Example: [0, 2] at 0.5 → weights 0.5 and 1: mean 2 / 1.5 = 1.333, variance (0.5 · 1.333² + 0.667²) / (1.5 − 1.25 / 1.5) = 2.
 */
export function demandMoments(history: readonly number[], discount: number): DemandMoments {
  invariant(history.length >= 2, 'a variance needs two periods of history');
  invariant(discount > 0 && discount <= 1, `a discount is within (0, 1], not ${discount}`);
  let periodWeight = 1;
  let weight = 0;
  let squaredWeight = 0;
  let demandWeight = 0;
  let sum = 0;
  let squares = 0;
  for (let period = history.length - 1; period >= 0; period -= 1) {
    const pieces = history[period]!;
    invariant(pieces >= 0, `demand of period ${period} is ${pieces}: it cannot be negative`);
    weight += periodWeight;
    squaredWeight += periodWeight * periodWeight;
    if (pieces > 0) {
      demandWeight += periodWeight;
      sum += periodWeight * pieces;
      squares += periodWeight * pieces * pieces;
    }
    periodWeight *= discount;
  }
  const mean = sum / weight;
  // A history of equal values can end a rounding below zero.
  const variance = Math.max(0, squares - mean * sum) / (weight - squaredWeight / weight);
  return {mean, variance, effectivePeriods: (weight * weight) / squaredWeight, demandWeight, weight};
}

/** Periods with any demand. */
export function demandCount(history: readonly number[]): number {
  return history.reduce((count, pieces) => (pieces > 0 ? count + 1 : count), 0);
}
