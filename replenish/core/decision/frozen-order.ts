import {HOUR_MS} from '../../../domain/time.ts';
import type {Candidate} from './candidate.ts';
import {doing} from './candidate.ts';
import type {DepotPlan} from './depot-plan.ts';
import {quantityAsked} from './essence.ts';
import {optionsFor, waitingOption} from './options.ts';
import {resized} from './order-lot.ts';
import type {Situation} from './situation.ts';
import type {Donors} from './unaided.ts';

type Asked = NonNullable<Situation['asked']>[number];

/**
 * Orders that were asked for within the frozen horizon and stand as they are, larger or smaller though today's forecasts would have them: a score
 * that swings neither takes a planner's proposal back nor changes its size. What really happens thaws it at once, for it moves the position: a
 * failure, a receipt, a count, another order.
 *
 * Only orders are frozen. A rescue is for one machine, and is taken back as soon as that machine is well; an order that was placed cannot
 * be taken back and counts in the position.
 */
export function frozenOrders(situation: Situation, donors: Donors): readonly Candidate[] {
  return (situation.asked ?? []).flatMap((ask) => {
    const plan = donors.plans.get(ask.depotId);
    return plan !== undefined && isFrozen(situation, plan, ask) ? standing(situation, donors, plan, ask) : [];
  });
}

function isFrozen({now, policy}: Situation, plan: DepotPlan, ask: Asked): boolean {
  if (ask.action !== 'order' || ask.rejected === true || ask.at === undefined) return false;
  // A level that a long backorder moves is no forecast.
  if (plan.depot.supplyShock !== undefined) return false;
  return now - ask.at < (policy.frozenH ?? 0) * HOUR_MS && plan.position === ask.position;
}

function standing(situation: Situation, donors: Donors, plan: DepotPlan, ask: Asked): Candidate[] {
  const {part, policy} = situation;
  const options = [...optionsFor(situation, donors, plan), waitingOption(plan)];
  for (const option of options) {
    const source = plan.depot.sources.find(
      ({kind, sourceKind, sourceId}) =>
        kind === 'normal' && sourceKind === 'supplier' && sourceId === option.sourceId,
    );
    const pieces = quantityAsked(ask.essence, part.partId, plan.depot.depotId, option);
    if (option.action !== 'order' || source === undefined || pieces === null || option.excluded !== null)
      continue;
    const asked =
      pieces === option.quantity ? option : resized(situation, plan, {option, source, quantity: pieces});
    const reasons = [{code: 'order-stands', pieces, askedAt: ask.at!, frozenH: policy.frozenH!}] as const;
    const all = options.map((one) => (one === option ? asked : one));
    return [{...doing({plan, options: all}, asked), reasons}];
  }
  return [];
}
