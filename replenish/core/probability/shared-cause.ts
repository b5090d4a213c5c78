import {invariant} from '../../../domain/invariant.ts';
import {convolve, mixture, type DemandPmf} from './pmf.ts';
import {poissonBinomialPmf} from './poisson-binomial.ts';

/** A component as far as its lot is concerned. */
export interface LotMember {
  /** That its failure asks for. */
  readonly pieces: number;
  /** P(it fails within the hours looked at). */
  readonly probability: number;
}

/**
 * Pieces that the components of one production lot ask for, whose failures have a cause in common with probability `share`, and are independent
 * otherwise: a mixture of two exact distributions. Each component keeps its own probability, so the mean is the same; only how the failures come together
 * changes. With the cause in common the lot fails from its weakest component up, as far as the cause reaches: P(the k likeliest fail, no more) =
 * p_k − p_(k+1).
 *
 * Dependence never belongs into the single probabilities: raising them would order for failures that are not expected.
 *
 * Source: the β-factor model of common cause failures, Mosleh et al. (1988), NUREG/CR-4780; here with components of different probabilities. Between
 * two equal components the correlation of failing is `share`.
 * Example: two components at 0.1, share 0.2: P(both) = 0.8 · 0.01 + 0.2 · 0.1 = 0.028 instead of 0.01, mean 0.2 as before.
 */
export function lotDemand(members: readonly LotMember[], share: number): DemandPmf {
  invariant(share >= 0 && share <= 1, 'the share of common causes is within 0..1');
  return mixture([
    {weight: 1 - share, demand: apart(members)},
    {weight: share, demand: together(members)},
  ]);
}

function apart(members: readonly LotMember[]): DemandPmf {
  const singles = members.filter(({pieces}) => pieces === 1).map(({probability}) => probability);
  return members
    .filter(({pieces}) => pieces > 1)
    .map(({pieces, probability}) => allOrNothing(pieces, probability))
    .reduce(convolve, poissonBinomialPmf(singles));
}

function together(members: readonly LotMember[]): DemandPmf {
  const weakestFirst = [...members].sort((a, b) => b.probability - a.probability || a.pieces - b.pieces);
  const p = new Float64Array(members.reduce((sum, {pieces}) => sum + pieces, 0) + 1);
  let reached = 0;
  let before = 1;
  for (const {pieces, probability} of weakestFirst) {
    p[reached]! += before - probability;
    before = probability;
    reached += pieces;
  }
  p[reached]! += before;
  return {p, tail: 0};
}

/** A position with several pieces asks for all of them at once. */
export function allOrNothing(pieces: number, probability: number): DemandPmf {
  const p = new Float64Array(pieces + 1);
  p[0] = 1 - probability;
  p[pieces] = probability;
  return {p, tail: 0};
}
