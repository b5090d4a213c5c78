import {invariant} from '../../../domain/invariant.ts';
import {backorderCurve, type DemandPmf} from '../probability/pmf.ts';

/** Demand counted in lots: P(k · lot pieces) = pmf.p[k]. */
export interface LotDemand {
  readonly lot: number;
  readonly pmf: DemandPmf;
}

/** Pieces of a review period's demand that the shelf cannot meet, at order-up-to levels 0, lot, 2 · lot, … pieces. */
export interface ShortageCurve {
  readonly lot: number;
  readonly short: Float64Array;
}

/** Above this fill rate another piece buys nothing that a simulation or a planner could see. */
const FILL_MAX = 0.9999;

/**
 * What an order-up-to level leaves unfilled in a review period: the backorders at its end that were not there at its start.
 *
 *   short(S) = EBO(S) of the demand over lead time and review − EBO(S) of the demand over the lead time
 *
 * At S = 0 that is the mean demand of a period, so the fill rate is 1 − short(S) / short(0).
 *
 * @param start Demand over the lead time; null when an order arrives before the period's demand.
 * @param end   Demand over lead time and review period.
 *
 * Source: Johnson, Lee, Davis & Hall (1995), Expressions for item fill rates in periodic inventory systems, NRL 42.
 * Example: no lead time, P = (0.5, 0.25, 0.25) → 0.75, 0.25, 0: one piece fills 2/3, two fill all.
 */
export function shortageCurve(start: LotDemand | null, end: LotDemand): ShortageCurve {
  const {lot, pmf} = end;
  const short = backorderCurve(pmf, pmf.p.length).map((lots) => lots * lot);
  if (start !== null) {
    const before = backorderCurve(start.pmf, start.pmf.p.length);
    for (let k = 0; k < short.length; k += 1)
      short[k] = Math.max(0, short[k]! - start.lot * between(before, (k * lot) / start.lot));
  }
  return {lot, short};
}

/** Expected backorders are straight lines between lots, and nothing beyond the last. */
function between(curve: Float64Array, at: number): number {
  const below = Math.floor(at);
  const from = curve[below] ?? 0;
  return from + (at - below) * ((curve[below + 1] ?? 0) - from);
}

/** Share of the demand met from the shelf at a level in pieces that is a multiple of the lot. */
export function fillRateAt({lot, short}: ShortageCurve, level: number): number {
  const mean = short[0]!;
  return mean === 0 ? 1 : 1 - (short[Math.round(level / lot)] ?? 0) / mean;
}

/**
 * For each target the least order-up-to level, in pieces, from which on every level fills it. When an order is at least
 * `minimum` pieces, the position after it is uniform over that many above the level, and their mean must fill the target.
 *
 * Example: P = (0.5, 0.25, 0.25), target 0.9 → 2; with a minimum of 2, levels 1 and 2 fill (2/3 + 1) / 2 = 0.83, so 2 as well.
 *
 * @param targets ascending
 */
export function fillRateLevels(
  {lot, short}: ShortageCurve,
  targets: readonly number[],
  minimum = 0,
): number[] {
  invariant(
    targets.every((target) => target > 0 && target < 1),
    'a fill rate to reach is within 0..1, both excluded',
  );
  const window = Math.max(1, Math.round(minimum / lot));
  const levels = targets.map(() => 0);
  let open = targets.length;
  let sum = 0;
  for (let k = short.length - 1; k >= 0 && open > 0; k -= 1) {
    sum += short[k]! - (short[k + window] ?? 0);
    while (open > 0 && sum > (1 - targets[open - 1]!) * short[0]! * window) {
      levels[open - 1] = (k + 1) * lot;
      open -= 1;
    }
  }
  return levels;
}

/** An item that shares a fill rate to reach with others. */
export interface SharingItem {
  readonly curve: ShortageCurve;
  /** What holding one piece costs; 0 is taken as next to nothing. */
  readonly unitCost: number;
  /** How much its fill rate counts in the common mean. */
  readonly weight: number;
}

/** More pieces of an item: what they add to the weighted fill rate, and at which level they end. */
interface Step {
  readonly item: number;
  readonly gain: number;
  readonly level: number;
  readonly gainPerCost: number;
}

/**
 * The order-up-to levels, in pieces, of least holding cost whose weighted mean of fill rates reaches each target: the pieces
 * that add most fill rate per money first, over all items (marginal analysis). Each item's curve is convexified before, so a
 * poor first piece does not hide a good second one; the last step taken may carry the mean a little past the target.
 *
 * Source: Sherbrooke (2004), Optimal Inventory Modeling of Systems, ch. 2, with the fill rate in place of backorders.
 * Example: two items of P = (0.5, 0.5), holding 1 and 10, target 0.5 → (1, 0); target 0.9 → (1, 1).
 *
 * @param targets ascending
 * @returns for each target the level of each item
 */
export function sharedFillRateLevels(
  items: readonly SharingItem[],
  targets: readonly number[],
): readonly (readonly number[])[] {
  const weights = items.reduce((sum, {curve, weight}) => sum + (curve.short[0]! > 0 ? weight : 0), 0);
  const steps = items.flatMap((item, i) => stepsOf(item, i));
  steps.sort((a, b) => b.gainPerCost - a.gainPerCost || a.item - b.item || a.level - b.level);
  const levels = items.map(() => 0);
  let filled = 0;
  let next = 0;
  return targets.map((target) => {
    while (filled < target * weights - 1e-12 && next < steps.length) {
      const {item, gain, level} = steps[next]!;
      levels[item] = level;
      filled += gain;
      next += 1;
    }
    return [...levels];
  });
}

/** A free piece still goes after no other, but leaves a finite ratio. */
const NEXT_TO_NOTHING = 1e-9;

/** The upper concave hull of the fill rate over the level, as steps of falling gain per cost. */
function stepsOf({curve: {lot, short}, unitCost, weight}: SharingItem, item: number): Step[] {
  const mean = short[0]!;
  if (mean === 0 || weight === 0) return [];
  const end = short.findIndex((each) => each <= (1 - FILL_MAX) * mean);
  const hull: number[] = [];
  for (let k = 0; k <= (end < 0 ? short.length - 1 : end); k += 1) {
    while (hull.length >= 2 && !falls(short, hull.at(-2)!, hull.at(-1)!, k)) hull.pop();
    hull.push(k);
  }
  return hull.slice(1).map((k, i): Step => {
    const from = hull[i]!;
    const gain = (weight * (short[from]! - short[k]!)) / mean;
    const cost = (k - from) * lot * Math.max(unitCost, NEXT_TO_NOTHING);
    return {item, gain, level: k * lot, gainPerCost: gain / cost};
  });
}

/** Whether the shortage falls faster from a to b than from b to c. */
function falls(short: Float64Array, a: number, b: number, c: number): boolean {
  return (short[a]! - short[b]!) * (c - b) > (short[b]! - short[c]!) * (b - a);
}
