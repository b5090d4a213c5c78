import {MINUTE_MS, epochMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Pool, Queryable} from '../../platform/pg.ts';
import type {TrainingLife, TrainingMachine} from '../training/dataset.ts';
import type {ClassRecord} from '../training/own-history.ts';

/** An event that came so much later than it happened was not there for a forecast. */
const LATE = "interval '48 hours'";
/** Clocks of machines may be ahead by this. */
const AHEAD = "interval '5 minutes'";
/** Histories that training holds at a time, by their five numbers a signal and interval. */
const HELD_BYTES_MAX = 512 * 1024 * 1024;
const BYTES_PER_SIGNAL_INTERVAL = 5 * Float32Array.BYTES_PER_ELEMENT;

/** On the class's grid as it is now: intervals of another one that it had before do not fit between them. */
const HEARD = `SELECT b.equipment_no, b.bucket_at, b.signal FROM network.equipment e JOIN network.equipment_model m USING (model_id)
    JOIN network.equipment_class k USING (equipment_class_id)
    JOIN predict.feature_bucket b ON b.equipment_no = e.equipment_no AND b.bucket_at > $2
     AND extract(epoch FROM b.bucket_at)::bigint % (k.grid_minutes * 60) = 0 WHERE m.equipment_class_id = $1`;

/** What is there of a class since an instant; null: nobody knows the class. */
export async function readClassRecord(
  db: Queryable,
  equipmentClassId: string,
  since: EpochMs,
): Promise<ClassRecord | null> {
  const asked = [equipmentClassId, timestamp(since)];
  const found = await db.query<Omit<ClassRecord, 'leaks' | 'firstLeak'>>(
    `WITH heard AS (${HEARD})
     SELECT k.equipment_class_id AS "equipmentClassId", k.grid_minutes AS "gridMinutes", k.visit_every_days AS "visitEveryDays", h.machines::int, h."heardFrom", h."heardTo",
            coalesce(h.heard, '{}') AS heard,
            ARRAY(SELECT signal FROM network.class_signal WHERE equipment_class_id = $1 ORDER BY signal) AS signals,
            (SELECT count(*)::int FROM predict.component_stretch l WHERE l.failed AND l.ended_at > $2
                AND l.equipment_no IN (SELECT equipment_no FROM heard)) AS failures
       FROM network.equipment_class k, (SELECT count(DISTINCT equipment_no) AS machines, min(bucket_at) AS "heardFrom",
            max(bucket_at) AS "heardTo", array_agg(DISTINCT signal) FILTER (WHERE signal IS NOT NULL) AS heard FROM heard) h
      WHERE k.equipment_class_id = $1`,
    asked,
  );
  const [record] = found.rows;
  if (record === undefined) return null;
  // Before the first forecast nobody was to be told: what came then is history as its owner tells it.
  const leaking = await db.query<{equipmentId: string; at: EpochMs; receivedAt: EpochMs; leaks: number}>(
    `SELECT e.equipment_id AS "equipmentId", v.observed_at AS at, v.received_at AS "receivedAt", (count(*) OVER ())::int AS leaks
       FROM network.equipment e JOIN network.equipment_model m USING (model_id)
       JOIN ingest.equipment_event v ON v.equipment_no = e.equipment_no AND v.observed_at > $2 AND v.type = 'error'
      WHERE m.equipment_class_id = $1
        AND v.received_at >= coalesce((SELECT min(f.issued_at) FROM predict.forecast f WHERE f.equipment_no = e.equipment_no), 'infinity')
        AND (v.observed_at > v.received_at + ${AHEAD}
          OR v.received_at > v.observed_at + ${LATE} AND EXISTS (SELECT FROM predict.component_life l WHERE l.equipment_no = v.equipment_no
                AND l."end" = 'failure' AND l.removed_at > v.observed_at AND l.removed_at <= v.received_at))
      ORDER BY v.observed_at, e.equipment_id LIMIT 1`,
    asked,
  );
  const [first] = leaking.rows;
  return {...record, leaks: first?.leaks ?? 0, firstLeak: first ?? null};
}

export interface SignalRow {
  readonly name: string;
  readonly unit: string;
  readonly normalLow: number | null;
  readonly normalHigh: number | null;
}

export async function readSignals(db: Queryable, equipmentClassId: string): Promise<readonly SignalRow[]> {
  const found = await db.query<SignalRow>(
    `SELECT signal AS name, unit, normal_low AS "normalLow", normal_high AS "normalHigh" FROM network.class_signal
      WHERE equipment_class_id = $1 ORDER BY signal`,
    [equipmentClassId],
  );
  return found.rows;
}

/** Machines of such a record that fit into memory together, where so many classes share it. */
export function machinesHeld(record: ClassRecord, classes: number): number {
  const {heardFrom, heardTo, signals, gridMinutes} = record;
  const heardMs = heardFrom === null || heardTo === null ? 0 : heardTo - heardFrom;
  const intervals = heardMs / (gridMinutes * MINUTE_MS);
  const bytes = Math.max(1, intervals * signals.length * BYTES_PER_SIGNAL_INTERVAL);
  return Math.floor(HELD_BYTES_MAX / classes / bytes);
}

interface MachineRow {
  readonly equipment_no: number;
  readonly equipment_id: string;
  readonly model_id: string;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** The machines of a class one after another, `max` of them at most, evenly over all. */
export async function* readTrainingMachines(
  pool: Pool,
  record: ClassRecord,
  since: EpochMs,
  max: number,
): AsyncGenerator<TrainingMachine> {
  const {equipmentClassId, heardFrom, heardTo} = record;
  if (heardFrom === null || heardTo === null) return;
  const {rows} = await pool.query<MachineRow>(
    `SELECT e.equipment_no, e.equipment_id, e.model_id, e.attributes FROM network.equipment e
      WHERE e.equipment_no IN (SELECT equipment_no FROM (${HEARD}) h) ORDER BY e.equipment_id COLLATE "C"`,
    [equipmentClassId, timestamp(since)],
  );
  const taken = Math.min(max, rows.length);
  for (let nth = 0; nth < taken; nth += 1) {
    const machine = rows[Math.floor((nth * rows.length) / taken)]!;
    yield await readMachine(pool, machine, record, {from: heardFrom, to: heardTo});
  }
}

async function readMachine(
  pool: Pool,
  machine: MachineRow,
  {equipmentClassId, signals, gridMinutes}: ClassRecord,
  {from, to}: {readonly from: EpochMs; readonly to: EpochMs},
): Promise<TrainingMachine> {
  const span = [machine.equipment_no, timestamp(from), timestamp(to)];
  const gridMs = gridMinutes * MINUTE_MS;
  const count = Math.round((to - from) / gridMs) + 1;
  const hours = Float64Array.from({length: count}, (_, i) => from + i * gridMs);
  const series = Object.fromEntries(
    signals.map((signal) => [
      signal,
      {
        mean: new Float32Array(count),
        sd: new Float32Array(count),
        min: new Float32Array(count),
        max: new Float32Array(count),
        n: new Float32Array(count),
      },
    ]),
  );
  const buckets = await pool.query<{
    at: EpochMs;
    signal: string;
    n: number;
    mean: number;
    m2: number;
    min: number;
    max: number;
  }>(
    `SELECT bucket_at AS at, signal, n, mean, m2, min, max FROM predict.feature_bucket
      WHERE equipment_no = $1 AND bucket_at >= $2 AND bucket_at <= $3`,
    span,
  );
  for (const {at, signal, n, mean, m2, min, max} of buckets.rows) {
    const of = series[signal];
    const i = (at - from) / gridMs;
    if (of === undefined || !Number.isInteger(i)) continue;
    of.n[i] = n;
    of.mean[i] = mean;
    of.sd[i] = Math.sqrt(m2 / n);
    of.min[i] = min;
    of.max[i] = max;
  }
  const events = await pool.query<{
    type: string;
    code: string | null;
    positionId: string | null;
    at: EpochMs;
  }>(
    `SELECT type, code, position_id AS "positionId", observed_at AS at FROM ingest.equipment_event
      WHERE equipment_no = $1 AND observed_at > $2 AND observed_at <= $3 AND (received_at <= observed_at + ${LATE}
         OR received_at < coalesce((SELECT min(f.issued_at) FROM predict.forecast f WHERE f.equipment_no = $1), 'infinity'))
      ORDER BY observed_at, message_key`,
    span,
  );
  const lives = await pool.query<TrainingLife>(
    `SELECT l.position_id AS "positionId", c.class_id AS "componentClassId", l.component_id AS "componentId", l.installed_at AS "installedAt",
            l.removed_at AS "endedAt", l."end",
            (SELECT coalesce(json_agg((extract(epoch FROM f.failed_at) * 1000)::bigint ORDER BY f.failed_at), '[]') FROM predict.failure_in_place f
              WHERE f.component_id = l.component_id AND f.installed_at = l.installed_at) AS "failedAt"
       FROM predict.component_life l JOIN network.component c USING (component_id)
      WHERE l.equipment_no = $1 AND l.installed_at <= $3 AND (l.removed_at IS NULL OR l.removed_at > $2) ORDER BY l.position_id, l.installed_at`,
    span,
  );
  return {
    equipmentId: machine.equipment_id,
    classId: equipmentClassId,
    modelId: machine.model_id,
    attributes: machine.attributes,
    hours,
    signals: series,
    events: events.rows.map(({code, positionId, at, type}) => ({
      type,
      at: epochMs(at),
      ...(code === null ? {} : {code}),
      ...(positionId === null ? {} : {positionId}),
    })),
    lives: lives.rows,
  };
}
