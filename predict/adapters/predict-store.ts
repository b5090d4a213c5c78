import {epochMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {ComponentId, EquipmentId} from '../../domain/ids.ts';
import {causeId} from '../../platform/ids.ts';
import {inTransaction, plainArray, timestamp} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import type {LadderEvidence} from '../core/ladder.ts';
import type {ForecastRow, Installation, LogSlice, PredictCommit, PredictStore} from '../ports.ts';
import {heardUntil, readBuckets, rebuildBuckets, saveBuckets} from './bucket-rows.ts';
import {FOLLOWING, moveCheckpoints, RENEWAL} from './checkpoints.ts';
import {spanParameters} from './span-parameters.ts';
import {staleComponents} from './stale-components.ts';
import type {Partitions} from './stale-components.ts';

/** Predict's tables in PostgreSQL, through a pool under the role forestock_predict. */
export function createPredictStore(pool: Pool, partitions?: Partitions): PredictStore {
  return {
    readLog: (rowsMax) => readLog(pool, rowsMax, partitions),
    equipment: (numbers) => equipment(pool, numbers),
    progress: (numbers) => progress(pool, numbers),
    installations: (numbers) => installations(pool, numbers),
    rebuildBuckets: (spans, gridMs) => rebuildBuckets(pool, spans, gridMs),
    heardUntil: (span) => heardUntil(pool, span),
    storedBuckets: (spans) => readBuckets(pool, spans),
    events: (spans) => events(pool, spans),
    eventPoints: (spans) => eventPoints(pool, spans),
    revisions: (keys) => revisions(pool, keys),
    current: (ids) => current(pool, ids),
    ladderEvidence: (now) => ladderEvidence(pool, now),
    stale: (before, page) => staleComponents(pool, before, page, partitions),
    commit: (work) => inTransaction(pool, (client) => commit(client, work)),
  };
}

async function readLog(pool: Pool, rowsMax: number, partitions: Partitions): Promise<LogSlice> {
  const spans = await pool.query<{partition_no: number; from_seq: number; through: number; round: number}>(
    `SELECT h.partition_no, coalesce(c.log_seq, 0) AS from_seq,
            least(n.log_seq, coalesce(c.log_seq, 0) + $2) AS through, coalesce(r.log_seq, 0) AS round
       FROM ingest.partition_head h
       JOIN network.checkpoint n ON n.stage = 'network' AND n.partition_no = h.partition_no
       LEFT JOIN predict.checkpoint c ON c.stage = $1 AND c.partition_no = h.partition_no
       LEFT JOIN predict.checkpoint r ON r.stage = $4 AND r.partition_no = h.partition_no
      WHERE n.log_seq > coalesce(c.log_seq, 0) AND ($3::int[] IS NULL OR h.partition_no = ANY($3))`,
    [FOLLOWING, rowsMax, partitions?.() ?? null, RENEWAL],
  );
  if (spans.rows.length === 0) return {readings: [], events: [], spans: [], rounds: []};
  const parameters = [
    spans.rows.map((row) => row.partition_no),
    spans.rows.map((row) => row.from_seq),
    spans.rows.map((row) => row.through),
    Math.min(...spans.rows.map((row) => row.from_seq)),
    Math.max(...spans.rows.map((row) => row.through)),
  ];
  const [readings, eventRows] = await Promise.all([
    pool.query<{equipment_no: number; observed_at: number}>(
      `SELECT r.equipment_no, r.observed_at ${sliceOf('ingest.reading')}
         LEFT JOIN predict.equipment_progress p ON p.equipment_no = r.equipment_no
        WHERE p.equipment_no IS NULL OR r.observed_at <= p.last_grid OR r.observed_at >= p.closes_at`,
      parameters,
    ),
    pool.query<EventRow>(
      `SELECT ${EVENT_COLUMNS} ${sliceOf('ingest.equipment_event')} ORDER BY r.observed_at, r.message_key`,
      parameters,
    ),
  ]);
  return {
    readings: readings.rows.map((row) => ({
      equipmentNo: row.equipment_no,
      observedAt: epochMs(row.observed_at),
    })),
    events: eventRows.rows.map(toEvent),
    spans: spans.rows.map((row) => ({
      partitionNo: row.partition_no,
      from: row.from_seq,
      through: row.through,
    })),
    rounds: spans.rows.map((row) => ({partitionNo: row.partition_no, from: row.round, through: row.round})),
  };
}

/**
 * The rows of some partitions' log spans. OFFSET 0 keeps each span a look-up by its own index, where a join read the whole
 * table: 1,400 against 15 ms with 1.7 million rows. The outer bounds say the same once more as constants, by which
 * TimescaleDB leaves out the chunks that it has compressed.
 */
function sliceOf(table: 'ingest.reading' | 'ingest.equipment_event'): string {
  return `FROM unnest($1::int[], $2::bigint[], $3::bigint[]) AS s(no, f, t)
         CROSS JOIN LATERAL (SELECT * FROM ${table} l
           WHERE l.partition_no = s.no AND l.log_seq > s.f AND l.log_seq <= s.t AND l.log_seq > $4 AND l.log_seq <= $5 OFFSET 0) r`;
}

interface EventRow {
  readonly equipment_no: number;
  readonly observed_at: number;
  readonly type: string;
  readonly code: string | null;
  readonly position_id: string | null;
}
const EVENT_COLUMNS = 'r.equipment_no, r.observed_at, r.type, r.code, r.position_id';

function toEvent(row: EventRow): Awaited<ReturnType<PredictStore['events']>>[number] {
  return {
    equipmentNo: row.equipment_no,
    at: epochMs(row.observed_at),
    type: row.type,
    code: row.code ?? undefined,
    positionId: row.position_id ?? undefined,
  };
}

async function equipment(pool: Pool, numbers: readonly number[]): ReturnType<PredictStore['equipment']> {
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

async function progress(pool: Pool, numbers: readonly number[]): ReturnType<PredictStore['progress']> {
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

async function installations(pool: Pool, numbers: readonly number[]): Promise<readonly Installation[]> {
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

async function events(
  pool: Pool,
  spans: Parameters<PredictStore['events']>[0],
): ReturnType<PredictStore['events']> {
  if (spans.length === 0) return [];
  const found = await pool.query<EventRow>(
    `SELECT ${EVENT_COLUMNS} FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[], $6::bigint[]) AS s(no, f, t, through)
       JOIN ingest.equipment_event r ON r.equipment_no = s.no AND r.observed_at > s.f AND r.observed_at <= s.t AND r.log_seq <= s.through
      WHERE r.observed_at > $4 AND r.observed_at <= $5 ORDER BY r.equipment_no, r.observed_at, r.message_key`,
    [...spanParameters(spans), spans.map((span) => span.through)],
  );
  return found.rows.map(toEvent);
}

async function eventPoints(
  pool: Pool,
  spans: Parameters<PredictStore['eventPoints']>[0],
): ReturnType<PredictStore['eventPoints']> {
  if (spans.length === 0) return [];
  const found = await pool.query<{equipment_no: number; as_of: number; cause: 'event' | 'age'}>(
    `SELECT r.equipment_no, r.as_of, max(r.cause) AS cause FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) AS s(no, f, t)
       JOIN predict.forecast r ON r.equipment_no = s.no AND r.as_of > s.f AND r.as_of <= s.t
      WHERE r.cause IN ('event', 'age') AND r.as_of > $4 AND r.as_of <= $5 GROUP BY 1, 2`, // an event tells more than age
    spanParameters(spans),
  );
  return found.rows.map((row) => ({
    equipmentNo: row.equipment_no,
    asOf: epochMs(row.as_of),
    cause: row.cause,
  }));
}

async function revisions(
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

async function current(pool: Pool, ids: readonly string[]): ReturnType<PredictStore['current']> {
  const found = await pool.query<{component_id: string; as_of: number; signalled_ppm: number[]}>(
    'SELECT component_id, as_of, signalled_ppm FROM predict.forecast_current WHERE component_id = ANY($1::text[])',
    [ids],
  );
  return new Map(
    found.rows.map((row) => [
      row.component_id,
      {componentId: row.component_id, asOf: epochMs(row.as_of), signalledPpm: row.signalled_ppm},
    ]),
  );
}

async function ladderEvidence(pool: Pool, now: EpochMs): Promise<readonly LadderEvidence[]> {
  const found = await pool.query<{
    class_id: string;
    weibull_shape: number | null;
    weibull_scale_h: number | null;
    mtbf_h: number | null;
    lives: {h: number; failed: boolean}[];
  }>(
    `SELECT k.class_id, k.weibull_shape, k.weibull_scale_h, k.mtbf_h,
            coalesce(json_agg(json_build_object(
              'h', extract(epoch FROM least(coalesce(i.removed_at, $1), $1) - i.installed_at) / 3600,
              'failed', coalesce(i.removal_cause = 'failure' AND i.removed_at <= $1, false))
              ORDER BY i.equipment_no, i.position_id, i.installed_at) FILTER (WHERE i.installed_at < $1), '[]') AS lives
       FROM network.component_class k
       LEFT JOIN network.component c USING (class_id) LEFT JOIN network.installation i USING (component_id)
      GROUP BY k.class_id ORDER BY k.class_id`,
    [timestamp(now)],
  );
  return found.rows.map((row) => ({
    classId: row.class_id,
    weibullShape: row.weibull_shape,
    weibullScaleH: row.weibull_scale_h,
    mtbfH: row.mtbf_h,
    lives: row.lives.map(({h, failed}) => ({endAgeH: h, failed})),
  }));
}

async function commit(client: Client, work: PredictCommit): Promise<void> {
  await moveCheckpoints(client, work.spans, work.rounds);
  await saveBuckets(client, work.buckets);
  await saveForecasts(client, work.forecasts);
  await saveCurrent(client, work.current);
  if (work.progress.length > 0) {
    await client.query(
      `INSERT INTO predict.equipment_progress (equipment_no, closes_at, last_grid)
       SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[])
       ON CONFLICT (equipment_no) DO UPDATE SET closes_at = excluded.closes_at, last_grid = excluded.last_grid`,
      [
        plainArray(work.progress.map((row) => row.equipmentNo)),
        plainArray(work.progress.map((row) => timestamp(row.progress.closesAt))),
        plainArray(work.progress.map((row) => timestamp(row.progress.lastGrid))),
      ],
    );
  }
  if (work.signals.length > 0) {
    await client.query(
      `SELECT replenish.raise_demand_signal(s.id, s.group_id, s.kind, s.ref, $5)
         FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS s(id, group_id, kind, ref)`,
      [
        work.signals.map((signal) => causeId('signal', signal.groupId, signal.causeKind, signal.causeRef)),
        work.signals.map((signal) => signal.groupId),
        work.signals.map((signal) => signal.causeKind),
        work.signals.map((signal) => signal.causeRef),
        timestamp(work.at),
      ],
    );
  }
}

async function saveForecasts(client: Client, forecasts: readonly ForecastRow[]): Promise<void> {
  if (forecasts.length === 0) return;
  const asOfs = forecasts.map((row) => row.asOf);
  await client.query('SELECT predict.ensure_partitions($1, $2)', [
    timestamp(asOfs.reduce((a, b) => (a < b ? a : b))),
    timestamp(asOfs.reduce((a, b) => (a > b ? a : b))),
  ]);
  await client.query(
    `INSERT INTO predict.forecast (component_id, as_of, model_version_id, revision, equipment_no, position_id, issued_at, cause, method,
       horizons_h, cumulative_ppm, tail_hazard_ppb_per_h, completeness_pct, top_signals, window_from, log_seq_through, input_digest, backend)
     SELECT component_id, as_of, model, revision, equipment_no, position_id, issued_at, cause, method, horizons::int[], ppm::int[], tail,
            completeness, top::jsonb, window_from, through, digest, backend
       FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::int[], $5::int[], $6::text[], $7::timestamptz[], $8::text[], $9::text[],
                   $10::text[], $11::text[], $12::bigint[], $13::int[], $14::text[], $15::timestamptz[], $16::bigint[], $17::bigint[], $18::text[])
         AS f(component_id, as_of, model, revision, equipment_no, position_id, issued_at, cause, method, horizons, ppm, tail, completeness,
              top, window_from, through, digest, backend)`,
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
    ],
  );
}

async function saveCurrent(client: Client, rows: PredictCommit['current']): Promise<void> {
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
