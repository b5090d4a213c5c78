import {invariant} from '../../domain/invariant.ts';
import type {Probability} from '../../domain/quantity.ts';

/** The law of a component's life: S(t) = exp(−(t / scaleH)^shape). Shape 1 is a constant rate with MTBF = scaleH. */
export interface Weibull {
  readonly shape: number;
  /** Characteristic life in hours: 63.2 % have failed by then. */
  readonly scaleH: number;
}

/** One observed life. A planned replacement, or a component still running, is censored: it survived at least to `endAgeH`. */
export interface Life {
  readonly endAgeH: number;
  readonly failed: boolean;
  /** Age at which watching began (left truncation): earlier failures could not have been seen. Default 0. */
  readonly entryAgeH?: number;
}

/**
 * Expected failures of one component up to an age, dimensionless: Λ(t) = (t / scale)^shape.
 *
 * Example: shape 2, scale 1000 h, age 500 h → 0.25.
 */
export function cumulativeHazard(law: Weibull, ageH: number): number {
  invariant(ageH >= 0, 'an age is not negative');
  return (ageH / law.scaleH) ** law.shape;
}

/**
 * Failures per hour at an age: λ(t) = shape/scale · (t / scale)^(shape − 1).
 *
 * Example: shape 2, scale 1000 h, age 500 h → 0.001. Below shape 1 it is infinite at age 0.
 */
export function hazardPerHour(law: Weibull, ageH: number): number {
  return (law.shape / law.scaleH) * (ageH / law.scaleH) ** (law.shape - 1);
}

/**
 * P(failure within `hours` | alive at `ageH`) = 1 − exp(Λ(age) − Λ(age + hours)).
 *
 * Source: Lawless (2003), Statistical Models and Methods for Lifetime Data, 1.2.
 * Example: shape 2, scale 1000 h, age 500 h, 168 h → 1 − e^(0.25 − 0.446224) ≈ 0.178172.
 */
export function failureWithin(law: Weibull, ageH: number, hours: number): Probability {
  return -Math.expm1(cumulativeHazard(law, ageH) - cumulativeHazard(law, ageH + hours));
}

/** A constant rate from a mean time between failures. Example: 8760 h → P(failure within 24 h) ≈ 0.002736. */
export function constantRate(mtbfH: number): Weibull {
  return {shape: 1, scaleH: mtbfH};
}

/** Fewer failures than this leave the shape to chance: the standard error of ln(shape) is about 0.78/√failures. */
export const FIT_FAILURES_MIN = 10;

/** Shapes outside are data trouble (all lives equal, one early failure among giants), not wear. */
const SHAPE_MIN = 0.2;
const SHAPE_MAX = 20;

/**
 * Maximum likelihood fit with right censoring and left truncation; null below FIT_FAILURES_MIN failures.
 *
 * For a given shape k the best scale has a closed form, scale^k = Σ(t^k − e^k) / failures over all lives with end t and
 * entry e; the shape is the root of the profile score
 *   1/k + mean(ln t over failures) − Σ(t^k ln t − e^k ln e) / Σ(t^k − e^k),   found by bisection.
 *
 * Source: Lawless (2003), 5.2 (censoring) and 2.4 (truncation).
 * Example: failures at 100, 200, … 1000 h, nothing censored → shape ≈ 1.9840, scale ≈ 619.54 h.
 */
export function fitWeibull(lives: readonly Life[]): Weibull | null {
  const observed = lives.filter((life) => life.endAgeH > (life.entryAgeH ?? 0));
  const failures = observed.filter((life) => life.failed);
  if (failures.length < FIT_FAILURES_MIN) return null;
  const unitH = observed.reduce((longest, life) => Math.max(longest, life.endAgeH), 0); // keeps t^k within 0..1
  const meanLog = failures.reduce((sum, life) => sum + Math.log(life.endAgeH / unitH), 0) / failures.length;

  /** Σ(t^k − e^k) and Σ(t^k ln t − e^k ln e), in units of the longest life. */
  const moments = (shape: number): readonly [number, number] => {
    let power = 0;
    let powerLog = 0;
    for (const life of observed) {
      const end = life.endAgeH / unitH;
      const entry = (life.entryAgeH ?? 0) / unitH;
      power += end ** shape - entry ** shape;
      powerLog += end ** shape * Math.log(end) - (entry > 0 ? entry ** shape * Math.log(entry) : 0);
    }
    return [power, powerLog];
  };

  let low = SHAPE_MIN;
  let high = SHAPE_MAX;
  for (let step = 0; step < 60; step += 1) {
    const shape = (low + high) / 2;
    const [power, powerLog] = moments(shape);
    if (1 / shape + meanLog - powerLog / power > 0) low = shape;
    else high = shape;
  }
  const shape = (low + high) / 2;
  return {shape, scaleH: unitH * (moments(shape)[0] / failures.length) ** (1 / shape)};
}
