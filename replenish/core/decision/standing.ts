import type {Option} from '../../../domain/decision.ts';
import type {Segment} from '../../../domain/segment.ts';
import {valueLimit} from './approval.ts';
import type {Policy} from './policy.ts';

/** What becomes of a decision, and the limit that has a planner asked first. */
export type Standing =
  | {readonly state: 'recorded' | 'executed'}
  | {readonly state: 'proposed'; readonly limit: 'mode' | 'order-value' | 'segment-value' | 'contract'};

/**
 * What the mode and the limits make of a decision by itself; that the day has had its orders is for the caller to count.
 *
 * Example: mode auto, limit 20,000.00 → an order of 20,000.01 is proposed (order-value), one of 20,000.00 is executed;
 * with a limit of 0 for segment A every order of such a part is proposed (segment-value).
 */
export function standingOf(
  {action, landedMinor, terms}: Pick<Option, 'action' | 'landedMinor' | 'terms'>,
  policy: Pick<Policy, 'mode' | 'autoOrderMaxMinor' | 'autoOrderMaxMinorBySegment'>,
  segment: Segment | undefined,
): Standing {
  const {mode} = policy;
  const limit = valueLimit(policy, segment);
  if (action === 'nothing' || mode === 'shadow') return {state: 'recorded'};
  if (mode === 'propose') return {state: 'proposed', limit: 'mode'};
  if (landedMinor > limit.maxMinor) return {state: 'proposed', limit: limit.name};
  if (terms?.some(({term}) => term === 'substitution') === true)
    return {state: 'proposed', limit: 'contract'};
  return {state: 'executed'};
}
