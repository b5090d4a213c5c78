import {invariant} from '../../../domain/invariant.ts';

/** A jump of a continuous-time Markov chain. */
export interface Jump {
  readonly to: number;
  /** Per time unit, > 0. */
  readonly rate: number;
}

/** Elimination takes n³/3 steps: 1,500 states are a second's work, and more wants another method. */
export const MOST_STATES = 1500;

/**
 * The stationary distribution of an irreducible chain, by elimination that never
 * subtracts, so small probabilities keep all their digits.
 *
 * @param jumps What can happen in each state 0..n-1; jumps to itself are ignored.
 *
 * Source: Grassmann, Taksar & Heyman (1985), Regenerative analysis and steady state distributions for Markov chains, Operations Research
 * 33(5). Example: two states, up at 1 and down at 3 → [0.75, 0.25].
 */
export function stationary(jumps: readonly (readonly Jump[])[]): Float64Array {
  const n = jumps.length;
  invariant(n > 0 && n <= MOST_STATES, `a chain of 1 to ${MOST_STATES} states, not ${n}`);
  const rates = jumps.map(() => new Float64Array(n));
  jumps.forEach((list, from) => {
    for (const {to, rate} of list) if (to !== from) rates[from]![to]! += rate;
  });

  for (let last = n - 1; last > 0; last -= 1) {
    const out = rates[last]!.subarray(0, last).reduce((sum, rate) => sum + rate, 0);
    invariant(out > 0, `state ${last} leads nowhere below it: the chain is not irreducible`);
    for (let from = 0; from < last; from += 1) {
      const share = (rates[from]![last]! /= out);
      if (share === 0) continue;
      for (let to = 0; to < last; to += 1) rates[from]![to]! += share * rates[last]![to]!;
    }
  }

  const weight = new Float64Array(n);
  weight[0] = 1;
  for (let state = 1; state < n; state += 1) {
    for (let from = 0; from < state; from += 1) weight[state]! += weight[from]! * rates[from]![state]!;
  }
  const total = weight.reduce((sum, w) => sum + w, 0);
  return weight.map((w) => w / total);
}
