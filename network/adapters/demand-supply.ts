import {groupBy} from '../../domain/group-by.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {ISSUABLE_CONDITIONS} from '../core/stock-rules.ts';
import type {DemandSupply} from '../read-ports.ts';
import {WAITING_COLUMNS, waitingLinesOf, type WaitingRow} from './share-books.ts';

interface PlaceRow {
  readonly partId: string;
  readonly depotId: string;
  readonly onHand: number;
}
interface OrderRow {
  readonly place: string;
  readonly orderId: string;
  readonly qty: number;
  readonly promisedAt: EpochMs;
}

/** Lines, shelf and confirmed orders of every part and depot that has one of these lines open. */
export async function readSupply(
  db: Queryable,
  demandIds: readonly string[],
  now: EpochMs,
): Promise<DemandSupply[]> {
  if (demandIds.length === 0) return [];
  const places = await db.query<PlaceRow>(
    `SELECT w.part_id AS "partId", w.depot_id AS "depotId",
            least(greatest((SELECT coalesce(sum(b.qty), 0) FROM network.stock_balance b WHERE b.loc = 'depot:' || w.depot_id AND b.part_id = w.part_id
                        AND b.condition = ANY($2::text[])) - greatest(coalesce(h.pieces, 0), 0), 0), 2147483647)::int AS "onHand"
       FROM (SELECT DISTINCT part_id, depot_id FROM network.demand_line WHERE demand_id = ANY($1::uuid[]) AND state = 'open') w
       LEFT JOIN LATERAL network.held_back(w.part_id, w.depot_id, $3) h ON true
      ORDER BY 1, 2`,
    [demandIds, ISSUABLE_CONDITIONS, timestamp(now)],
  );
  const at = [places.rows.map(({partId}) => partId), places.rows.map(({depotId}) => depotId)];
  const waiting = await db.query<WaitingRow>(
    `SELECT ${WAITING_COLUMNS} FROM unnest($1::text[], $2::text[]) AS w(part_id, depot_id)
       JOIN network.demand_line d USING (part_id, depot_id) LEFT JOIN network.equipment e USING (equipment_no) WHERE d.state = 'open'`,
    at,
  );
  const orders = await db.query<OrderRow>(
    `SELECT w.part_id || ' ' || w.depot_id AS place, o.order_id AS "orderId", o.qty - o.received_qty AS qty, o.promised_at AS "promisedAt"
       FROM unnest($1::text[], $2::text[]) AS w(part_id, depot_id)
       JOIN network.supply_order o ON o.part_id = w.part_id AND o.to_loc = 'depot:' || w.depot_id
      WHERE o.state IN ('confirmed', 'shipped') AND o.promised_at IS NOT NULL AND o.qty > o.received_qty
      ORDER BY o.promised_at, o.order_id`,
    at,
  );
  const place = ({partId, depotId}: Pick<PlaceRow, 'partId' | 'depotId'>): string => `${partId} ${depotId}`;
  const linesAt = groupBy(waitingLinesOf(waiting.rows), place);
  const ordersAt = groupBy(orders.rows, (row) => row.place);
  return places.rows.map((row) => ({
    ...row,
    confirmed: ordersAt.get(place(row)) ?? [],
    waiting: linesAt.get(place(row)) ?? [],
  }));
}
