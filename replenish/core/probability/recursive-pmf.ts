import {invariant} from '../../../domain/invariant.ts';
import {NEGLIGIBLE, NO_DEMAND, trimmed, type DemandPmf} from './pmf.ts';

/** Below this the lower end is left at zero; subnormal numbers would be slow and say nothing. */
const VANISHING = 1e-290;

/** About 80 MB of doubles. A longer distribution means a variance that no stock can answer. */
const LENGTH_MAX = 10_000_000;

/**
 * The distribution whose neighbouring probabilities stand in the ratio
 *
 *   P(k + 1) / P(k) = (slope · k + start) / (k + 1)
 *
 * Poisson is slope 0, start λ; negative binomial is slope 1 − mean/variance, start mean²/variance.
 * The recursion runs outwards from the mode and is normalised by its sum, so no exponential can underflow and the relative
 * error stays near 1e-14 at a mean of 5000.
 *
 * Source: Panjer (1981), Recursive evaluation of a family of compound distributions, the (a, b, 0) class with
 * a = slope and b = start − slope. Example: slope 0, start 1 → P(0) = e⁻¹ ≈ 0.3679.
 */
export function recursivePmf(slope: number, start: number): DemandPmf {
  invariant(
    slope >= 0 && slope < 1 && start >= 0 && start < LENGTH_MAX,
    'a demand recursion has slope 0..1 and a finite start',
  );
  if (start === 0) return NO_DEMAND;
  const mode = start < 1 ? 0 : Math.floor((start - 1) / (1 - slope)) + 1;
  const p = new Float64Array(lengthBeyond(mode, slope, start));
  p[mode] = 1;
  for (let k = mode; k + 1 < p.length; k += 1) p[k + 1] = (p[k]! * (slope * k + start)) / (k + 1);
  for (let k = mode; k > 0 && p[k]! > VANISHING; k -= 1) p[k - 1] = (p[k]! * k) / (slope * (k - 1) + start);

  let total = 0; // small terms first, from both ends
  for (let k = 0; k < mode; k += 1) total += p[k]!;
  let upper = 0;
  for (let k = p.length - 1; k >= mode; k -= 1) upper += p[k]!;
  total += upper;
  for (let k = 0; k < p.length; k += 1) p[k]! /= total;

  const last = p.length - 1;
  const ratio = (slope * last + start) / (last + 1);
  const beyond = (p[last]! * ratio) / (1 - Math.max(ratio, slope)); // geometric bound: later ratios are no larger
  return trimmed(p, beyond);
}

/** Number of terms until they are negligible against the mode. */
function lengthBeyond(mode: number, slope: number, start: number): number {
  let term = 1;
  let k = mode;
  while (term >= NEGLIGIBLE) {
    term *= (slope * k + start) / (k + 1);
    k += 1;
    invariant(k < LENGTH_MAX, 'a demand distribution has fewer than ten million terms');
  }
  return k + 1;
}
