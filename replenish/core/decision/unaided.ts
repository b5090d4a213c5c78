import {timePoints} from '../lead-time/time-points.ts';
import {holdingMinor} from './costed-option.ts';
import type {DepotPlan} from './depot-plan.ts';
import {planDepots} from './depot-plan.ts';
import {outlay} from './landed-cost.ts';
import {orderQuantity} from '../stock/newsvendor.ts';
import {refillArrival} from './refill.ts';
import type {Situation, Substitute} from './situation.ts';
import {sourceBill} from '../supply/tariff.ts';

/** The depots of one part that may give pieces away, for one decision: each answer is worked out once, and only when asked for. */
export interface Donors {
  readonly plans: ReadonlyMap<string, DepotPlan>;
  /** What it costs a donor to give pieces away. */
  risk(donor: DepotPlan, quantity: number): number;
  /** The same of another part that does the work. */
  of(substitute: Substitute): Donors;
}

export function donorsOf(
  situation: Situation,
  plans: ReadonlyMap<string, DepotPlan> = planDepots(situation),
): Donors {
  const risks = new Map<string, number>();
  const others = new Map<string, Donors>();
  return {
    plans,
    risk(donor, quantity) {
      const key = `${donor.depot.depotId}|${quantity}`;
      const risk = risks.get(key) ?? donorRiskMinor(situation, donor, quantity);
      risks.set(key, risk);
      return risk;
    },
    of(substitute) {
      const {partId, unitCostMinor, depots, lanes} = substitute;
      const part = {partId, unitCostMinor, currency: situation.part.currency};
      const {groupId, now, policy} = situation;
      const donors = others.get(partId) ?? donorsOf({groupId, now, part, depots, lanes, policy});
      others.set(partId, donors);
      return donors;
    },
  };
}

/**
 * How much worse off the donor's own customers are with `quantity` pieces fewer, its normal refill included.
 * Example: a donor with no demand risks nothing; one whose only piece will be asked for tomorrow risks the whole downtime.
 */
export function donorRiskMinor(situation: Situation, donor: DepotPlan, quantity: number): number {
  return Math.max(0, unaidedMinor(situation, donor, donor.net - quantity, quantity) - donor.reactiveMinor);
}

/**
 * Expected cost of a depot that nobody rescues ahead: it meets failures as they come, or its normal source brings `pieces` as
 * soon as it really can, whichever is cheaper. Receiver and donor of a transfer are judged by this one measure, and every transfer must lower the sum
 * by more than it costs; so no chain of transfers leads back to where it began.
 */
export function unaidedMinor(situation: Situation, plan: DepotPlan, net: number, pieces: number): number {
  const waiting = plan.outlook.costMinor(net, plan.arrivals, plan);
  const arrival = pieces === 0 ? null : refillArrival(situation, plan.depot, pieces);
  if (arrival === null || plan.source === null) return waiting;
  const refill = plan.outlook.adding(plan.arrivals, {quantity: pieces, times: timePoints(arrival)});
  const refilled = plan.outlook.costMinor(net, refill, plan);
  const {minimum, multiple, priceMinor: usualMinor} = plan.source;
  const {movement} = sourceBill(situation.part, plan.source, pieces, {usualMinor});
  const lot = orderQuantity(0, pieces, minimum, multiple);
  return Math.min(waiting, refilled + outlay(movement) + holdingMinor(plan, lot));
}
