import {backorderCurve, cdf, mean, quantile, variance, type DemandPmf} from '../probability/pmf.ts';
import {meanAskedFor, remainingNeed, type RemainingLife} from '../demand/remaining-need.ts';

/** Costs of the last order, in one money unit. */
export interface LastBuyCosts {
  /** Of one piece, on the shelf. */
  readonly price: number;
  readonly holdingPerDay: number;
  /** What a piece that nobody needed still brings; negative when it costs to be rid of it. */
  readonly salvage: number;
  /** Of a need that no piece is left for. */
  readonly shortage: number;
}

/** What the supplier takes. */
export interface LastLot {
  readonly minimum: number;
  readonly multiple: number;
}

/** One quantity to buy, and what it is expected to lead to. */
export interface LastBuyPoint {
  readonly buy: number;
  /** Chance that some need finds no piece. */
  readonly shortProbability: number;
  readonly expectedShort: number;
  /** Pieces left when the last machine is no longer served. */
  readonly expectedLeft: number;
  readonly price: number;
  readonly holding: number;
  readonly shortage: number;
  readonly salvage: number;
  /** price + holding + shortage − salvage. */
  readonly total: number;
}

export interface LastBuy {
  readonly need: DemandPmf;
  readonly best: LastBuyPoint;
  /** Quantities around the best, ascending, the best and none among them. */
  readonly curve: readonly LastBuyPoint[];
}

/** Stretches of the remaining time that the holding cost is added up over: misses less than 0.1 % of it (last-buy.test.ts). */
const STEPS = 48;
/** Quantiles of the need that the curve shows. */
const SHOWN = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999];

/**
 * How many pieces to buy when they can be bought once more: the quantity of least expected cost until the last machine is served no more.
 *
 *   C(q) = price · q + holding · ∫ E[(S − N(t))⁺] dt + shortage · E[(N − S)⁺] − salvage · E[(S − N)⁺],  S = position + q
 *
 * N(t) is what is used up until day t (`remainingNeed`). Each term is convex in q, so the first quantity that no larger one betters is the
 * best. Without holding cost it is the newsvendor's: P(N ≤ S) ≥ (shortage − price) / (shortage − salvage). Money is not discounted.
 *
 * @param position On hand + on order − owed, in pieces.
 * Source: Teunter & Fortuin (1999), End-of-life service, International Journal of Production Economics 59.
 * Example: Poisson 20 in all, price 100, no holding, worth nothing when left, 2,000 a need that waits → P(N ≤ S) ≥ 0.95: 28 pieces.
 */
export function lastBuy(life: RemainingLife, position: number, costs: LastBuyCosts, lot: LastLot): LastBuy {
  const endDay = Math.max(0, ...life.fleet.map(({untilDay}) => untilDay));
  const need = remainingNeed(life, endDay);
  const levels = Math.max(need.p.length, position + 1) + lot.multiple + lot.minimum;
  const heldDays = pieceDays(life, endDay, levels);
  const backorders = backorderCurve(need, levels);
  const expected = mean(need);
  const point = (buy: number): LastBuyPoint => {
    const level = position + buy;
    const expectedShort = level < 0 ? expected - level : backorders[Math.min(level, levels)]!;
    const expectedLeft = level - expected + expectedShort;
    const parts = {
      price: costs.price * buy,
      holding: level < 0 ? 0 : costs.holdingPerDay * heldDays[Math.min(level, levels)]!,
      shortage: costs.shortage * expectedShort,
      salvage: costs.salvage * expectedLeft,
    };
    const {price, holding, shortage, salvage} = parts;
    return {
      buy,
      shortProbability: 1 - cdf(need, level),
      expectedShort,
      expectedLeft,
      ...parts,
      total: price + holding + shortage - salvage,
    };
  };
  const orderable = (pieces: number): number =>
    pieces <= 0 ? 0 : Math.ceil(Math.max(pieces, lot.minimum) / lot.multiple) * lot.multiple;
  let best = point(0);
  for (let buy = orderable(1); position + buy <= levels; buy += lot.multiple) {
    const next = point(buy);
    if (next.total >= best.total) break;
    best = next;
  }
  const shown = new Set([0, best.buy, ...SHOWN.map((level) => orderable(quantile(need, level) - position))]);
  const curve = [...shown].sort((a, b) => a - b).map(point);
  return {need, best, curve};
}

/** ∫ E[(S − N(t))⁺] dt until the end, for S = 0..levels, by the trapezoidal rule. */
function pieceDays(life: RemainingLife, endDay: number, levels: number): Float64Array {
  const days = new Float64Array(levels + 1);
  for (let step = 0; step <= STEPS; step += 1) {
    const weight = (step === 0 || step === STEPS ? 0.5 : 1) * (endDay / STEPS);
    const used = remainingNeed(life, (endDay * step) / STEPS);
    const short = backorderCurve(used, levels);
    const expected = mean(used);
    for (let level = 0; level <= levels; level += 1)
      days[level]! += weight * (level - expected + short[level]!);
  }
  return days;
}

/** What is still needed, as a planner reads it. */
export interface NeedSummary {
  readonly askedFor: number;
  readonly mean: number;
  readonly deviation: number;
  readonly quantiles: readonly {readonly level: number; readonly pieces: number}[];
}

/**
 * The remaining need in a few numbers: pieces asked for, pieces used up with mean and deviation, and quantiles of the latter.
 * Example: 0.1 a day for 200 days, Poisson, nothing repaired → 20 asked for, 20 ± 4.47 used up, 0.95 quantile 28.
 */
export function needSummary(life: RemainingLife, need: DemandPmf): NeedSummary {
  return {
    askedFor: meanAskedFor(life, Infinity),
    mean: mean(need),
    deviation: Math.sqrt(variance(need)),
    quantiles: [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99].map((level) => ({
      level,
      pieces: quantile(need, level),
    })),
  };
}
