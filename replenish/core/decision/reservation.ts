import type {Action, ReleaseCause, Option, Reason} from '../../../domain/decision.ts';
import {PPM} from '../../../domain/quantity.ts';
import type {DepotPlan} from './depot-plan.ts';
import {breakEvenProbability} from './preposition.ts';
import {riskOf} from '../demand/depot-demand.ts';
import type {Risk} from '../demand/depot-demand.ts';
import {netStock, rescuePieces, unmetNeed} from './shelf.ts';
import type {DepotSituation, Reservation, Situation} from './situation.ts';

/** What brings a piece for a failure to come. An order fills a level, and its pieces are for whoever fails first. */
const RESCUES: ReadonlySet<Action> = new Set<Action>(['transfer', 'expedite', 'emergency']);

export type ReservedFor = Extract<Reason, {code: 'reserved-for'}>;

/** A reservation that no longer holds its pieces, and why. */
export interface Lapse {
  readonly reservation: Reservation;
  readonly depotId: string;
  readonly cause: ReleaseCause;
}

/**
 * The machines that the pieces of a rescue are for, riskiest first. A machine is one of them if its own failure pays for its piece:
 *
 *   P(failure within the horizon) ≥ break-even = (fee + holding + donor risk + margin) / pieces / cheapest rescue once it failed
 *
 * Pieces that many small risks ask for together stay free, and machines that stand already come first. The reservation lasts as
 * long as the horizon in which its gain was counted, and while the probability stays above (1 − hysteresis) · break-even.
 *
 * Nothing else changes in what the depot plans: the piece stays in its position and the machine's Bernoulli term X in its demand
 * D + X. Since the reservation is soft, a neighbouring machine that fails first takes the piece, so s pieces leave E[(D + X − s)⁺]
 * short. Taking piece and term out together gives E[(D − (s − 1))⁺] = E[(D + 1 − s)⁺], the certain failure: one order per alarm.
 * Taking out one of the two counts the piece or the failure twice.
 *
 * Example: freight 80.00, margin 50.00, no donor risk, a rescue costs 3,080.00 once it failed: break-even 4.22 %; a machine at 50 % gets the
 * piece and keeps it down to 3.17 %.
 */
export function reservedFor(situation: Situation, plan: DepotPlan, option: Option): ReservedFor[] {
  if (!RESCUES.has(option.action) || hurriesRescue(plan.depot, option)) return [];
  const {marginMinor, hysteresis} = situation.policy;
  const outlayMinor = option.actionMinor + option.holdingMinor + option.donorRiskMinor + marginMinor;
  const outlay = outlayMinor / option.quantity;
  const breakEven = breakEvenProbability({outlay, reactiveCost: plan.rescueMinor});
  const withinH = Math.round(plan.outlook.horizonH);
  let left = option.quantity - unmetNeed(plan.depot);
  const reserved: ReservedFor[] = [];
  for (const {component, probability} of riskiest(plan, withinH)) {
    if (probability < breakEven) break;
    if (component.quantity > left) continue; // a position asks for all of its pieces at once
    left -= component.quantity;
    reserved.push({
      code: 'reserved-for',
      equipmentId: component.equipmentId,
      positionId: component.positionId,
      componentId: component.componentId,
      quantity: component.quantity,
      withinH,
      probabilityPpm: Math.round(probability * PPM),
      keepPpm: Math.round((1 - hysteresis) * breakEven * PPM),
    });
  }
  return reserved;
}

/** The pieces of a rescue found their machines when it was decided; that it comes sooner makes them no more. */
function hurriesRescue({receipts}: DepotSituation, {sourceKind, sourceId}: Option): boolean {
  return (
    sourceKind === 'order' && receipts.some(({orderId, kind}) => orderId === sourceId && kind !== 'normal')
  );
}

/** What a decision reserves with the pieces that are really moved: a planner may have changed their number. */
export function carriedReservations(
  reasons: readonly Reason[],
  depot: DepotSituation,
  pieces: number,
): ReservedFor[] {
  let left = pieces - unmetNeed(depot);
  return reasons.filter(
    (reason): reason is ReservedFor => reason.code === 'reserved-for' && (left -= reason.quantity) >= 0,
  );
}

/** The depot's own components that have no piece yet. */
function riskiest({depot, risks}: DepotPlan, withinH: number): (Risk & {readonly probability: number})[] {
  const covered = new Set(depot.reservations.map(({componentId}) => componentId));
  return risks
    .filter(({component}) => !covered.has(component.componentId))
    .map((risk) => ({...risk, probability: risk.within(withinH)}))
    .sort(
      (a, b) => b.probability - a.probability || (a.component.componentId < b.component.componentId ? -1 : 1),
    );
}

/** The situation with those reservations alone that still hold, and the others with the reason why they do not. */
export function reviewReservations(situation: Situation): {
  readonly situation: Situation;
  readonly lapses: readonly Lapse[];
} {
  const lapses = situation.depots.flatMap((depot) => lapsesAt(depot, situation.now));
  if (lapses.length === 0) return {situation, lapses};
  const gone = new Set(lapses.map(({reservation}) => reservation.reservationId));
  const depots = situation.depots.map((depot) => ({
    ...depot,
    reservations: depot.reservations.filter(({reservationId}) => !gone.has(reservationId)),
  }));
  return {situation: {...situation, depots}, lapses};
}

/** The first reservations keep their pieces when there are fewer than were reserved. */
function lapsesAt(depot: DepotSituation, now: number): Lapse[] {
  let pieces = Math.max(0, netStock(depot) + rescuePieces(depot));
  return depot.reservations.flatMap((reservation) => {
    const cause = whyLapsed(depot, reservation, now) ?? (reservation.quantity > pieces ? 'piece-gone' : null);
    if (cause === null) pieces -= reservation.quantity;
    return cause === null ? [] : [{reservation, depotId: depot.depotId, cause}];
  });
}

function whyLapsed(depot: DepotSituation, reservation: Reservation, now: number): ReleaseCause | null {
  if (reservation.failed) return 'failed';
  const component = depot.components.find(({componentId}) => componentId === reservation.componentId);
  if (component === undefined) return 'component-removed';
  if (reservation.expiresAt <= now) return 'expired';
  const probability = riskOf(component, now).within(reservation.withinH);
  return Math.round(probability * PPM) < reservation.keepPpm ? 'forecast-decayed' : null;
}

/** What a planner reads of a lapse. */
export function releaseReason({reservation, depotId, cause}: Lapse): Reason {
  const {equipmentId, positionId, componentId, quantity, keepPpm} = reservation;
  return {
    code: 'reservation-released',
    depotId,
    equipmentId,
    positionId,
    componentId,
    quantity,
    keepPpm,
    cause,
  };
}
