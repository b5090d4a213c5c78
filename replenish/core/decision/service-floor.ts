import type {Reason} from '../../../domain/decision.ts';
import type {Policy} from './policy.ts';
import type {DepotSituation, Situation} from './situation.ts';

/**
 * P(demand ≤ level) that a shelf has at least, in ppm, where costs alone would ask for less: that of the part's segment, and for a while
 * that of a shelf which let customers wait again and again.
 *
 * Example: class A at 995,000 and three backorders within 90 days at 999,000 → 999,000; 90 days after the first of them 995,000.
 */
export function serviceFloorPpm(
  {part, policy}: Pick<Situation, 'part' | 'policy'>,
  depot: DepotSituation,
): number {
  const segment = part.criticality === undefined ? 0 : (policy.serviceMinPpm?.[part.criticality] ?? 0);
  return Math.max(segment, recurrenceOf(policy, depot)?.serviceMinPpm ?? 0);
}

/** Why the level is raised for a while. */
export function recurrenceReasons(policy: Policy, depot: DepotSituation): Reason[] {
  const rule = recurrenceOf(policy, depot);
  if (rule === undefined) return [];
  const {withinDays, serviceMinPpm} = rule;
  return [{code: 'backorders-recur', backorders: depot.backordersLately!, withinDays, serviceMinPpm}];
}

function recurrenceOf({recurring}: Policy, {backordersLately = 0}: DepotSituation): Policy['recurring'] {
  return recurring !== undefined && backordersLately >= recurring.backorders ? recurring : undefined;
}
