import {z} from 'zod';
import {IsotonicCurve, isotonicAt} from './isotonic.ts';

/**
 * Platt scaling of one interval's hazard: logit' = slope · logit + shift; and, where held-out machines say so, a rising curve
 * that the hazard is read from. Hazards stay within 0..1, so the cumulated curve stays monotone over the horizons whatever the
 * parameters.
 */
export const HazardCalibration = z.object({
  slope: z.number().positive(),
  shift: z.number(),
  curve: IsotonicCurve.optional(),
});
export type HazardCalibration = z.infer<typeof HazardCalibration>;

/** Held-out evidence about one interval. */
export interface HazardEvidence {
  readonly logit: number;
  readonly failed: boolean;
  /** Share of the interval that was watched: 1 to its end or to the failure, less when censored inside it. */
  readonly exposure: number;
  /** How many rows it stands for; default 1. */
  readonly weight?: number;
}

/** How far a slope may stray from 1 without evidence, one standard deviation; keeps a handful of failures from deciding. */
const SLOPE_PRIOR_SD = 0.5;

/**
 * Maximum likelihood (with a weak prior on the slope) of
 *   Σ weight · (exposure · softplus(z) − failed · z),   z = slope · logit + shift,
 * which is the censored likelihood of a hazard that is constant within the interval to first order. By Newton's method.
 *
 * Source: Platt (1999); the likelihood: Kalbfleisch & Prentice (2002), 4.8.
 * Example: logits all 0 and one failure in ten → shift ln(1/9) ≈ −2.1972.
 */
export function fitHazardCalibration(rows: readonly HazardEvidence[]): HazardCalibration {
  if (!rows.some(({failed}) => failed)) return {slope: 1, shift: 0};
  let slope = 1;
  let shift = 0;
  for (let step = 0; step < 50; step += 1) {
    let [gSlope, gShift, hSlope, hShift, hBoth] = [
      (slope - 1) / SLOPE_PRIOR_SD ** 2,
      0,
      1 / SLOPE_PRIOR_SD ** 2,
      0,
      0,
    ];
    for (const {logit, failed, exposure, weight = 1} of rows) {
      const hazard = sigmoid(slope * logit + shift);
      const error = weight * (exposure * hazard - Number(failed));
      const curvature = weight * exposure * hazard * (1 - hazard);
      gSlope += error * logit;
      gShift += error;
      hSlope += curvature * logit * logit;
      hShift += curvature;
      hBoth += curvature * logit;
    }
    const determinant = hSlope * hShift - hBoth * hBoth + 1e-12;
    const dSlope = (hShift * gSlope - hBoth * gShift) / determinant;
    const dShift = (hSlope * gShift - hBoth * gSlope) / determinant;
    const damping = Math.min(1, 1 / Math.max(Math.abs(dSlope), Math.abs(dShift) / 2, 1e-12)); // steps of at most 1 and 2
    slope = Math.max(0.05, slope - damping * dSlope);
    shift -= damping * dShift;
    if (Math.abs(dSlope) + Math.abs(dShift) < 1e-10) break;
  }
  return {slope, shift};
}

/** The calibrated hazard of each interval. */
export function calibratedHazards(
  logits: ArrayLike<number>,
  calibration: readonly HazardCalibration[],
): number[] {
  return calibration.map(({slope, shift, curve}, i) => {
    const hazard = sigmoid(slope * logits[i]! + shift);
    return curve === undefined ? hazard : isotonicAt(curve, hazard);
  });
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
