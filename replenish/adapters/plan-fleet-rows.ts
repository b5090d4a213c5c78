import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {FleetEnds} from '../core/plan/last-buy-input.ts';
import {servingDepot} from './component-rows.ts';

/**
 * Positions of active machines whose failure asks for part $1 at one of the depots $3, by the end of the contract version in force at $2: what
 * the bill of materials says today, else what is built in.
 */
const FLEET = `
  SELECT count(*)::int AS positions, k.ends_at AS "endsAt"
    FROM network.installation i
    JOIN network.component c USING (component_id)
    JOIN network.equipment e ON e.equipment_no = i.equipment_no AND e.state = 'active'
    JOIN LATERAL (${servingDepot('e.equipment_no', '$1', '$2')}) a ON a.depot_id = ANY($3::text[])
    LEFT JOIN LATERAL (SELECT b.part_id FROM network.bom_position b WHERE b.model_id = e.model_id AND b.position_id = i.position_id
                         AND b.valid_from <= $2 AND b.valid_to > $2 ORDER BY b.valid_from DESC, b.part_id LIMIT 1) b ON true
    LEFT JOIN LATERAL (SELECT CASE WHEN isfinite(upper(n.valid)) THEN upper(n.valid) END AS ends_at FROM network.contract n
                        WHERE n.contract_id = e.contract_id AND n.status = 'active' AND n.valid @> $2::timestamptz
                        ORDER BY n.version DESC LIMIT 1) k ON true
   WHERE i.removed_at IS NULL AND coalesce(b.part_id, c.part_id) = $1
   GROUP BY k.ends_at ORDER BY k.ends_at NULLS LAST`;

/** Until when the machines of a part are served. */
export async function loadFleetEnds(
  db: Queryable,
  partId: string,
  depotIds: readonly string[],
  now: EpochMs,
): Promise<FleetEnds> {
  const {rows} = await db.query<FleetEnds[number]>(FLEET, [partId, timestamp(now), depotIds]);
  return rows;
}
