import type {z} from 'zod';
import type {Option, Reason} from '../../domain/decision.ts';
import type {OrderReleased, SubstituteAllotted} from '../../domain/effect-message.ts';
import {HOUR_MS, plusMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {carriedReservations} from '../core/decision/reservation.ts';
import type {DepotSituation, Situation} from '../core/decision/situation.ts';
import {reserve} from './reservation-rows.ts';

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

const ORDER_KIND = {
  order: 'purchase',
  transfer: 'transfer',
  expedite: 'expedite',
  emergency: 'emergency',
  substitute: 'transfer',
  repair: 'repair',
} as const;

/**
 * Carries a decision out in the caller's transaction: its order, the reservation of what it moves or the allotment of a substitute, and
 * the signal that has its group looked at again with both.
 */
export async function carryOut(db: Queryable, groupId: string, effect: OrderEffect): Promise<void> {
  await placeOrder(db, effect);
  await allot(db, effect);
  const {decisionId, now, depot, option, part} = effect;
  const reserved = carriedReservations(effect.reasons, depot, option.quantity);
  await reserve(db, {decisionId, partId: part.partId, depotId: depot.depotId, reserved, now});
  await lookAgain(db, groupId, decisionId, now);
}

/** Has the group looked at once more: what else it needs is the next decision's. */
export async function lookAgain(
  db: Queryable,
  groupId: string,
  decisionId: string,
  now: EpochMs,
): Promise<void> {
  await db.query('SELECT replenish.raise_demand_signal($1, $2, $3, $4, $5)', [
    causeId('signal', groupId, 'follow-up', decisionId),
    groupId,
    'follow-up',
    decisionId,
    timestamp(now),
  ]);
}

/** The order that a decision places or hurries; null when it does nothing, or takes pieces from the depot's own shelf. */
export function orderIdOf(
  {action, sourceKind, sourceId}: Option,
  {decisionId, depotId}: {readonly decisionId: string; readonly depotId: string},
): string | null {
  if (action === 'nothing' || (sourceKind === 'depot' && sourceId === depotId)) return null;
  return sourceKind === 'order' ? sourceId : causeId('order', decisionId);
}

/** Sets pieces of a substitute aside for the line that they serve: from now on the line asks for them, not for its own part. */
async function allot(db: Queryable, {decisionId, depot, option, now}: OrderEffect): Promise<void> {
  const {substitute, quantity} = option;
  if (substitute === undefined) return;
  const {demandId, partId, serves} = substitute;
  const allocationId = causeId('allotment', decisionId);
  await db.query('SELECT network.allot_substitute($1, $2, $3, $4, $5, $6, $7, $8)', [
    allocationId,
    decisionId,
    demandId,
    partId,
    depot.depotId,
    quantity,
    serves,
    timestamp(now),
  ]);
  await db.query(`SELECT platform.record_audit($1, 'forestock', 'substitute.allotted', $2, $3)`, [
    timestamp(now),
    allocationId,
    JSON.stringify({decisionId, demandId, partId, depotId: depot.depotId, quantity, serves}),
  ]);
}

/** The one effect of a decision: an order in the books and a message to each target. */
async function placeOrder(db: Queryable, effect: OrderEffect): Promise<void> {
  const {decisionId, orderId, depot, part, option, now} = effect;
  if (option.action === 'nothing' || option.arrival === null) return;
  const expectedAt = plusMs(now, option.arrival.meanH * HOUR_MS);
  const partId = option.substitute?.partId ?? part.partId;
  const ownerPartyId = option.ownerPartyId ?? depot.partyId;
  if (option.sourceKind === 'order') {
    await db.query('SELECT network.expedite_supply_order($1, $2, $3, $4, $5, $6)', [
      orderId,
      decisionId,
      timestamp(expectedAt),
      option.arrival.sdH,
      option.actionMinor,
      timestamp(now),
    ]);
  } else if (orderId !== null) {
    const fromDepot = option.sourceKind === 'depot';
    const kind = fromDepot && option.action === 'order' ? 'transfer' : ORDER_KIND[option.action];
    await db.query(
      'SELECT network.place_supply_order($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)',
      [
        orderId,
        decisionId,
        kind,
        partId,
        fromDepot ? `depot:${option.sourceId!}` : `supplier:${option.sourceId!}`,
        `depot:${depot.depotId}`,
        fromDepot ? null : option.sourceId,
        ownerPartyId,
        option.quantity,
        'released',
        timestamp(now),
        timestamp(expectedAt),
        option.arrival.sdH,
        option.landedMinor,
        part.currency,
        option.mode,
      ],
    );
  }
  const payload: z.output<typeof OrderReleased> | z.output<typeof SubstituteAllotted> = {
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
  for (const target of effect.targets) {
    await db.query('SELECT platform.enqueue_effect($1, $2, $3, $4, $5, $6)', [
      `${target}:order:${decisionId}`,
      'decision',
      decisionId,
      target,
      JSON.stringify(payload),
      timestamp(now),
    ]);
  }
}
