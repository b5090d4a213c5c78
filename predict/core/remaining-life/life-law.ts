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
  /** Left minus predicted. */
  readonly error: readonly number[];
  /** How many of the forecasts nearest to one stand for it. */
  readonly near: number;
}

export interface LifeInterval {
  readonly lower: number;
  readonly upper: number;
}

/** A tenth of the outcomes would be truer to its level, half of them steadier. */
const NEAR_SHARE = 0.2;
/** Fewer errors have no 5 % quantile worth the name. */
const NEAR_MIN = 40;

export function learnLifeErrors(outcomes: readonly LifeOutcome[], near?: number): LifeErrors {
  invariant(outcomes.length > 0, 'errors are learnt from outcomes');
  const ordered = [...outcomes].sort((a, b) => a.predicted - b.predicted || a.left - b.left);
  return {
    predicted: ordered.map(({predicted}) => predicted),
    error: ordered.map(({predicted, left}) => left - predicted),
    near: Math.min(outcomes.length, near ?? Math.max(NEAR_MIN, Math.round(NEAR_SHARE * outcomes.length))),
  };
}

/**
 * Where the remaining life, capped, lies with the stated probability: of the m nearest errors, k = ⌊(m + 1)(1 − coverage)⌋ stay
 * outside, half of them on either side. Nothing lies above the cap or below 0, so where one end is there the other leaves all k
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
  const lower = (below: number): number => (below === 0 ? 0 : within(predicted + near[below - 1]!));
  const upper = (above: number): number =>
    above === 0 ? cap : within(predicted + near[near.length - above]!);
  const half = Math.floor(outside / 2);
  const [atZero, atCap] = [lower(half) === 0, upper(half) === cap];
  return {
    // Errors that all lie on one side of a forecast do not push it out of its own interval.
    lower: Math.min(predicted, lower(atZero ? 0 : atCap ? outside : half)),
    upper: Math.max(predicted, upper(atCap ? 0 : atZero ? outside : half)),
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
