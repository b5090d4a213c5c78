import {causeId} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {OrderRows} from '../group-book.ts';
import {reserve} from './reservation-rows.ts';

const ORDER_KIND = {
  order: 'purchase',
  transfer: 'transfer',
  expedite: 'expedite',
  emergency: 'emergency',
  substitute: 'transfer',
  repair: 'repair',
} as const;

/** Orders, reservations, signals and effects, each by the function of the folder that owns them, in the caller's transaction. */
export function orderRows(db: Queryable): OrderRows {
  return {
    async hurryOrder({orderId, decisionId, expectedAt, arrival, option, now}) {
      await db.query('SELECT network.expedite_supply_order($1, $2, $3, $4, $5, $6)', [
        orderId,
        decisionId,
        timestamp(expectedAt),
        arrival.sdH,
        option.actionMinor,
        timestamp(now),
      ]);
    },
    async placeOrder({
      orderId,
      decisionId,
      partId,
      ownerPartyId,
      depotId,
      option,
      arrival,
      expectedAt,
      currency,
      now,
    }) {
      if (option.action === 'nothing') return;
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
          `depot:${depotId}`,
          fromDepot ? null : option.sourceId,
          ownerPartyId,
          option.quantity,
          'released',
          timestamp(now),
          timestamp(expectedAt),
          arrival.sdH,
          option.landedMinor,
          currency,
          option.mode,
        ],
      );
    },
    // From now on the line asks for the substitute, not for its own part.
    async allot({decisionId, depot, quantity, substitute, now}) {
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
    },
    reserve: (effect) => reserve(db, effect),
    async lookAgain(groupId, decisionId, now) {
      await db.query('SELECT replenish.raise_demand_signal($1, $2, $3, $4, $5)', [
        causeId('signal', groupId, 'follow-up', decisionId),
        groupId,
        'follow-up',
        decisionId,
        timestamp(now),
      ]);
    },
    async enqueue({key, decisionId, target, payload, now}) {
      await db.query('SELECT platform.enqueue_effect($1, $2, $3, $4, $5, $6)', [
        key,
        'decision',
        decisionId,
        target,
        JSON.stringify(payload),
        timestamp(now),
      ]);
    },
  };
}
