import {invariant} from '../../../domain/invariant.ts';

/**
 * Simple exponential smoothing, by which the yardsticks of intermittent.ts go: the level after the last value, starting from the first.
 *
 * Source: Brown (1959), Statistical Forecasting for Inventory Control. Example: [3, 2] at 0.1 → 3 + 0.1 (2 − 3) = 2.9.
 */
export function smooth(values: readonly number[], alpha: number): number {
  invariant(values.length > 0, 'nothing to smooth');
  invariant(alpha > 0 && alpha <= 1, `a smoothing is within (0, 1], not ${alpha}`);
  return values.reduce((level, value) => alpha * value + (1 - alpha) * level);
}

const LEAST = 0.1;
const MOST = 0.3;
const STEPS = 20;
const SHARPNESS = 1e-7;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Reference function. The smoothing within 0.1–0.3 with the least squared one-step error. The error may have several dips, so the lowest of a
 * grid is refined.
 *
 * Source: golden-section search. Example: [1, 2, 3, 4] → 0.3, the largest.
 */
export function bestSmoothing(values: readonly number[]): number {
  const step = (MOST - LEAST) / STEPS;
  const grid = Array.from({length: STEPS + 1}, (_, i) => LEAST + i * step);
  const lowest = grid.reduce((best, alpha) =>
    squaredError(values, alpha) < squaredError(values, best) ? alpha : best,
  );
  let low = Math.max(LEAST, lowest - step);
  let high = Math.min(MOST, lowest + step);
  while (high - low > SHARPNESS) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (squaredError(values, left) <= squaredError(values, right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}

function squaredError(values: readonly number[], alpha: number): number {
  let level = values[0] ?? 0;
  let error = 0;
  for (let i = 1; i < values.length; i += 1) {
    error += (values[i]! - level) ** 2;
    level += alpha * (values[i]! - level);
  }
  return error;
}
