import {invariant} from '../../../domain/invariant.ts';
import {PPM, type Ppm, type Probability} from '../../../domain/quantity.ts';

/** P(failure ≤ horizon) at several horizons, and what happens after the last; the shape of a FailureForecast. */
export interface FailureCurve {
  /** Ascending, in hours from the forecast's as-of. */
  readonly horizonsH: readonly number[];
  /** P(failure ≤ horizonsH[i]), in parts per million, monotone. */
  readonly cumulativePpm: readonly Ppm[];
  /** Constant hazard beyond the last horizon, in 1e-9 failures per hour. */
  readonly tailHazardPpbPerH: number;
}

/** A forecast of 1,000,000 ppm was rounded from at least 999,999.5: half a ppm of survival keeps its hazard finite. */
const SURVIVAL_MIN = 0.5 / PPM;

/**
 * Turns P(failure within one horizon) into P(failure within another), taking the hazard as constant:
 *
 *   p(L) = 1 − (1 − p(H))^(L / H)
 *
 * Only for sources that state a single horizon; a survival curve knows better (`failureAhead`).
 *
 * Source: the exponential law. Example: p = 0.2 within 30 days → 0.0717 within 10 days.
 */
export function convertHorizon(probability: Probability, horizon: number, leadTime: number): Probability {
  invariant(probability >= 0 && probability <= 1, 'a failure probability is within 0..1');
  invariant(horizon > 0 && leadTime >= 0, 'a horizon is positive and a lead time is not negative');
  if (leadTime === 0) return 0;
  return -Math.expm1(Math.log1p(-probability) * (leadTime / horizon));
}

/** P(failure within so many hours from now, given no failure up to now). */
export type FailureAhead = (leadTimeH: number) => Probability;

/**
 * P(failure within (age, age + leadTime] after the forecast's as-of | no failure up to age), as a function of the lead time.
 *
 * The hazard is constant between horizons: the cumulative hazard −ln(1 − p) is joined by straight lines, and continues with
 * the tail hazard. An alarm that is older than its usual warning time thus weighs less.
 *
 * A decision asks for dozens of lead times of each curve, so its logarithms are taken once, here.
 *
 * @param ageH Hours since the forecast's as-of; 0 for a fresh one. The lead time is in hours, too.
 *
 * Source: the piecewise exponential law, conditioned on survival to the age. Example: 100,000 ppm at 24 h → within 12 h: 1 − √0.9 ≈ 0.0513.
 */
export function failureAhead(curve: FailureCurve, ageH = 0): FailureAhead {
  invariant(ageH >= 0, 'an age is not negative');
  const hazardUpTo = cumulativeHazard(curve);
  const passed = hazardUpTo(ageH);
  return (leadTimeH) => {
    invariant(leadTimeH >= 0, 'a lead time is not negative');
    const hazard = hazardUpTo(ageH + leadTimeH) - passed;
    return hazard > 0 ? -Math.expm1(-hazard) : 0;
  };
}

/** Expected failures up to t hours if one could fail again and again: −ln P(survive t). */
function cumulativeHazard({
  horizonsH,
  cumulativePpm,
  tailHazardPpbPerH,
}: FailureCurve): (t: number) => number {
  invariant(
    horizonsH.length > 0 && horizonsH.length === cumulativePpm.length,
    'a failure curve has one probability a horizon',
  );
  const atHorizon: number[] = [];
  horizonsH.forEach((toH, i) => {
    invariant(toH > (horizonsH[i - 1] ?? 0), 'horizons ascend');
    const hazard = -Math.log(Math.max(SURVIVAL_MIN, 1 - cumulativePpm[i]! / PPM));
    atHorizon.push(Math.max(atHorizon[i - 1] ?? 0, hazard));
  });
  return (t) => {
    let fromH = 0;
    let below = 0;
    for (let i = 0; i < atHorizon.length; i += 1) {
      const toH = horizonsH[i]!;
      const above = atHorizon[i]!;
      if (t <= toH) return below + ((above - below) * (t - fromH)) / (toH - fromH);
      fromH = toH;
      below = above;
    }
    return below + tailHazardPpbPerH * 1e-9 * (t - fromH);
  };
}
