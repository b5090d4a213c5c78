import {statedAt} from '../../platform/parameters.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import type {PredictStore, StaleBefore, StaleComponents} from '../ports.ts';
import {FOLLOWING, RENEWAL} from './checkpoints.ts';

/** The partitions that this process follows; none given: all of them. */
export type Partitions = (() => readonly number[]) | undefined;

/** Installed components with no forecast or an old one, and the checkpoints of their partitions as they stood at that look. */
export async function staleComponents(
  pool: Pool,
  before: StaleBefore,
  {max, after}: Parameters<PredictStore['stale']>[1],
  partitions: Partitions,
): Promise<StaleComponents> {
  // One statement, one view of the rows: components and checkpoints belong together.
  const found = await pool.query<{
    equipment_no: number;
    component_id: string;
    partition_no: number;
    log_seq: number;
    round: number;
    tuning: StaleComponents['tuning'];
  }>(
    `SELECT i.equipment_no, i.component_id, e.partition_no, coalesce(c.log_seq, 0) AS log_seq, coalesce(n.log_seq, 0) AS round,
            ${statedAt("'predict.tuning'", '$9')} AS tuning
       FROM network.installation i
       JOIN network.equipment e ON e.equipment_no = i.equipment_no AND e.state = 'active'
       LEFT JOIN predict.checkpoint c ON c.stage = $4 AND c.partition_no = e.partition_no
       LEFT JOIN predict.checkpoint n ON n.stage = $5 AND n.partition_no = e.partition_no
       LEFT JOIN predict.forecast_current f USING (component_id)
      WHERE i.removed_at IS NULL AND ($3::int[] IS NULL OR e.partition_no = ANY($3))
        AND (f.component_id IS NULL OR f.as_of < CASE WHEN f.method IN ('model', 'pooled') THEN $6::timestamptz ELSE $1::timestamptz END)
        AND ($7::int IS NULL OR (i.equipment_no, i.component_id) > ($7, $8::text))
      ORDER BY i.equipment_no, i.component_id LIMIT $2`,
    [
      timestamp(before.byAge),
      max,
      partitions?.() ?? null,
      FOLLOWING,
      RENEWAL,
      timestamp(before.byModel),
      after?.equipmentNo ?? null,
      after?.componentId ?? null,
      timestamp(before.now),
    ],
  );
  const ofPartition = [...new Map(found.rows.map((row) => [row.partition_no, row])).values()];
  return {
    components: found.rows.map((row) => ({equipmentNo: row.equipment_no, componentId: row.component_id})),
    spans: ofPartition.map((row) => ({
      partitionNo: row.partition_no,
      from: row.log_seq,
      through: row.log_seq,
    })),
    rounds: ofPartition.map((row) => ({
      partitionNo: row.partition_no,
      from: row.round,
      through: row.round + 1,
    })),
    tuning: found.rows[0]?.tuning ?? {},
  };
}
