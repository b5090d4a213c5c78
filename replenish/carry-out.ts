import type {Option, Reason} from '../domain/decision.ts';
import {HOUR_MS, plusMs, toIso} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {causeId} from '../platform/ids.ts';
import {carriedReservations} from './core/decision/reservation.ts';
import type {DepotSituation, Situation} from './core/decision/situation.ts';
import type {OrderMessage, OrderRows} from './group-book.ts';

export interface OrderEffect {
  readonly decisionId: string;
  /** Null: nothing is ordered or moved, such as when a substitute lies on the very shelf. */
  readonly orderId: string | null;
  readonly depot: DepotSituation;
  readonly part: Situation['part'];
  readonly option: Option;
  /** Of the decision: they name the machines that pieces are reserved for. */
  readonly reasons: readonly Reason[];
  readonly now: EpochMs;
  /** Outbox targets that get the order. */
  readonly targets: readonly string[];
}

/**
 * Carries a decision out in the caller's transaction: its order, the reservation of what it moves or the allotment of a substitute, and
 * the signal that has its group looked at again with both.
 */
export async function carryOut(rows: OrderRows, groupId: string, effect: OrderEffect): Promise<void> {
  const {decisionId, now, depot, option, part} = effect;
  await placeOrder(rows, effect);
  const {substitute, quantity} = option;
  if (substitute !== undefined) await rows.allot({decisionId, depot, quantity, substitute, now});
  const reserved = carriedReservations(effect.reasons, depot, quantity);
  await rows.reserve({decisionId, partId: part.partId, depotId: depot.depotId, reserved, now});
  await rows.lookAgain(groupId, decisionId, now);
}

/** The order that a decision places or hurries; null when it does nothing, or takes pieces from the depot's own shelf. */
export function orderIdOf(
  {action, sourceKind, sourceId}: Option,
  {decisionId, depotId}: {readonly decisionId: string; readonly depotId: string},
): string | null {
  if (action === 'nothing' || (sourceKind === 'depot' && sourceId === depotId)) return null;
  return sourceKind === 'order' ? sourceId : causeId('order', decisionId);
}

/** The one effect of a decision: an order in the books and a message to each target. */
async function placeOrder(rows: OrderRows, effect: OrderEffect): Promise<void> {
  const {decisionId, orderId, depot, part, option, now} = effect;
  if (option.action === 'nothing' || option.arrival === null) return;
  const expectedAt = plusMs(now, option.arrival.meanH * HOUR_MS);
  const order = {
    orderId,
    decisionId,
    partId: option.substitute?.partId ?? part.partId,
    ownerPartyId: option.ownerPartyId ?? depot.partyId,
    depotId: depot.depotId,
    option,
    arrival: option.arrival,
    expectedAt,
    currency: part.currency,
    now,
  };
  if (option.sourceKind === 'order') await rows.hurryOrder(order);
  else if (orderId !== null) await rows.placeOrder(order);
  const payload = messageOf(effect, order);
  for (const target of effect.targets)
    await rows.enqueue({key: `${target}:order:${decisionId}`, decisionId, target, payload, now});
}

function messageOf(
  {decisionId, orderId, depot, part, option}: OrderEffect,
  {partId, expectedAt}: {readonly partId: string; readonly expectedAt: EpochMs},
): OrderMessage['payload'] {
  return {
    ...(orderId === null
      ? {type: 'substitute.allotted' as const, orderId}
      : {type: 'order.released' as const, orderId}),
    decisionId,
    action: option.action,
    partId,
    quantity: option.quantity,
    ...(option.substitute === undefined
      ? {}
      : {demandId: option.substitute.demandId, insteadOf: part.partId}),
    to: depot.depotId,
    from: {kind: option.sourceKind, id: option.sourceId},
    mode: option.mode,
    expectedAt: toIso(expectedAt),
    landedCost: {minor: option.landedMinor, currency: part.currency},
  };
}
