import type {ComponentId, EquipmentId} from '../../domain/ids.ts';
import {epochMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {plainArray, timestamp} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import type {LadderEvidence} from '../core/ladder.ts';
import type {Installation, PredictCommit, PredictStore} from '../ports.ts';

export async function loadEquipment(
  pool: Pool,
  numbers: readonly number[],
): ReturnType<PredictStore['equipment']> {
  const found = await pool.query<{
    equipment_no: number;
    partition_no: number;
    equipment_id: string;
    model_id: string;
    equipment_class_id: string;
    grid_minutes: number;
    attributes: Record<string, unknown>;
  }>(
    `SELECT e.equipment_no, e.partition_no, e.equipment_id, e.model_id, m.equipment_class_id, k.grid_minutes, e.attributes
       FROM network.equipment e JOIN network.equipment_model m USING (model_id) JOIN network.equipment_class k USING (equipment_class_id)
      WHERE e.equipment_no = ANY($1::int[])`,
    [numbers],
  );
  return found.rows.map((row) => ({
    equipmentNo: row.equipment_no,
    partitionNo: row.partition_no,
    equipmentId: row.equipment_id as EquipmentId,
    equipmentClassId: row.equipment_class_id,
    modelId: row.model_id,
    gridMs: row.grid_minutes * 60_000,
    attributes: row.attributes,
  }));
}

export async function loadInstallations(
  pool: Pool,
  numbers: readonly number[],
): Promise<readonly Installation[]> {
  if (numbers.length === 0) return [];
  const found = await pool.query<{
    equipment_no: number;
    position_id: string;
    component_id: string;
    class_id: string;
    group_id: string;
    installed_at: number;
    removed_at: number | null;
  }>(
    `SELECT i.equipment_no, i.position_id, i.component_id, c.class_id, p.group_id, i.installed_at, i.removed_at
       FROM network.installation i JOIN network.component c USING (component_id) JOIN network.part p USING (part_id)
      WHERE i.equipment_no = ANY($1::int[]) ORDER BY i.equipment_no, i.position_id, i.installed_at`,
    [numbers],
  );
  return found.rows.map((row) => ({
    equipmentNo: row.equipment_no,
    positionId: row.position_id,
    componentId: row.component_id as ComponentId,
    classId: row.class_id,
    groupId: row.group_id,
    installedAt: epochMs(row.installed_at),
    removedAt: row.removed_at ?? Infinity,
  }));
}

export async function loadProgress(
  pool: Pool,
  numbers: readonly number[],
): ReturnType<PredictStore['progress']> {
  const found = await pool.query<{equipment_no: number; closes_at: number; last_grid: number}>(
    'SELECT equipment_no, closes_at, last_grid FROM predict.equipment_progress WHERE equipment_no = ANY($1::int[])',
    [numbers],
  );
  return new Map(
    found.rows.map((row) => [
      row.equipment_no,
      {closesAt: epochMs(row.closes_at), lastGrid: epochMs(row.last_grid)},
    ]),
  );
}

export async function saveProgress(client: Client, rows: PredictCommit['progress']): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `INSERT INTO predict.equipment_progress (equipment_no, closes_at, last_grid)
     SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[])
     ON CONFLICT (equipment_no) DO UPDATE SET closes_at = excluded.closes_at, last_grid = excluded.last_grid`,
    [
      plainArray(rows.map((row) => row.equipmentNo)),
      plainArray(rows.map((row) => timestamp(row.progress.closesAt))),
      plainArray(rows.map((row) => timestamp(row.progress.lastGrid))),
    ],
  );
}

export async function loadLadderEvidence(pool: Pool, now: EpochMs): Promise<readonly LadderEvidence[]> {
  const found = await pool.query<{
    class_id: string;
    weibull_shape: number | null;
    weibull_scale_h: number | null;
    mtbf_h: number | null;
    lives: {entryAgeH: number; endAgeH: number; failed: boolean}[];
  }>(
    `SELECT k.class_id, k.weibull_shape, k.weibull_scale_h, k.mtbf_h,
            coalesce(json_agg(json_build_object(
              'entryAgeH', extract(epoch FROM i.began_at - i.installed_at) / 3600,
              'endAgeH', extract(epoch FROM least(coalesce(i.ended_at, $1), $1) - i.installed_at) / 3600,
              'failed', coalesce(i.failed AND i.ended_at <= $1, false))
              ORDER BY i.equipment_no, i.position_id, i.began_at) FILTER (WHERE i.began_at < $1), '[]') AS lives
       FROM network.component_class k
       LEFT JOIN network.component c USING (class_id) LEFT JOIN predict.component_stretch i USING (component_id)
      GROUP BY k.class_id ORDER BY k.class_id`,
    [timestamp(now)],
  );
  return found.rows.map((row) => ({
    classId: row.class_id,
    weibullShape: row.weibull_shape,
    weibullScaleH: row.weibull_scale_h,
    mtbfH: row.mtbf_h,
    lives: row.lives,
  }));
}
