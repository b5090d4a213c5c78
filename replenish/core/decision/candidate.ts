import type {Option, Reason} from '../../../domain/decision.ts';
import {servedPieces} from './costed-option.ts';
import type {DepotPlan} from './depot-plan.ts';
import {cheaperThenSooner, type Ranked} from './landed-cost.ts';
import {isOverridden} from './depot-plan.ts';
import {optionsFor, waitingOption} from './options.ts';
import {waitsForRescue} from './shelf.ts';
import type {Situation} from './situation.ts';
import {unaidedMinor} from './unaided.ts';
import type {Donors} from './unaided.ts';

/** What one depot would do, and what else it could. */
export interface Candidate {
  readonly plan: DepotPlan;
  readonly option: Option;
  readonly options: readonly Option[];
  readonly savingMinor: number;
  /** What only this candidate has to say for itself. */
  readonly reasons?: readonly Reason[];
  /** Why an order brings more than is needed. */
  readonly lot?: Reason;
}

/** The cheapest option that pays, by itself: what other depots want is not looked at. */
export function candidate(situation: Situation, donors: Donors, plan: DepotPlan): Candidate {
  const waiting = waitingOption(plan);
  const atStake = plan.belowTarget || plan.reactiveMinor >= situation.policy.marginMinor;
  if (!atStake) return {plan, option: waiting, options: [waiting], savingMinor: 0};
  const options = [...optionsFor(situation, donors, plan), waiting];
  const best = allowed(options).find((option) => pays(situation, plan, option));
  return doing({plan, options}, best ?? waiting);
}

/** The candidate with another of its options. */
export function doing({plan, options}: Pick<Candidate, 'plan' | 'options'>, option: Option): Candidate {
  const savingMinor = option.action === 'nothing' ? 0 : plan.reactiveMinor - option.totalMinor;
  return {plan, option, options, savingMinor};
}

/** Every option that would do if it were the only one, cheapest first. */
export function payingOptions(situation: Situation, {plan, options}: Candidate): Option[] {
  const unaided = new Map<number, number>();
  return allowed(options).filter((option) => {
    const pieces = servedPieces(option);
    const cost = unaided.get(pieces) ?? unaidedMinor(situation, plan, plan.net, pieces);
    unaided.set(pieces, cost);
    return pays(situation, plan, option, cost);
  });
}

/** What may be chosen, cheapest first; waiting is no act. */
export function allowed(options: readonly Option[]): Option[] {
  return options.filter((option) => option.excluded === null && option.action !== 'nothing').sort(byTotal);
}

/** @param unaided What the depot would cost without the option's pieces, where that is known already. */
function pays(situation: Situation, plan: DepotPlan, option: Option, unaided?: number): boolean {
  if (option.action === 'order' || option.action === 'repair') {
    // Ahead of need a parent sends what its own customers will not miss more than ours.
    return plan.belowTarget && plan.reactiveMinor - option.downtimeMinor >= option.donorRiskMinor;
  }
  // Customers have waited too long: whoever can deliver is asked, at whatever it saves.
  if (option.action === 'emergency' && isOverridden(plan.depot) && plan.belowTarget) return true;
  // Beyond the target a second rescue would only race the first.
  if (option.sourceKind !== 'order' && !plan.belowTarget && waitsForRescue(plan.depot)) return false;
  const saving = unaided === undefined ? savingOf(situation, plan, option) : unaided - option.totalMinor;
  return saving >= marginMinor(situation, plan);
}

/** A rescue is compared with what the depot would do without it: meet failures as they come, or order. */
export function savingOf(situation: Situation, plan: DepotPlan, option: Option): number {
  return unaidedMinor(situation, plan, plan.net, servedPieces(option)) - option.totalMinor;
}

/** What a rescue must save at least. */
export function marginMinor({policy}: Situation, plan: DepotPlan): number {
  return Math.max(policy.marginMinor, Math.round(policy.marginShare * plan.reactiveMinor));
}

/** The cheaper first, of equally dear ones the sooner, and then by name: the same every time. */
export function byTotal(a: Option, b: Option): number {
  return cheaperThenSooner(rankOf(a), rankOf(b)) || compare(nameOf(a), nameOf(b));
}

const rankOf = ({totalMinor, arrival}: Option): Ranked => ({
  cost: totalMinor,
  expectedArrivalHours: arrival?.meanH ?? Infinity,
});

const nameOf = ({action, sourceId, quantity}: Option): string => `${action}|${String(sourceId)}|${quantity}`;

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
