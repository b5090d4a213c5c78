import {epochMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {plainArray, timestamp} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import {aggregate} from '../core/bucket.ts';
import {bucketOf} from '../core/grid.ts';
import type {BucketRow, LogSpan, Span} from '../ports.ts';
import {spanParameters} from './span-parameters.ts';

/** Rows in the order of (equipment, observed-at, message key): aggregates then do not depend on the order of arrival. */
export async function rebuildBuckets(
  pool: Pool,
  spans: readonly LogSpan[],
  gridMs: number,
): Promise<readonly BucketRow[]> {
  if (spans.length === 0) return [];
  const found = await pool.query<{
    equipment_no: number;
    observed_at: number;
    names: string[];
    values: number[];
  }>(
    `SELECT r.equipment_no, r.observed_at, g.names, r."values" FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[], $6::bigint[]) AS s(no, f, t, through)
       JOIN ingest.reading r ON r.equipment_no = s.no AND r.observed_at > s.f AND r.observed_at <= s.t AND r.log_seq <= s.through
       JOIN ingest.signal_set g USING (signal_set_id)
      WHERE r.observed_at > $4 AND r.observed_at <= $5 ORDER BY r.equipment_no, r.observed_at, r.message_key`,
    [...spanParameters(spans), spans.map((span) => span.through)],
  );
  const groups = new Map<string, {equipmentNo: number; bucketAt: number; signal: string; values: number[]}>();
  for (const row of found.rows) {
    const bucketAt = bucketOf(epochMs(row.observed_at), gridMs);
    row.names.forEach((signal, i) => {
      const key = `${row.equipment_no}|${bucketAt}|${signal}`;
      const group = groups.get(key) ?? {equipmentNo: row.equipment_no, bucketAt, signal, values: []};
      group.values.push(row.values[i]!);
      groups.set(key, group);
    });
  }
  return [...groups.values()].map(({equipmentNo, bucketAt, signal, values}) => ({
    equipmentNo,
    bucketAt: epochMs(bucketAt),
    signal,
    bucket: aggregate(values)!,
  }));
}

export async function heardUntil(
  pool: Pool,
  {equipmentNo, from, to, through}: LogSpan,
): Promise<EpochMs | null> {
  const found = await pool.query<{newest: number | null}>(
    `SELECT max(observed_at) AS newest FROM ingest.reading
      WHERE equipment_no = $1 AND observed_at > $2 AND observed_at <= $3 AND log_seq <= $4`,
    [equipmentNo, timestamp(from), timestamp(to), through],
  );
  const newest = found.rows[0]!.newest;
  return newest === null ? null : epochMs(newest);
}

export async function readBuckets(pool: Pool, spans: readonly Span[]): Promise<readonly BucketRow[]> {
  if (spans.length === 0) return [];
  const found = await pool.query<{
    equipment_no: number;
    bucket_at: number;
    signal: string;
    n: number;
    mean: number;
    m2: number;
    min: number;
    max: number;
    last: number;
  }>(
    `SELECT b.equipment_no, b.bucket_at, b.signal, b.n, b.mean, b.m2, b.min, b.max, b.last
       FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) AS s(no, f, t)
       JOIN predict.feature_bucket b ON b.equipment_no = s.no AND b.bucket_at > s.f AND b.bucket_at <= s.t`,
    spanParameters(spans).slice(0, 3),
  );
  return found.rows.map(({equipment_no: equipmentNo, bucket_at: bucketAt, signal, ...bucket}) => ({
    equipmentNo,
    bucketAt: epochMs(bucketAt),
    signal,
    bucket,
  }));
}

export async function saveBuckets(client: Client, rows: readonly BucketRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `INSERT INTO predict.feature_bucket AS b (equipment_no, bucket_at, signal, n, mean, m2, min, max, last)
     SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::text[], $4::int[], $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::float8[])
     ON CONFLICT (equipment_no, bucket_at, signal) DO UPDATE SET n = excluded.n, mean = excluded.mean, m2 = excluded.m2, min = excluded.min,
       max = excluded.max, last = excluded.last, revision = b.revision + 1`,
    [
      plainArray(rows.map((row) => row.equipmentNo)),
      plainArray(rows.map((row) => timestamp(row.bucketAt))),
      rows.map((row) => row.signal),
      plainArray(rows.map((row) => row.bucket.n)),
      plainArray(rows.map((row) => row.bucket.mean)),
      plainArray(rows.map((row) => row.bucket.m2)),
      plainArray(rows.map((row) => row.bucket.min)),
      plainArray(rows.map((row) => row.bucket.max)),
      plainArray(rows.map((row) => row.bucket.last)),
    ],
  );
}
