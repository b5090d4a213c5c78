import type {Client, Pool} from '../../platform/pg.ts';
import type {GroupForecast, GroupPart} from '../ports.ts';

// OFFSET 0 keeps each step a look-up, where a plan may read every machine's rows.
const GROUP_FORECASTS = `
  SELECT p.group_id AS "groupId", e.partition_no AS "partitionNo", i.component_id AS "componentId",
         f.cumulative_ppm AS "cumulativePpm", f.signalled_ppm AS "signalledPpm"
    FROM (SELECT k.group_id, array_agg(k.partition_no) AS partitions FROM unnest($1::text[], $2::int[]) AS k(group_id, partition_no) GROUP BY 1) k
    JOIN network.part p ON p.group_id = k.group_id JOIN network.component c ON c.part_id = p.part_id
    CROSS JOIN LATERAL (SELECT i.* FROM network.installation i WHERE i.component_id = c.component_id AND i.removed_at IS NULL OFFSET 0) i
    CROSS JOIN LATERAL (SELECT e.* FROM network.equipment e WHERE e.equipment_no = i.equipment_no OFFSET 0) e
    CROSS JOIN LATERAL (SELECT f.* FROM predict.forecast_current f WHERE f.component_id = c.component_id OFFSET 0) f
   WHERE e.partition_no = ANY (k.partitions)
   ORDER BY i.component_id COLLATE "C"`;

export async function loadGroupForecasts(
  pool: Pool,
  parts: readonly GroupPart[],
): Promise<readonly GroupForecast[]> {
  const found = await pool.query<GroupForecast>(GROUP_FORECASTS, [
    parts.map(({groupId}) => groupId),
    parts.map(({partitionNo}) => partitionNo),
  ]);
  return found.rows;
}

/** What stands is what replenish was told. */
export async function takeAsTold(client: Client, componentIds: readonly string[]): Promise<void> {
  if (componentIds.length === 0) return;
  await client.query(
    'UPDATE predict.forecast_current SET signalled_ppm = cumulative_ppm WHERE component_id = ANY($1::text[])',
    [componentIds],
  );
}
