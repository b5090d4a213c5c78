import {DAY_MS, epochMs, type EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {OrdersOnRecord, TieredMachine} from '../core/plan/policy-input.ts';
import {shortageMinorPerH, servingDepot} from './component-rows.ts';

/** Three years, as demand is learnt from. */
const HISTORY_DAYS = 1096;

/**
 * Lines as they were asked: what was called off was asked for; what was asked for twice, ahead of a failure or by a campaign says nothing of
 * an order's size.
 */
const ORDER_SIZES = `
  SELECT l.qty AS pieces, count(*)::int AS orders
    FROM network.demand_line l
   WHERE l.part_id = $1 AND l.depot_id = ANY($2::text[]) AND l.needed_at >= $3 AND l.needed_at < $4 AND NOT l.predicted
     AND NOT (l.state = 'cancelled' AND (l.cancelled_at IS NULL OR EXISTS (
           SELECT FROM network.demand_event v WHERE v.demand_id = l.demand_id AND v.type = 'cancelled' AND v.reason = 'duplicate')))
     AND NOT EXISTS (SELECT FROM replenish.campaign_line k WHERE k.demand_id = l.demand_id)
   GROUP BY l.qty ORDER BY l.qty`;

export async function loadOrderSizes(
  db: Queryable,
  partId: string,
  depotIds: readonly string[],
  now: EpochMs,
): Promise<OrdersOnRecord> {
  const from = epochMs(now - HISTORY_DAYS * DAY_MS);
  const {rows} = await db.query<OrdersOnRecord[number]>(ORDER_SIZES, [
    partId,
    depotIds,
    timestamp(from),
    timestamp(now),
  ]);
  return rows;
}

/** By the contract version in force; a machine without one is 'standard', as the books have it. */
const TIERED_MACHINES = `
  SELECT e.equipment_id AS "equipmentId", coalesce(k.tier, 'standard') AS tier, count(*)::int AS positions,
         max((${shortageMinorPerH('$2')})::bigint)::float8 AS "shortageMinorPerH"
    FROM network.installation i
    JOIN network.component c USING (component_id)
    JOIN network.equipment e ON e.equipment_no = i.equipment_no AND e.state = 'active'
    JOIN LATERAL (${servingDepot('e.equipment_no', '$1', '$2')}) a ON a.depot_id = $3
    LEFT JOIN LATERAL (SELECT b.part_id FROM network.bom_position b WHERE b.model_id = e.model_id AND b.position_id = i.position_id
                         AND b.valid_from <= $2 AND b.valid_to > $2 ORDER BY b.valid_from DESC, b.part_id LIMIT 1) b ON true
    LEFT JOIN LATERAL (SELECT n.tier FROM network.contract n WHERE n.contract_id = e.contract_id AND n.status = 'active'
                         AND n.valid @> $2::timestamptz ORDER BY n.version DESC LIMIT 1) k ON true
   WHERE i.removed_at IS NULL AND coalesce(b.part_id, c.part_id) = $1
   GROUP BY e.equipment_id, k.tier ORDER BY e.equipment_id COLLATE "C"`;

export async function loadTieredMachines(
  db: Queryable,
  partId: string,
  depotId: string,
  now: EpochMs,
): Promise<readonly TieredMachine[]> {
  const {rows} = await db.query<TieredMachine>(TIERED_MACHINES, [partId, timestamp(now), depotId]);
  return rows;
}
