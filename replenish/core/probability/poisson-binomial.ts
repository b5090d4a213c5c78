import {invariant} from '../../../domain/invariant.ts';
import {NEGLIGIBLE, type DemandPmf} from './pmf.ts';

/**
 * Number of failures among machines that fail independently, each with its own probability: exact, one machine at a time.
 *
 *   P_n(k) = P_{n−1}(k) · (1 − p_n) + P_{n−1}(k − 1) · p_n
 *
 * The last bits depend on the order of the machines, so a decision passes them sorted by id; this function keeps the order
 * it is given. A machine leaves by rebuilding without it: dividing its factor out again is unstable for p near ½ and above.
 *
 * @param probabilities P(failure within the lead time) of each machine, 0..1, in canonical order.
 *
 * Source: Barlow & Heidtmann (1984), Computing k-out-of-n system reliability, IEEE Transactions on Reliability 33(4).
 * Example: (0.1, 0.2, 0.3) → P = (0.504, 0.398, 0.092, 0.006).
 */
export function poissonBinomialPmf(probabilities: ArrayLike<number>): DemandPmf {
  const p = new Float64Array(probabilities.length + 1);
  p[0] = 1;
  let length = 1;
  let tail = 0;
  for (let i = 0; i < probabilities.length; i += 1) {
    const fails = probabilities[i]!;
    invariant(fails >= 0 && fails <= 1, 'a failure probability is within 0..1');
    if (fails === 0) continue;
    const survives = 1 - fails;
    let below: number = p[0]; // P(k − 1) before this machine, carried upwards
    p[0] = below * survives;
    for (let k = 1; k < length; k += 1) {
      const here = p[k]!;
      p[k] = here * survives + below * fails;
      below = here;
    }
    const top = below * fails;
    if (top < NEGLIGIBLE) tail += top;
    else p[length++] = top; // hundreds of healthy machines never need hundreds of terms
  }
  return {p: p.subarray(0, length), tail};
}

/**
 * Reference function: mean Σp and variance Σp(1 − p) of the number of failures; decisions take the whole distribution.
 *
 * Source: moments of a sum of independent Bernoulli variables. Example: (0.1, 0.2, 0.3) → 0.6 and 0.46.
 */
export function poissonBinomialMoments(probabilities: ArrayLike<number>): {
  readonly mean: number;
  readonly variance: number;
} {
  let mean = 0;
  let variance = 0;
  for (let i = 0; i < probabilities.length; i += 1) {
    const p = probabilities[i]!;
    mean += p;
    variance += p * (1 - p);
  }
  return {mean, variance};
}
