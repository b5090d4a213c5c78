import {inPartySession} from '../../platform/party-session.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import type {OwnOrder, PartyReads} from '../read-ports.ts';

/** What parties read of themselves. No query names the party: the database shows the rows of the session's own (migration 37). */
export function partyReads(pool: Pool): PartyReads {
  return {
    ownOrders: ({asParty, after, limit}) =>
      inPartySession(pool, asParty, async (db) => {
        const {rows} = await db.query<OwnOrder>(
          `SELECT o.order_id AS "orderId", o.kind, o.part_id AS "partId", p.name AS "partName", substr(o.to_loc, 7) AS "depotId", o.qty,
                  o.shipped_qty AS "shippedQty", o.received_qty AS "receivedQty", o.state, o.ordered_at AS "orderedAt",
                  o.requested_at AS "requestedAt", o.promised_at AS "promisedAt", d.due AS "dueAt", o.slips, o.mode
             FROM network.supply_order o JOIN network.part p USING (part_id)
             CROSS JOIN LATERAL (SELECT coalesce(o.promised_at, o.expected_at) AS due) d
            WHERE o.state IN ('released', 'confirmed', 'shipped') AND ($1::timestamptz IS NULL OR (d.due, o.order_id) > ($1, $2::uuid))
            ORDER BY d.due, o.order_id LIMIT $3`,
          [after === undefined ? null : timestamp(after.at), after?.id ?? null, limit],
        );
        return rows;
      }),
    isOwnOrder: (asParty, orderId) =>
      inPartySession(pool, asParty, async (db) => {
        const {rowCount} = await db.query('SELECT FROM network.supply_order WHERE order_id = $1', [orderId]);
        return rowCount === 1;
      }),
  };
}
