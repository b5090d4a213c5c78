import {negativeBinomialPmf} from '../probability/negative-binomial.ts';
import {normalQuantile} from '../probability/normal.ts';
import {cdf} from '../probability/pmf.ts';
import type {Segment} from '../../../domain/segment.ts';
import type {ForecastOutcome} from './accuracy.ts';

/**
 * From how many deviations on somebody has to look, and within how many days. What matters less has to be odder: every part is asked
 * every night, so at 3 σ chance alone makes up to one case a month in 25 parts, at 4 σ in a thousand.
 */
const LIMITS: Readonly<Record<Segment, {readonly deviations: number; readonly dueDays: number}>> = {
  A: {deviations: 3, dueDays: 2},
  B: {deviations: 3.5, dueDays: 5},
  C: {deviations: 4, dueDays: 10},
};
/** A case closes by itself below this share of its limit, so that it does not flicker around it. */
const CLOSES_BELOW = 0.5;
/** Beyond it a normal deviation is no longer told apart. */
const TAIL_MIN = 1e-15;

/** What somebody found who looked into a case: it will not come again; demand has changed; somebody knew of it; the books were wrong. */
export const CASE_RESOLUTIONS = ['one-off', 'lasting', 'planned', 'wrong-data'] as const;
export type CaseResolution = (typeof CASE_RESOLUTIONS)[number];

export interface DemandVariance {
  /** Above 0 more was asked for than expected, below 0 less. */
  readonly deviations: number;
  /** `case`: somebody has to look; `normal`: an open case closes; `between`: it stays as it is. */
  readonly standing: 'case' | 'between' | 'normal';
  readonly dueDays: number;
}

/**
 * How odd the demand of a time is, by what was expected of it: the chance of as much or more (of as little or less), as the deviations
 * of a normal law that are as rare. Small demand is skewed, so (actual − expected) / √variance would call 2 pieces where 0.3 were
 * expected as odd as 3 σ, and they come once in 27 times.
 *
 * Example: 2 expected (vmr 1), 8 asked for → P(D ≥ 8) = 0.00110 → 3.06 deviations: a case of segment A, not of B.
 */
export function demandVariance({expected, vmr, actual}: ForecastOutcome, segment: Segment): DemandVariance {
  const law = negativeBinomialPmf(expected, expected * Math.max(1, vmr));
  const isMore = actual > expected;
  const tail = isMore ? 1 - cdf(law, Math.ceil(actual) - 1) : cdf(law, Math.floor(actual));
  const size = Math.max(0, -normalQuantile(Math.min(Math.max(tail, TAIL_MIN), 1 - TAIL_MIN)));
  const {deviations: limit, dueDays} = LIMITS[segment];
  return {
    deviations: isMore ? size : -size,
    standing: size >= limit ? 'case' : size < limit * CLOSES_BELOW ? 'normal' : 'between',
    dueDays,
  };
}

/** What a case had come to when somebody closed it. */
export interface LookedInto {
  readonly deviations: number;
  readonly actual: number;
}

/**
 * Whether demand of a month that somebody has looked into is odd anew: the other way, or a case even where all that was looked into is
 * expected. The same shock is not looked into twice.
 *
 * Example: 8 of 2 expected were looked into; 10 now → no (10 of 8); 20 now → yes (20 of 8); 0 of 20 by the end of the month → yes.
 */
export function isOddAnew(before: LookedInto, outcome: ForecastOutcome, segment: Segment): boolean {
  const {deviations} = demandVariance(outcome, segment);
  if (before.deviations > 0 !== deviations > 0) return true;
  if (deviations < 0) return false; // still too little: what was missing is still missing
  const expected = Math.max(outcome.expected, before.actual);
  return demandVariance({...outcome, expected}, segment).standing === 'case';
}
