import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {RepairHistory} from '../core/plan/repair-loop.ts';

/** By part and depot; undefined where nothing is on record. */
export type RepairsOf = (partId: string, depotId: string) => RepairHistory | undefined;

/**
 * Movements of every part that some workshop repairs, by the shelf that they leave or reach. A piece that customers had is `returned` when
 * it comes back unserviceable; one that leaves the shelf unserviceable by a count is condemned.
 */
const REPAIRS = `
  SELECT m.part_id AS "partId", s.depot_id AS "depotId",
         coalesce(sum(m.qty) FILTER (WHERE s.leaves AND m.to_loc LIKE 'customer:%'), 0)::int AS used,
         coalesce(sum(m.qty) FILTER (WHERE NOT s.leaves AND m.condition = 'unserviceable' AND m.from_loc LIKE 'customer:%'), 0)::int AS returned,
         coalesce(sum(m.qty) FILTER (WHERE NOT s.leaves AND o.kind = 'repair'), 0)::int AS repaired,
         coalesce(sum(m.qty) FILTER (WHERE s.leaves AND m.condition = 'unserviceable' AND m.to_loc LIKE 'adjustment:%'), 0)::int AS condemned
    FROM network.stock_movement m
    CROSS JOIN LATERAL (VALUES (substr(m.from_loc, 7), m.from_loc LIKE 'depot:%', true), (substr(m.to_loc, 7), m.to_loc LIKE 'depot:%', false))
      AS s(depot_id, is_depot, leaves)
    LEFT JOIN network.supply_order o ON m.from_loc = 'transit:' || o.order_id
   WHERE s.is_depot AND m.world_at <= $1
     AND m.part_id IN (SELECT part_id FROM network.sourcing WHERE kind = 'repair' AND valid_from <= $1)
   GROUP BY m.part_id, s.depot_id`;

/** What the books say of repairs up to an instant. */
export async function loadRepairs(db: Queryable, now: EpochMs): Promise<RepairsOf> {
  const {rows} = await db.query<RepairHistory & {readonly partId: string; readonly depotId: string}>(
    REPAIRS,
    [timestamp(now)],
  );
  const histories = new Map(rows.map((row) => [JSON.stringify([row.partId, row.depotId]), row]));
  return (partId, depotId) => histories.get(JSON.stringify([partId, depotId]));
}
