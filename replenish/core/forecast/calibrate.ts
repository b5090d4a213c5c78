import type {DemandPmf} from '../probability/pmf.ts';
import type {CalibrationKnot} from './demand-population.ts';

/**
 * The same demand with its cumulative probabilities moved along the straight lines between (0, 0), the knots and (1, 1).
 *
 * Example: P = (0.9, 0.06, 0.04) with the knot raw 0.96 at level 0.9 → cumulative 0.9 → 0.84375, 0.96 → 0.9, 1 → 1:
 * P = (0.84375, 0.05625, 0.1), so a level of 0.95 now asks for 2 instead of 1.
 */
export function calibrate({p, tail}: DemandPmf, knots: readonly CalibrationKnot[]): DemandPmf {
  if (knots.length === 0) return {p, tail};
  const corners = [{raw: 0, level: 0}, ...knots, {raw: 1, level: 1}];
  const moved = new Float64Array(p.length);
  let corner = 1;
  let cumulative = 0;
  let before = 0;
  for (let k = 0; k < p.length; k += 1) {
    cumulative = Math.min(1, cumulative + p[k]!);
    while (corner < corners.length - 1 && cumulative > corners[corner]!.raw) corner += 1;
    const from = corners[corner - 1]!;
    const to = corners[corner]!;
    const share = (cumulative - from.raw) / (to.raw - from.raw);
    const level = from.level + share * (to.level - from.level);
    moved[k] = Math.max(0, level - before);
    before = level;
  }
  return {p: moved, tail};
}

/**
 * The uncalibrated probability that stands for a wanted one: the inverse of the lines of `calibrate`.
 *
 * Example: with the knot raw 0.96 at level 0.9, level 0.95 → 0.96 + 0.5 · 0.04 = 0.98.
 */
export function rawLevelOf(level: number, knots: readonly CalibrationKnot[]): number {
  let from = {raw: 0, level: 0};
  for (const to of [...knots, {raw: 1, level: 1}]) {
    if (level <= to.level)
      return from.raw + ((level - from.level) / (to.level - from.level)) * (to.raw - from.raw);
    from = to;
  }
  return 1;
}
