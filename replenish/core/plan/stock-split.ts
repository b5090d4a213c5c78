import {backorderCurve, type DemandPmf} from '../probability/pmf.ts';
import {overLevels, variMetric, type TwoEchelonSystem} from './two-echelon.ts';

/** The best split of a number of units between the centre and its depots. */
export interface StockSplit {
  readonly total: number;
  readonly centreStock: number;
  readonly baseStocks: readonly number[];
  /** Of all depots together, by VARI-METRIC. */
  readonly expectedBackorders: number;
}

/** What one place must and may hold. */
export interface StockBounds {
  readonly min: number;
  readonly max: number;
}

/** Of the centre and of each depot, in their order. */
export interface SplitBounds {
  readonly centre: StockBounds;
  readonly bases: readonly StockBounds[];
}

/**
 * The best split for every total that the bounds allow, up to totalMax. For a given centre stock the depots' pipelines are fixed and
 * their backorders convex in their own stock, so giving unit after unit to whom it saves most is optimal; the centre stock is
 * tried in full.
 *
 * Source: Sherbrooke (2004), Optimal Inventory Modeling of Systems, ch. 3, with VARI-METRIC's pipelines.
 * Example: two depots with 0.5 a day, a day from a centre that waits 4 days: 4 pieces → 2 at the centre and 1 at each, 1.5968 short.
 *
 * @param system Its stocks are ignored. @param centreMax Largest centre stock tried.
 * @param bounds Without them every place may hold anything. A total that they do not allow is missing.
 */
export function stockSplits(
  system: TwoEchelonSystem,
  totalMax: number,
  centreMax: number,
  bounds?: SplitBounds,
): readonly StockSplit[] {
  const best: StockSplit[] = [];
  const least = bounds?.bases.map(({min}) => min) ?? system.bases.map(() => 0);
  const fewest = least.reduce((sum, min) => sum + min, 0);
  const mostAt = (i: number): number => bounds?.bases[i]!.max ?? Infinity;
  const highest = Math.min(centreMax, totalMax - fewest, bounds?.centre.max ?? Infinity);
  for (let centreStock = bounds?.centre.min ?? 0; centreStock <= highest; centreStock += 1) {
    const curves = variMetric({...system, centreStock}).map(({pipeline}, i) =>
      shortByLevel(pipeline, totalMax + 1, system.bases[i]!.lot ?? 1),
    );
    const baseStocks = [...least];
    for (let total = centreStock + fewest; total <= totalMax; total += 1) {
      const backorders = curves.reduce((sum, curve, i) => sum + curve[baseStocks[i]!]!, 0);
      if (!(backorders >= (best[total]?.expectedBackorders ?? Infinity))) {
        best[total] = {total, centreStock, baseStocks: [...baseStocks], expectedBackorders: backorders};
      }
      const chosen = savesMost(curves, baseStocks, mostAt);
      if (chosen === null) break;
      baseStocks[chosen]! += 1;
    }
  }
  return best;
}

/** Backorders at each stock up to a limit; with a lot, the mean over the levels that its position takes in turn. */
function shortByLevel(pipeline: DemandPmf, stockMax: number, lot: number): Float64Array {
  const curve = backorderCurve(pipeline, stockMax + lot - 1);
  return lot === 1
    ? curve
    : Float64Array.from({length: stockMax + 1}, (_, stock) =>
        overLevels(stock, lot, (level) => curve[level]!),
      );
}

/** The depot where one more unit saves most, the first of equals; null when none may hold more. */
function savesMost(
  curves: readonly Float64Array[],
  stocks: readonly number[],
  mostAt: (i: number) => number,
): number | null {
  let chosen: number | null = null;
  let most = -Infinity;
  curves.forEach((curve, i) => {
    const stock = stocks[i]!;
    if (stock >= mostAt(i)) return;
    const saving = curve[stock]! - curve[stock + 1]!;
    if (saving <= most) return;
    most = saving;
    chosen = i;
  });
  return chosen;
}

/**
 * The splits on the lower convex hull of their penalty over units: of backorders, unless a plan weighs them otherwise. The best-split curve itself is not convex, and a marginal
 * allocation over several parts would stall before each dent; it may only stop at these.
 *
 * Source: Sherbrooke (2004), Optimal Inventory Modeling of Systems, ch. 3. Example: 10, 9 and 2 short with 0, 1 and 2 units → 0 and 2 stay.
 */
export function convexified(
  splits: readonly StockSplit[],
  penaltyOf: (expectedBackorders: number) => number = (backorders) => backorders,
): readonly StockSplit[] {
  const hull: StockSplit[] = [];
  const slopeOf = (from: StockSplit, to: StockSplit): number =>
    (penaltyOf(to.expectedBackorders) - penaltyOf(from.expectedBackorders)) / (to.total - from.total);
  // Not for…of: a total that the bounds leave out is a hole.
  splits.forEach((next) => {
    for (;;) {
      const [before, last] = hull.slice(-2);
      if (!before || !last) break;
      if (slopeOf(before, last) < slopeOf(before, next)) break;
      hull.pop();
    }
    hull.push(next);
  });
  return hull;
}
