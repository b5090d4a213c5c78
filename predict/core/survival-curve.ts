import {HORIZONS_H} from '../../domain/forecast.ts';
import {invariant} from '../../domain/invariant.ts';
import {PPM, toPpm, type Ppm, type Probability} from '../../domain/quantity.ts';
import {failureWithin, hazardPerHour, type Weibull} from './weibull.ts';

/** When one installed component may fail: what a decision reads. */
export interface SurvivalCurve {
  /** Monotone: [i] is P(failure ≤ HORIZONS_H[i]) in parts per million. */
  readonly cumulativePpm: readonly Ppm[];
  /** Constant hazard beyond the last horizon, in 1e-9 failures per hour. */
  readonly tailHazardPpbPerH: number;
}

const PPB = 1_000_000_000;
const LAST_HORIZON_H = HORIZONS_H[HORIZONS_H.length - 1]!;

/**
 * The curve by age alone.
 *
 * Example: shape 2, scale 1000 h, age 500 h → [24276, 74280, 178172, 361668, 674887] ppm, tail 2,344,000 ppb/h.
 */
export function ageCurve(law: Weibull, ageH: number): SurvivalCurve {
  return {
    cumulativePpm: HORIZONS_H.map((horizonH) => toPpm(failureWithin(law, ageH, horizonH))),
    tailHazardPpbPerH: tailHazardPpbPerH(law, ageH),
  };
}

/** The age law's hazard at the last horizon, in 1e-9 failures per hour; it continues unchanged beyond. */
export function tailHazardPpbPerH(law: Weibull, ageH: number): number {
  return Math.round(hazardPerHour(law, ageH + LAST_HORIZON_H) * PPB);
}

/**
 * Makes a calibrated curve rise: each horizon at least the one before, all within 0..1, in ppm.
 *
 * Example: [0.01, 0.008, 0.2] → [10000, 10000, 200000].
 */
export function monotonePpm(probabilities: ArrayLike<Probability>): Ppm[] {
  let floor = 0;
  return Array.from(probabilities, (probability) => {
    invariant(!Number.isNaN(probability), 'a forecast probability is a number');
    floor = Math.max(floor, Math.min(PPM, Math.round(probability * PPM)));
    return floor;
  });
}

/**
 * Cumulative probabilities from the hazards of consecutive intervals: P(≤ i) = 1 − Π(1 − h_j), j ≤ i.
 *
 * Example: [0.1, 0.2] → [0.1, 0.28].
 */
export function cumulateHazards(hazards: ArrayLike<Probability>): Probability[] {
  let survival = 1;
  return Array.from(hazards, (hazard) => {
    survival *= 1 - hazard;
    return 1 - survival;
  });
}

/** A curve as it is stored: what was said of a component at an instant. */
export interface StatedCurve {
  readonly horizonsH: readonly number[];
  readonly cumulativePpm: readonly Ppm[];
  readonly tailHazardPpbPerH: number;
}

/** A probability of 1 is "less than one in a million survives". */
const SURVIVES_MIN = 1e-6;

/**
 * P(failure within (fromH, toH] | alive at fromH): the hazard is constant between two horizons, and the tail's beyond the last.
 *
 * Example: 10 % by 24 h and 19 % by 48 h → within (24, 48] 10 %; within (12, 24] 1 − √0.9 = 5.13 %.
 */
export function failureBetween(curve: StatedCurve, fromH: number, toH: number): Probability {
  return -Math.expm1(cumulatedHazard(curve, fromH) - cumulatedHazard(curve, toH));
}

function cumulatedHazard({horizonsH, cumulativePpm, tailHazardPpbPerH}: StatedCurve, atH: number): number {
  let [beforeH, before] = [0, 0];
  for (const [i, endH] of horizonsH.entries()) {
    const end = -Math.log(Math.max(SURVIVES_MIN, 1 - cumulativePpm[i]! / PPM));
    if (atH <= endH) return before + ((end - before) * (atH - beforeH)) / (endH - beforeH);
    [beforeH, before] = [endH, end];
  }
  return before + ((atH - beforeH) * tailHazardPpbPerH) / PPB;
}
