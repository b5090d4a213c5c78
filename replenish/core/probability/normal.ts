import {invariant} from '../../../domain/invariant.ts';

const SQRT_TAU = Math.sqrt(2 * Math.PI);

/** Standard normal density. Example: 0 → 0.3989. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / SQRT_TAU;
}

/**
 * P(Z ≤ z) of the standard normal.
 *
 *   Φ(z) = ½ + φ(z) · (z + z³/3 + z⁵/(3·5) + …)
 *
 * Source: Marsaglia (2004), Evaluating the normal distribution, JSS 11(4). Lower tails beyond −3 go by the continued fraction
 * φ(z) / (x + 1/(x + 2/(x + …))), x = −z, where the series would cancel. Example: 1.281552 → 0.9.
 */
export function normalCdf(z: number): number {
  if (z > 3) return 1 - normalCdf(-z);
  if (z < -3) {
    const x = -z;
    let fraction = x;
    for (let k = 120; k >= 1; k -= 1) fraction = x + k / fraction;
    return normalDensity(z) / fraction;
  }
  let term = z;
  let sum = z;
  for (let odd = 3; Math.abs(term) > 1e-18; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return 0.5 + normalDensity(z) * sum;
}

/** The z with P(Z ≤ z) = level, by Newton steps on Φ. Example: 0.975 → 1.959964. */
export function normalQuantile(level: number): number {
  invariant(level > 0 && level < 1, 'a normal quantile is asked for a level within 0..1, both excluded');
  if (level > 0.5) return -normalQuantile(1 - level);
  let low = -40;
  let high = 0;
  let z = -1;
  for (let step = 0; step < 200; step += 1) {
    const excess = normalCdf(z) - level;
    if (excess === 0) return z;
    if (excess > 0) high = z;
    else low = z;
    const newton = z - excess / normalDensity(z);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - z) < 1e-15 * Math.max(1, Math.abs(z))) return next;
    z = next;
  }
  return z;
}

/** E[(Z − z)⁺], the standard normal loss. Example: 0 → 0.3989. */
export function normalLoss(z: number): number {
  return normalDensity(z) - z * normalCdf(-z);
}
