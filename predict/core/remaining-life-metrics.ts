import {invariant} from '../../domain/invariant.ts';

/** Predicted against true remaining useful life, in cycles (or any one unit). */
export interface RemainingLifeScore {
  readonly rmse: number;
  readonly mae: number;
  /** Sum of e^(−d/13) − 1 for early and e^(d/10) − 1 for late predictions: late ones cost more. */
  readonly phmScore: number;
}

/**
 * Errors d = predicted − true. Source: Saxena et al. (2008), Damage propagation modeling for aircraft engine run-to-failure
 * simulation (the PHM08 challenge score). Example: true 30 and 40, predicted 20 and 55 → RMSE 12.75, MAE 12.5, score 4.640.
 */
export function remainingLifeScore(
  truth: readonly number[],
  predicted: readonly number[],
): RemainingLifeScore {
  invariant(truth.length === predicted.length && truth.length > 0, 'every remaining life has one prediction');
  const errors = predicted.map((life, i) => life - truth[i]!);
  const sum = (of: (d: number) => number): number => errors.reduce((total, d) => total + of(d), 0);
  return {
    rmse: Math.sqrt(sum((d) => d * d) / errors.length),
    mae: sum(Math.abs) / errors.length,
    phmScore: sum((d) => Math.expm1(d < 0 ? -d / 13 : d / 10)),
  };
}
