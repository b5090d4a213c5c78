import {invariant} from '../../../domain/invariant.ts';
import type {Probability} from '../../../domain/quantity.ts';

/** What was forecast for a unit that taught none of it, and what it then had left; both in cycles. */
export interface LifeOutcome {
  readonly predicted: number;
  /** Not capped: a forecast at the cap is right about whatever lies above it. */
  readonly left: number;
}

/** How far forecasts were off, ordered by what they said: the one at the cap errs otherwise than the one at ten cycles. */
export interface LifeErrors {
  /** Ascending. */
  readonly predicted: readonly number[];
  /** Left minus predicted, as far as it says something of the forecast that is made. */
  readonly error: readonly number[];
  /** How many of the forecasts nearest to one stand for it. */
  readonly near: number;
}

export interface LifeInterval {
  readonly lower: number;
  readonly upper: number;
}

/** What two members of a mean forecast that taught neither of them, and what was left; in cycles. */
export interface PairOutcome {
  readonly pair: readonly [number, number];
  readonly left: number;
}

/**
 * How far the mean of `members` errs, over how far the mean of two of them does: their own errors average out, what they share
 * stays.
 *
 *   √(1 − (½ − 1/members) · v / E²),   v = mean (a − b)² / 2, E² = mean ((a + b) / 2 − left)², left up to the cap
 *
 * Example: ten members, pairs 8 apart that err by 10 in the mean → v = 32, √(1 − 0.4 · 0.32) = 0.934.
 */
export function errorOfAll(outcomes: readonly PairOutcome[], members: number, cap: number): number {
  let [own, squared] = [0, 0];
  for (const {
    pair: [a, b],
    left,
  } of outcomes) {
    own += (a - b) ** 2 / 2;
    squared += ((a + b) / 2 - Math.min(cap, left)) ** 2;
  }
  // The mean of two errs by half of what is their own at least: more is chance.
  const share = squared > 0 ? Math.min(2, own / squared) : 0;
  return Math.sqrt(1 - (1 / 2 - 1 / members) * share);
}

/** A tenth of the outcomes would be truer to its level, half of them steadier. */
const NEAR_SHARE = 0.2;
/** Fewer errors have no 5 % quantile worth the name. */
const NEAR_MIN = 40;

export interface LifeErrorOptions {
  readonly near?: number;
  /** What the errors are multiplied by; 1 unless said. */
  readonly scale?: number;
}

export function learnLifeErrors(
  outcomes: readonly LifeOutcome[],
  {near, scale = 1}: LifeErrorOptions = {},
): LifeErrors {
  invariant(outcomes.length > 0, 'errors are learnt from outcomes');
  const ordered = [...outcomes].sort((a, b) => a.predicted - b.predicted || a.left - b.left);
  return {
    predicted: ordered.map(({predicted}) => predicted),
    error: ordered.map(({predicted, left}) => scale * (left - predicted)),
    near: Math.min(outcomes.length, near ?? Math.max(NEAR_MIN, Math.round(NEAR_SHARE * outcomes.length))),
  };
}

/**
 * Where the remaining life, capped, lies with the stated probability: of the m nearest errors, k = ⌊(m + 1)(1 − coverage)⌋ stay
 * outside, half of them on either side, an odd one above: who lasts longer does less harm. Nothing lies above the cap or below 0, so where one end is there the other leaves all k
 * outside. Where the outcomes and the one asked about may change places, it covers what is stated, whatever the law of the errors.
 *
 * Source: Vovk, Gammerman & Shafer (2005), Algorithmic learning in a random world; errors nearest in what was forecast: Lei &
 * Wasserman (2014).
 * Example: 19 errors −9 … 9, coverage 0.9 → k = 2: forecast 50 gives 41 to 59, and 120 with cap 125 gives 112 to 125.
 */
export function lifeInterval(
  errors: LifeErrors,
  predicted: number,
  coverage: Probability,
  cap: number,
): LifeInterval {
  const near = nearestErrors(errors, predicted).sort();
  const outside = Math.floor((near.length + 1) * (1 - coverage) + 1e-9); // 0.1 · 20 shall be 2
  const within = (life: number): number => Math.max(0, Math.min(cap, life));
  const lower = (out: number): number => (out === 0 ? 0 : within(predicted + near[out - 1]!));
  const upper = (out: number): number => (out === 0 ? cap : within(predicted + near[near.length - out]!));
  const below = Math.floor(outside / 2);
  const above = outside - below;
  const [atZero, atCap] = [lower(below) === 0, upper(above) === cap];
  return {
    // Errors that all lie on one side of a forecast do not push it out of its own interval.
    lower: Math.min(predicted, lower(atZero ? 0 : atCap ? outside : below)),
    upper: Math.max(predicted, upper(atCap ? 0 : atZero ? outside : above)),
  };
}

/**
 * P(failure within so many cycles): the share of the nearest errors by which the unit would fail in time, the unit itself
 * counted half. It rises with the cycles, so it can stand in a forecast's row at any horizons.
 *
 * Source: Vovk et al. (2017), Nonparametric predictive distributions based on conformal prediction.
 * Example: 19 errors −9 … 9, forecast 50: within 45 cycles 5 of them → (5 + ½) / 20 = 0.275.
 */
export function failureWithinCycles(errors: LifeErrors, predicted: number, cycles: number): Probability {
  const near = nearestErrors(errors, predicted);
  const inTime = near.reduce((count, error) => count + Number(predicted + error <= cycles), 0);
  return (inTime + 0.5) / (near.length + 1);
}

/** The errors of the `near` forecasts that said most nearly the same. */
function nearestErrors({predicted, error, near}: LifeErrors, asked: number): Float64Array {
  let from = 0;
  while (from + near < predicted.length && predicted[from + near]! - asked < asked - predicted[from]!)
    from += 1;
  return Float64Array.from(error.slice(from, from + near));
}
