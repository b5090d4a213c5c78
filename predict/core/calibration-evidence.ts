import type {Probability} from '../../domain/quantity.ts';

/** One forecast whose horizon has passed. */
export interface Resolved {
  readonly probability: Probability;
  readonly failed: boolean;
  /** The night on which its horizon ended, counted in days from any common start. */
  readonly night: number;
}

/** Ways to be wrong that are looked for: so many times the stated hazard. */
const HAZARD_FACTORS = [0.25, 0.5, 2 / 3, 1.5, 2, 4] as const;
/** A forecast states whole ppm: 0 and 1 mean "less than one", not "never" and "always". */
const FINEST = 1e-6;

/**
 * Evidence that stated probabilities are wrong, which may be looked at every night without correction for the looks.
 *
 * Against each factor of the hazard, q = 1 − (1 − p)^factor, a night's forecasts have the likelihood ratio
 * L = Π (failed ? q / p : (1 − q) / (1 − p)), whose mean is 1 where p is right. The evidence is the mean over the factors of
 *
 *   M(night) = L(night) · (M(night − 1) + 1)
 *
 * the Shiryaev–Roberts sum over every night on which the trouble may have begun. While p is right M grows by 1 a night on
 * average, so the mean number of nights until it first reaches A is at least A, however often it is looked at. Components fail
 * independently in it, given what was known when they were forecast.
 *
 * Source: Shin, Ramdas & Rinaldo (2022), E-detectors: a nonparametric framework for sequential change detection.
 * Example: one night, p = 0.1 and it failed → ratios 0.26, 0.51, 0.68, 1.46, 1.9, 3.439; evidence 1.375.
 */
export function calibrationEvidence(
  rows: Iterable<Resolved>,
  nights: {readonly from: number; readonly to: number},
): number {
  const count = nights.to - nights.from + 1;
  const ratios = HAZARD_FACTORS.map(() => new Float64Array(Math.max(0, count)));
  for (const {probability, failed, night} of rows) {
    const p = Math.min(1 - FINEST, Math.max(FINEST, probability));
    HAZARD_FACTORS.forEach((factor, f) => {
      const survives = (1 - p) ** factor;
      ratios[f]![night - nights.from]! += Math.log(failed ? (1 - survives) / p : survives / (1 - p));
    });
  }
  const logs = ratios.map((ofFactor) => ofFactor.reduce((log, ratio) => ratio + log1pExp(log), -Infinity));
  return logs.reduce((sum, log) => sum + Math.exp(Math.min(log, LOG_MAX)), 0) / HAZARD_FACTORS.length;
}

/** Above it evidence is as good as certain, and figures stay finite. */
const LOG_MAX = 200;

/** ln(1 + eˣ) without overflow. */
function log1pExp(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}
