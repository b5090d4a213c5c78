import {epochMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {statedAt} from '../../platform/parameters.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import type {LogSlice, PredictStore} from '../ports.ts';
import {FOLLOWING, RENEWAL} from './checkpoints.ts';
import {spanParameters} from './span-parameters.ts';
import type {Partitions} from './stale-components.ts';

/** What predict has not seen yet and the network stage has: at most `rowsMax` rows of each partition's log. */
export async function readLog(
  pool: Pool,
  rowsMax: number,
  now: EpochMs,
  partitions: Partitions,
): Promise<LogSlice> {
  const spans = await pool.query<{
    partition_no: number;
    from_seq: number;
    through: number;
    round: number;
    tuning: LogSlice['tuning'];
  }>(
    `SELECT h.partition_no, coalesce(c.log_seq, 0) AS from_seq,
            least(n.log_seq, coalesce(c.log_seq, 0) + $2) AS through, coalesce(r.log_seq, 0) AS round,
            ${statedAt("'predict.tuning'", '$5')} AS tuning
       FROM ingest.partition_head h
       JOIN network.checkpoint n ON n.stage = 'network' AND n.partition_no = h.partition_no
       LEFT JOIN predict.checkpoint c ON c.stage = $1 AND c.partition_no = h.partition_no
       LEFT JOIN predict.checkpoint r ON r.stage = $4 AND r.partition_no = h.partition_no
      WHERE n.log_seq > coalesce(c.log_seq, 0) AND ($3::int[] IS NULL OR h.partition_no = ANY($3))`,
    [FOLLOWING, rowsMax, partitions?.() ?? null, RENEWAL, timestamp(now)],
  );
  const [first] = spans.rows;
  if (first === undefined) return {readings: [], events: [], spans: [], rounds: [], tuning: {}};
  const parameters = [
    spans.rows.map((row) => row.partition_no),
    spans.rows.map((row) => row.from_seq),
    spans.rows.map((row) => row.through),
    Math.min(...spans.rows.map((row) => row.from_seq)),
    Math.max(...spans.rows.map((row) => row.through)),
  ];
  const [readings, eventRows] = await Promise.all([
    pool.query<{equipment_no: number; observed_at: number}>(
      // Materialized: else the planner, once the log is long, reads all progress for every span: 27 against 3 ms with 2,000 machines.
      `WITH slice AS MATERIALIZED (SELECT r.equipment_no, r.observed_at ${sliceOf('ingest.reading')})
       SELECT r.equipment_no, r.observed_at FROM slice r LEFT JOIN predict.equipment_progress p ON p.equipment_no = r.equipment_no
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
    tuning: first.tuning,
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

export async function loadEvents(
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
