import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {CarriedPieces, Fleet} from '../core/plan/availability.ts';
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

/**
 * Pieces in active machines at $1 by model, part and serving depot: the positions of the bill of materials, and beside them what is built in
 * where it has none.
 */
const CARRIED = `
  WITH bom AS MATERIALIZED (
    SELECT DISTINCT ON (b.model_id, b.position_id) b.model_id, b.position_id, b.part_id, b.qty FROM network.bom_position b
     WHERE b.valid_from <= $1 AND b.valid_to > $1 ORDER BY b.model_id, b.position_id, b.valid_from DESC, b.part_id),
  asked AS (
    SELECT e.equipment_no, e.model_id, b.part_id, b.qty FROM network.equipment e JOIN bom b USING (model_id) WHERE e.state = 'active'
    UNION ALL
    SELECT e.equipment_no, e.model_id, c.part_id, 1 FROM network.equipment e
      JOIN network.installation i ON i.equipment_no = e.equipment_no AND i.removed_at IS NULL
      JOIN network.component c USING (component_id)
     WHERE e.state = 'active' AND NOT EXISTS (SELECT FROM bom b WHERE b.model_id = e.model_id AND b.position_id = i.position_id))
  SELECT q.part_id AS "partId", a.depot_id AS "depotId", q.model_id AS "modelId", sum(q.qty)::int AS pieces
    FROM asked q JOIN LATERAL (${servingDepot('q.equipment_no', 'q.part_id', '$1')}) a ON true
   GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

/** The active machines by model, and where they ask for which parts. */
export async function loadFleet(db: Queryable, now: EpochMs): Promise<Fleet> {
  const models = await db.query<{model_id: string; n: number}>(
    `SELECT model_id, count(*)::int AS n FROM network.equipment WHERE state = 'active' GROUP BY 1 ORDER BY 1`,
  );
  const {rows: carried} = await db.query<CarriedPieces>(CARRIED, [timestamp(now)]);
  return {machines: new Map(models.rows.map(({model_id, n}) => [model_id, n])), carried};
}
