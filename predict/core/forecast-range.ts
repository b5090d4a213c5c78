import {invariant} from '../../domain/invariant.ts';
import type {Ppm, Probability} from '../../domain/quantity.ts';
import {sigmoid} from './calibration.ts';
import {monotonePpm} from './survival-curve.ts';

/** Where a forecast would lie nine times in ten, had other machines of the class taught the model; both rise with the horizon. */
export interface ForecastRange {
  readonly lowPpm: readonly Ppm[];
  readonly highPpm: readonly Ppm[];
}

/** 95 % quantiles of Student's t, for 1, 2, … degrees of freedom. */
const STUDENT_95 = [6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833] as const;
/** A forecast is told in millionths. */
const FINEST = 1e-6;

/**
 * From the parts of an ensemble, each taught without another of K equal parts of the machines (delete-a-group jackknife): in the
 * logit z of each horizon's probability
 *   z ± t · s,   s² = (K − 1) / K · Σ (z_k − z̄)²,
 * with t of K − 1 degrees of freedom. It speaks of what was learnt from, not of what the component will do: that is the probability.
 *
 * Source: Kott (2001), The delete-a-group jackknife. Example: 0.1 from parts that say 0.08, 0.09, 0.1, 0.11, 0.12 → s = 0.318, 0.053 to 0.180.
 *
 * @param parts the curve of each part, in any order; undefined is answered for fewer than two.
 */
export function forecastRange(
  curve: readonly Probability[],
  parts: readonly (readonly Probability[])[],
): ForecastRange | undefined {
  if (parts.length < 2) return undefined;
  const student = STUDENT_95[parts.length - 2];
  invariant(student !== undefined, 'an ensemble has at most ten parts');
  const reach = curve.map((_, h) => student * jackknifeError(parts.map((part) => logit(part[h]!))));
  const moved = (by: 1 | -1): Ppm[] =>
    monotonePpm(curve.map((probability, h) => sigmoid(logit(probability) + by * reach[h]!)));
  return {lowPpm: moved(-1), highPpm: moved(1)};
}

function jackknifeError(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(((values.length - 1) / values.length) * squares);
}

function logit(probability: Probability): number {
  const p = Math.min(1 - FINEST, Math.max(FINEST, probability));
  return Math.log(p / (1 - p));
}
