import path from 'node:path';
import {fileUnreadable} from '../../input-file.ts';
import {readRows} from '../demand-set.ts';

/** One point of a curve: at a target, what was filled and what holding cost. */
export interface CurvePoint {
  /** Null for levels that follow none. */
  readonly target: number | null;
  /** Mean over the items of pieces supplied over pieces asked for. */
  readonly meanFill: number;
  /** Pieces of all items supplied over asked for. */
  readonly totalFill: number;
  /** A year, summed over the items. */
  readonly holdingCost: number;
}

export type FillMeasure = 'meanFill' | 'totalFill';

/** The published curves of a set by method, targets ascending. */
export function readPublishedCurves(folder: string, set: string): ReadonlyMap<string, readonly CurvePoint[]> {
  const name = path.join(folder, 'published_fill_rate_vs_cost.csv.gz');
  const curves = new Map<string, CurvePoint[]>();
  for (const [dataset, method = '', ...figures] of readRows(name).slice(1)) {
    if (dataset !== set) continue;
    const [target = NaN, meanFill = NaN, totalFill = NaN, holdingCost = NaN] = figures.map(Number);
    curves.set(method, [...(curves.get(method) ?? []), {target, meanFill, totalFill, holdingCost}]);
  }
  if (curves.size === 0) throw fileUnreadable(`${name}: no line of ${set}; fetch the file again`);
  return curves;
}

/**
 * The least cost at which a curve fills that much, on straight lines between its points; undefined beyond its ends.
 *
 * Example: points (0.8, 10) and (0.9, 30) → 0.85 costs 20.
 */
export function costAtFill(
  curve: readonly CurvePoint[],
  measure: FillMeasure,
  fill: number,
): number | undefined {
  let least: number | undefined;
  for (let i = 1; i < curve.length; i += 1) {
    const [from, to] = [curve[i - 1]!, curve[i]!];
    const [low, high] = [Math.min(from[measure], to[measure]), Math.max(from[measure], to[measure])];
    if (fill < low || fill > high || low === high) continue;
    const share = (fill - from[measure]) / (to[measure] - from[measure]);
    const cost = from.holdingCost + share * (to.holdingCost - from.holdingCost);
    least = Math.min(cost, least ?? Infinity);
  }
  return least;
}
