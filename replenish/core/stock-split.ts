import {backorderCurve} from './pmf.ts';
import {variMetric, type TwoEchelonSystem} from './two-echelon.ts';

/** The best split of a number of units between the centre and its depots. */
export interface StockSplit {
  readonly total: number;
  readonly centreStock: number;
  readonly baseStocks: readonly number[];
  /** Of all depots together, by VARI-METRIC. */
  readonly expectedBackorders: number;
}

/**
 * The best split for every total 0..totalMax. For a given centre stock the depots' pipelines are fixed and their backorders
 * convex in their own stock, so giving unit after unit to whom it saves most is optimal; the centre stock is tried in full.
 *
 * @param system Its stocks are ignored. @param centreMax Largest centre stock tried.
 */
export function stockSplits(
  system: TwoEchelonSystem,
  totalMax: number,
  centreMax: number,
): readonly StockSplit[] {
  const best: StockSplit[] = [];
  for (let centreStock = 0; centreStock <= Math.min(centreMax, totalMax); centreStock += 1) {
    const curves = variMetric({...system, centreStock}).map(({pipeline}) =>
      backorderCurve(pipeline, totalMax + 1),
    );
    const baseStocks = curves.map(() => 0);
    for (let total = centreStock; total <= totalMax; total += 1) {
      const backorders = curves.reduce((sum, curve, i) => sum + curve[baseStocks[i]!]!, 0);
      if (!(backorders >= (best[total]?.expectedBackorders ?? Infinity))) {
        best[total] = {total, centreStock, baseStocks: [...baseStocks], expectedBackorders: backorders};
      }
      const saving = (i: number): number => curves[i]![baseStocks[i]!]! - curves[i]![baseStocks[i]! + 1]!;
      const chosen = curves.reduce((most, _, i) => (saving(i) > saving(most) ? i : most), 0);
      baseStocks[chosen]! += 1;
    }
  }
  return best;
}

/**
 * The splits on the lower convex hull of backorders over units. The best-split curve itself is not convex, and a marginal
 * allocation over several parts would stall before each dent; it may only stop at these.
 */
export function convexified(splits: readonly StockSplit[]): readonly StockSplit[] {
  const hull: StockSplit[] = [];
  for (const next of splits) {
    for (;;) {
      const [before, last] = hull.slice(-2);
      if (!before || !last) break;
      const slope = (last.expectedBackorders - before.expectedBackorders) / (last.total - before.total);
      const direct = (next.expectedBackorders - before.expectedBackorders) / (next.total - before.total);
      if (slope < direct) break;
      hull.pop();
    }
    hull.push(next);
  }
  return hull;
}
