import {epochMs} from '../../domain/time.ts';
import {plainArray, timestamp, together} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import type {ForecastRow, PredictCommit, PredictStore} from '../ports.ts';
import {spanParameters} from './span-parameters.ts';

export async function loadEventPoints(
  pool: Pool,
  spans: Parameters<PredictStore['eventPoints']>[0],
): ReturnType<PredictStore['eventPoints']> {
  if (spans.length === 0) return [];
  const found = await pool.query<{equipment_no: number; as_of: number; cause: 'event' | 'age'}>(
    `SELECT r.equipment_no, r.as_of, max(r.cause) AS cause FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) AS s(no, f, t)
       JOIN predict.forecast r ON r.equipment_no = s.no AND r.as_of > s.f AND r.as_of <= s.t
      WHERE r.cause IN ('event', 'age') AND NOT r.shadow AND r.as_of > $4 AND r.as_of <= $5 GROUP BY 1, 2`, // an event tells more than age
    spanParameters(spans),
  );
  return found.rows.map((row) => ({
    equipmentNo: row.equipment_no,
    asOf: epochMs(row.as_of),
    cause: row.cause,
  }));
}

export async function loadRevisions(
  pool: Pool,
  keys: Parameters<PredictStore['revisions']>[0],
): ReturnType<PredictStore['revisions']> {
  if (keys.length === 0) return new Map();
  const asOfs = keys.map((key) => key.asOf);
  const found = await pool.query<{
    component_id: string;
    as_of: number;
    model_version_id: string;
    revision: number;
    input_digest: number;
  }>(
    `SELECT DISTINCT ON (f.component_id, f.as_of, f.model_version_id) f.component_id, f.as_of, f.model_version_id, f.revision, f.input_digest
       FROM unnest($1::text[], $2::timestamptz[], $3::text[]) AS k(component_id, as_of, model_version_id)
       JOIN predict.forecast f USING (component_id, as_of, model_version_id)
      WHERE f.as_of >= $4 AND f.as_of <= $5
      ORDER BY f.component_id, f.as_of, f.model_version_id, f.revision DESC`,
    [
      keys.map((key) => key.componentId),
      asOfs.map((at) => timestamp(at)),
      keys.map((key) => key.modelVersionId),
      timestamp(asOfs.reduce((a, b) => (a < b ? a : b))),
      timestamp(asOfs.reduce((a, b) => (a > b ? a : b))),
    ],
  );
  return new Map(
    found.rows.map((row) => [
      `${row.component_id}|${row.as_of}|${row.model_version_id}`,
      {revision: row.revision, inputDigest: row.input_digest},
    ]),
  );
}

export async function loadCurrent(pool: Pool, ids: readonly string[]): ReturnType<PredictStore['current']> {
  if (ids.length === 0) return new Map();
  const found = await pool.query<{
    component_id: string;
    as_of: number;
    model_version_id: string;
    signalled_ppm: number[];
  }>(
    'SELECT component_id, as_of, model_version_id, signalled_ppm FROM predict.forecast_current WHERE component_id = ANY($1::text[])',
    [ids],
  );
  return new Map(
    found.rows.map((row) => [
      row.component_id,
      {
        componentId: row.component_id,
        asOf: epochMs(row.as_of),
        modelVersionId: row.model_version_id,
        signalledPpm: row.signalled_ppm,
      },
    ]),
  );
}

export async function saveForecasts(client: Client, forecasts: readonly ForecastRow[]): Promise<void> {
  if (forecasts.length === 0) return;
  const asOfs = forecasts.map((row) => row.asOf);
  const partitions = client.query('SELECT predict.ensure_partitions($1, $2)', [
    timestamp(asOfs.reduce((a, b) => (a < b ? a : b))),
    timestamp(asOfs.reduce((a, b) => (a > b ? a : b))),
  ]);
  const rows = client.query(
    `INSERT INTO predict.forecast (component_id, as_of, model_version_id, revision, equipment_no, position_id, issued_at, cause, method,
       horizons_h, cumulative_ppm, tail_hazard_ppb_per_h, completeness_pct, top_signals, window_from, log_seq_through, input_digest, backend, shadow,
       low_ppm, high_ppm)
     SELECT component_id, as_of, model, revision, equipment_no, position_id, issued_at, cause, method, horizons::int[], ppm::int[], tail,
            completeness, top::jsonb, window_from, through, digest, backend, shadow, low::int[], high::int[]
       FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::int[], $5::int[], $6::text[], $7::timestamptz[], $8::text[], $9::text[],
                   $10::text[], $11::text[], $12::bigint[], $13::int[], $14::text[], $15::timestamptz[], $16::bigint[], $17::bigint[], $18::text[], $19::bool[], $20::text[], $21::text[])
         AS f(component_id, as_of, model, revision, equipment_no, position_id, issued_at, cause, method, horizons, ppm, tail, completeness,
              top, window_from, through, digest, backend, shadow, low, high)`,
    [
      forecasts.map((row) => row.componentId),
      plainArray(forecasts.map((row) => timestamp(row.asOf))),
      forecasts.map((row) => row.modelVersionId),
      plainArray(forecasts.map((row) => row.revision)),
      plainArray(forecasts.map((row) => row.equipmentNo)),
      forecasts.map((row) => row.positionId),
      plainArray(forecasts.map((row) => timestamp(row.issuedAt))),
      forecasts.map((row) => row.cause),
      forecasts.map((row) => row.method),
      forecasts.map((row) => `{${row.horizonsH.join(',')}}`),
      forecasts.map((row) => `{${row.cumulativePpm.join(',')}}`),
      plainArray(forecasts.map((row) => row.tailHazardPpbPerH)),
      plainArray(forecasts.map((row) => row.completenessPct)),
      forecasts.map((row) => JSON.stringify(row.topSignals)),
      plainArray(forecasts.map((row) => timestamp(row.windowFrom))),
      plainArray(forecasts.map((row) => row.logSeqThrough)),
      plainArray(forecasts.map((row) => row.inputDigest)),
      forecasts.map((row) => row.backend),
      forecasts.map((row) => row.shadow),
      forecasts.map(({range}) => (range ? `{${range.lowPpm.join(',')}}` : null)),
      forecasts.map(({range}) => (range ? `{${range.highPpm.join(',')}}` : null)),
    ],
  );
  await together([partitions, rows]);
}

export async function saveCurrent(client: Client, rows: PredictCommit['current']): Promise<void> {
  if (rows.length === 0) return;
  const sorted = [...rows].sort((a, b) => (a.forecast.componentId < b.forecast.componentId ? -1 : 1));
  await client.query(
    `INSERT INTO predict.forecast_current (component_id, equipment_no, position_id, as_of, model_version_id, revision, method, horizons_h,
       cumulative_ppm, tail_hazard_ppb_per_h, completeness_pct, signalled_ppm)
     SELECT component_id, equipment_no, position_id, as_of, model, revision, method, horizons::int[], ppm::int[], tail, completeness, told::int[]
       FROM unnest($1::text[], $2::int[], $3::text[], $4::timestamptz[], $5::text[], $6::int[], $7::text[], $8::text[], $9::text[],
                   $10::bigint[], $11::int[], $12::text[])
         AS f(component_id, equipment_no, position_id, as_of, model, revision, method, horizons, ppm, tail, completeness, told)
     ON CONFLICT (component_id) DO UPDATE SET equipment_no = excluded.equipment_no, position_id = excluded.position_id, as_of = excluded.as_of,
       model_version_id = excluded.model_version_id, revision = excluded.revision, method = excluded.method, horizons_h = excluded.horizons_h,
       cumulative_ppm = excluded.cumulative_ppm, tail_hazard_ppb_per_h = excluded.tail_hazard_ppb_per_h,
       completeness_pct = excluded.completeness_pct, signalled_ppm = excluded.signalled_ppm`,
    [
      sorted.map(({forecast}) => forecast.componentId),
      sorted.map(({forecast}) => forecast.equipmentNo),
      sorted.map(({forecast}) => forecast.positionId),
      sorted.map(({forecast}) => timestamp(forecast.asOf)),
      sorted.map(({forecast}) => forecast.modelVersionId),
      sorted.map(({forecast}) => forecast.revision),
      sorted.map(({forecast}) => forecast.method),
      sorted.map(({forecast}) => `{${forecast.horizonsH.join(',')}}`),
      sorted.map(({forecast}) => `{${forecast.cumulativePpm.join(',')}}`),
      sorted.map(({forecast}) => forecast.tailHazardPpbPerH),
      sorted.map(({forecast}) => forecast.completenessPct),
      sorted.map(({signalledPpm}) => `{${signalledPpm.join(',')}}`),
    ],
  );
}
