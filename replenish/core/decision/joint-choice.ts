import type {Option, Reason} from '../../../domain/decision.ts';
import {doing, payingOptions} from './candidate.ts';
import type {Candidate} from './candidate.ts';
import type {DepotPlan} from './depot-plan.ts';
import {essenceOfAction} from './essence.ts';
import {waitingOption} from './options.ts';
import {giveable, standingNeed} from './shelf.ts';
import type {Situation} from './situation.ts';
import {STATES_MAX, cheapestChoices, isExactlySolvable} from './source-assignment.ts';
import type {Choice} from './source-assignment.ts';
import type {Donors} from './unaided.ts';

/**
 * What the depots that act would do together, where several want pieces that one donor has not got for all of them: the choice
 * of least total cost, instead of each one's own best. Each choice is judged by its own donor risk; that giving twice risks more than
 * the sum is seen by the next decision, from the situation that this one leaves behind. What a planner turned down keeps no pieces
 * from the others.
 *
 * Where there are more states than a decision has time for, each depot keeps its own best, and the reason says so: who saves most comes
 * first, and the others decide again from what is left.
 *
 * Example: X saves 100 with A's last piece or 90 with B's, Y saves 95 with A's or nothing → X from B and Y from A, 185 instead
 * of 100.
 */
export function jointly(
  situation: Situation,
  donors: Donors,
  acting: readonly Candidate[],
  statesMax: number = STATES_MAX,
): JointChoice {
  const refused = new Set(situation.asked?.filter((one) => one.rejected).map((one) => one.essence));
  const isRefused = ({plan, option}: Candidate): boolean =>
    refused.has(essenceOfAction(situation.part.partId, plan.depot.depotId, option));
  const rivals = acting.filter((one) => !isRefused(one));
  const {candidates, approximated} = sharedOut(situation, donors, rivals, statesMax);
  return {candidates: [...candidates, ...acting.filter(isRefused)], approximated};
}

/** What the depots that act do, and why that may not be the least total cost; null: it is. */
export interface JointChoice {
  readonly candidates: readonly Candidate[];
  readonly approximated: Reason | null;
}

function sharedOut(
  situation: Situation,
  donors: Donors,
  acting: readonly Candidate[],
  statesMax: number,
): JointChoice {
  if (!isContested(situation, donors, acting)) return {candidates: acting, approximated: null};
  const options = acting.map((one) => payingOptions(situation, one));
  const units = scarceDonors(situation, donors, acting, options);
  if (!isExactlySolvable(acting.length, [...units.values()], statesMax)) {
    const approximated = {code: 'jointly-approximated', depots: acting.length, donors: units.size} as const;
    return {candidates: acting, approximated};
  }
  const offers = options.map((ways) => worthAsking(ways, units));
  const choices = acting.map((one, i): Choice[] => [
    ...offers[i]!.map(({choice}) => choice),
    {sourceId: null, units: 0, cost: Math.max(one.plan.reactiveMinor, one.option.totalMinor)},
  ]);
  const chosen = cheapestChoices(choices, units);
  const candidates = acting.map((one, i) =>
    doing(one, offers[i]![chosen[i]!]?.option ?? waitingOption(one.plan)),
  );
  return {candidates, approximated: null};
}

interface Offer {
  readonly option: Option;
  readonly choice: Choice;
}

/** Of options from cheap to dear: the first from each scarce donor in each number of pieces, down to the first that nobody competes for. */
function worthAsking(options: readonly Option[], units: ReadonlyMap<string, number>): Offer[] {
  const offers: Offer[] = [];
  for (const option of options) {
    const donor = donorOf(option);
    const {totalMinor: cost, quantity} = option;
    if (donor === null || !units.has(donor)) {
      offers.push({option, choice: {sourceId: null, units: 0, cost}});
      return offers;
    }
    const isDearer = offers.some(({choice}) => choice.sourceId === donor && choice.units === quantity);
    if (!isDearer) offers.push({option, choice: {sourceId: donor, units: quantity, cost}});
  }
  return offers;
}

/** The shelf that an option takes pieces from, by part and depot. */
function donorOf({sourceKind, sourceId, substitute}: Option): string | null {
  return sourceKind === 'depot' ? `${substitute?.partId ?? ''}|${sourceId!}` : null;
}

function isContested(situation: Situation, donors: Donors, acting: readonly Candidate[]): boolean {
  const wanted = new Map<string, number>();
  for (const {option} of acting) {
    const donor = donorOf(option);
    if (donor !== null) wanted.set(donor, (wanted.get(donor) ?? 0) + option.quantity);
  }
  return acting.some(({option}) => {
    const donor = donorOf(option);
    return donor !== null && wanted.get(donor)! > availableFor(situation, donors, acting, option);
  });
}

/** Donors that could be asked for more than they have, and what they have. */
function scarceDonors(
  situation: Situation,
  donors: Donors,
  acting: readonly Candidate[],
  options: readonly (readonly Option[])[],
): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  const any = new Map<string, Option>();
  for (const ways of options) {
    const own = new Map<string, number>();
    for (const option of ways) {
      const donor = donorOf(option);
      if (donor === null) continue;
      any.set(donor, option);
      own.set(donor, Math.max(own.get(donor) ?? 0, option.quantity));
    }
    for (const [donor, quantity] of own) most.set(donor, (most.get(donor) ?? 0) + quantity);
  }
  const scarce = new Map<string, number>();
  for (const [donor, option] of any) {
    const available = availableFor(situation, donors, acting, option);
    if (most.get(donor)! > available) scarce.set(donor, available);
  }
  return scarce;
}

/** What the donor of an option may give to all who ask. */
function availableFor(
  {substitutes}: Situation,
  donors: Donors,
  acting: readonly Candidate[],
  {sourceId, substitute}: Option,
): number {
  const standing = acting.reduce((sum, {plan}) => sum + standingNeed(plan.depot), 0);
  const other = substitutes?.find(({partId}) => partId === substitute?.partId);
  const plans: ReadonlyMap<string, DepotPlan> = other === undefined ? donors.plans : donors.of(other).plans;
  return giveable(plans.get(sourceId!)!.depot, standing * (substitute?.ratio ?? 1));
}
