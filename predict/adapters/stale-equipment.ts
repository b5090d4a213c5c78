import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import type {StaleEquipment} from '../ports.ts';
import {FOLLOWING, RENEWAL} from './checkpoints.ts';

/** The partitions that this process follows; none given: all of them. */
export type Partitions = (() => readonly number[]) | undefined;

/** Equipment that nobody spoke of since `before`, and the checkpoints of its partitions as they stood at that look. */
export async function staleEquipment(
  pool: Pool,
  before: EpochMs,
  max: number,
  partitions: Partitions,
): Promise<StaleEquipment> {
  // One statement, one view of the rows: equipment and checkpoints belong together.
  const found = await pool.query<{
    equipment_no: number;
    partition_no: number;
    log_seq: number;
    round: number;
  }>(
    `SELECT DISTINCT i.equipment_no, e.partition_no, coalesce(c.log_seq, 0) AS log_seq, coalesce(n.log_seq, 0) AS round
       FROM network.installation i
       JOIN network.equipment e ON e.equipment_no = i.equipment_no AND e.state = 'active'
       LEFT JOIN predict.checkpoint c ON c.stage = $4 AND c.partition_no = e.partition_no
       LEFT JOIN predict.checkpoint n ON n.stage = $5 AND n.partition_no = e.partition_no
       LEFT JOIN predict.forecast_current f USING (component_id)
      WHERE i.removed_at IS NULL AND (f.component_id IS NULL OR f.as_of < $1) AND ($3::int[] IS NULL OR e.partition_no = ANY($3))
      ORDER BY 1 LIMIT $2`,
    [timestamp(before), max, partitions?.() ?? null, FOLLOWING, RENEWAL],
  );
  const ofPartition = [...new Map(found.rows.map((row) => [row.partition_no, row])).values()];
  return {
    equipmentNos: found.rows.map((row) => row.equipment_no),
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
  };
}
