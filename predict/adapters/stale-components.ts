import {epochMs} from '../../domain/time.ts';
import {statedAt} from '../../platform/parameters.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import type {ForecastRow, PredictStore, StaleBefore, StaleComponents} from '../ports.ts';
import {FOLLOWING, RENEWAL} from './checkpoints.ts';

/** The partitions that this process follows; none given: all of them. */
export type Partitions = (() => readonly number[]) | undefined;

/** A model's word that may still stand (younger than $6), of one that does not answer at its place any more. */
const SUPERSEDED = `(f.method IN ('model', 'pooled') AND f.as_of >= $6
   AND (m.equipment_class_id, i.position_id, c.class_id, f.model_version_id)
       NOT IN (SELECT * FROM unnest($10::text[], $11::text[], $12::text[], $13::text[])))`;

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
    as_of: number | null;
    cause: ForecastRow['cause'] | null;
    tuning: StaleComponents['tuning'];
  }>(
    `SELECT i.equipment_no, i.component_id, e.partition_no, coalesce(k.log_seq, 0) AS log_seq, coalesce(n.log_seq, 0) AS round,
            r.as_of, r.cause, ${statedAt("'predict.tuning'", '$9')} AS tuning
       FROM network.installation i
       JOIN network.equipment e ON e.equipment_no = i.equipment_no AND e.state = 'active'
       JOIN network.equipment_model m USING (model_id)
       JOIN network.component c USING (component_id)
       LEFT JOIN predict.checkpoint k ON k.stage = $4 AND k.partition_no = e.partition_no
       LEFT JOIN predict.checkpoint n ON n.stage = $5 AND n.partition_no = e.partition_no
       LEFT JOIN predict.forecast_current f USING (component_id)
       LEFT JOIN predict.forecast r ON ${SUPERSEDED} AND (r.component_id, r.as_of, r.model_version_id, r.revision)
                 = (f.component_id, f.as_of, f.model_version_id, f.revision)
      WHERE i.removed_at IS NULL AND ($3::int[] IS NULL OR e.partition_no = ANY($3))
        AND (f.component_id IS NULL OR f.as_of < CASE WHEN f.method IN ('model', 'pooled') THEN $6::timestamptz ELSE $1::timestamptz END
             OR r.component_id IS NOT NULL)
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
      before.answering.map(({equipmentClassId}) => equipmentClassId),
      before.answering.map(({positionId}) => positionId),
      before.answering.map(({classId}) => classId),
      before.answering.map(({modelVersionId}) => modelVersionId),
    ],
  );
  const ofPartition = [...new Map(found.rows.map((row) => [row.partition_no, row])).values()];
  return {
    components: found.rows.map((row) => ({
      equipmentNo: row.equipment_no,
      componentId: row.component_id,
      said: row.as_of === null ? null : {asOf: epochMs(row.as_of), cause: row.cause!},
    })),
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
