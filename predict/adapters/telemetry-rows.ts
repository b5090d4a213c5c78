import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';

/** A signal of one machine over time: a point for each step that heard anything. */
export interface SignalSeries {
  readonly signal: string;
  readonly unit: string;
  readonly description: string;
  /** Where its class says it belongs; null: not stated. */
  readonly normalLow: number | null;
  readonly normalHigh: number | null;
  /** End of the step's newest grid interval, its number of readings, and what they said. */
  readonly points: readonly {
    readonly at: EpochMs;
    readonly n: number;
    readonly mean: number;
    readonly min: number;
    readonly max: number;
  }[];
}

/**
 * Telemetry in at most `points` steps a signal, from the aggregates that models read. The mean weighs each reading alike:
 *
 *   mean = Σ n · mean / Σ n
 *
 * Null: no such equipment.
 */
export async function equipmentTelemetry(
  db: Queryable,
  {
    equipmentId,
    from,
    to,
    points,
  }: {readonly equipmentId: string; readonly from: EpochMs; readonly to: EpochMs; readonly points: number},
): Promise<readonly SignalSeries[] | null> {
  const found = await db.query<{equipment_no: number}>(
    'SELECT equipment_no FROM network.equipment WHERE equipment_id = $1',
    [equipmentId],
  );
  const [machine] = found.rows;
  if (machine === undefined) return null;
  const {rows} = await db.query<
    Omit<SignalSeries, 'points'> & {points: [number, number, number, number, number][]}
  >(
    `WITH step AS (
       SELECT signal, width_bucket(extract(epoch FROM bucket_at), extract(epoch FROM $2::timestamptz), extract(epoch FROM $3::timestamptz), $4) AS no,
              max(bucket_at) AS at, sum(n)::int AS n, sum(n * mean) / sum(n) AS mean, min(min) AS min, max(max) AS max
         FROM predict.feature_bucket WHERE equipment_no = $1 AND bucket_at > $2 AND bucket_at <= $3 AND n > 0 GROUP BY 1, 2)
     SELECT s.signal, coalesce(c.unit, '') AS unit, coalesce(c.description, '') AS description, c.normal_low AS "normalLow", c.normal_high AS "normalHigh",
            jsonb_agg(jsonb_build_array((extract(epoch FROM s.at) * 1000)::bigint, s.n, s.mean, s.min, s.max) ORDER BY s.at) AS points
       FROM step s JOIN network.equipment e ON e.equipment_no = $1 JOIN network.equipment_model m USING (model_id)
       LEFT JOIN network.class_signal c ON c.equipment_class_id = m.equipment_class_id AND c.signal = s.signal
      GROUP BY s.signal, c.unit, c.description, c.normal_low, c.normal_high ORDER BY s.signal COLLATE "C"`,
    [machine.equipment_no, timestamp(from), timestamp(to), points],
  );
  return rows.map((row) => ({
    ...row,
    points: row.points.map(([at, n, mean, min, max]) => ({at: at as EpochMs, n, mean, min, max})),
  }));
}
