import {toIso} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {type Queryable, timestamp} from '../../platform/pg.ts';
import type {AnswerBooks, UnansweredOrder} from '../ports.ts';

const ALERT = 'order-unanswered';
/** Set by network.place_supply_order, keyed by the order's id. */
const TIMER = 'order-answer';

export function answerBooks(db: Queryable): AnswerBooks {
  const dropTimer = (orderId: string): Promise<unknown> =>
    db.query(`DELETE FROM platform.world_timer WHERE kind = '${TIMER}' AND key = $1`, [orderId]);
  return {
    async dueAnswers(now, {ordersMax}) {
      const {rows} = await db.query<UnansweredOrder>(
        `SELECT o.order_id AS "orderId", o.part_id AS "partId", o.from_loc AS "fromLoc", o.to_loc AS "toLoc", o.qty,
                o.supplier_party_id AS "supplierPartyId", o.owner_party_id AS "ownerPartyId", o.ordered_at AS "orderedAt"
           FROM platform.world_timer t JOIN network.supply_order o ON o.order_id = t.key::uuid
          WHERE t.kind = '${TIMER}' AND t.due_at <= $1 ORDER BY t.due_at, t.key LIMIT $2`,
        [timestamp(now), ordersMax],
      );
      return rows;
    },
    async raiseUnanswered({ownerPartyId, orderedAt, ...order}, now) {
      const body = {...order, orderedAt: toIso(orderedAt)};
      await db.query('SELECT replenish.open_alert($1, $2, $3, $4, $5, 1, 0, NULL, NULL, $6)', [
        causeId('alert', ALERT, order.orderId, now),
        ALERT,
        order.orderId,
        ownerPartyId,
        timestamp(now),
        JSON.stringify(body),
      ]);
      await dropTimer(order.orderId);
    },
    async clearUnanswered(orderId, now) {
      await dropTimer(orderId);
      await db.query('SELECT replenish.clear_alert($1, $2, $3, $4)', [ALERT, orderId, timestamp(now), '{}']);
    },
  };
}
