import {epochMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';

/** Steps of time that a drawing can show side by side. */
const STEPS = 240;
/** Events shown of one window at most, the newest. */
const EVENTS_MAX = 50;

export interface WindowOf {
  readonly equipmentNo: number;
  readonly windowFrom: EpochMs;
  readonly asOf: EpochMs;
  readonly logSeqThrough: number;
}

/** What a machine said in a forecast's window, signal by signal, in as many steps as can be drawn. */
export interface WindowTrace {
  readonly signals: readonly {
    readonly signal: string;
    readonly unit: string;
    readonly normalLow: number | null;
    readonly normalHigh: number | null;
    /** Steps in which the signal was heard: its middle instant, mean, least and greatest value. */
    readonly steps: readonly {
      readonly at: EpochMs;
      readonly mean: number;
      readonly min: number;
      readonly max: number;
    }[];
  }[];
  readonly events: readonly {
    readonly at: EpochMs;
    readonly type: string;
    readonly code: string | null;
    readonly positionId: string | null;
  }[];
}

interface StepRow {
  readonly signal: string;
  readonly step: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** The signals' readings and the machine's events within a window, as the log stood when the forecast was made. */
export async function traceWindow(
  db: Queryable,
  of: WindowOf,
  signalsMax: number,
  named: readonly string[],
): Promise<WindowTrace> {
  const {equipmentNo, windowFrom, asOf, logSeqThrough} = of;
  const window = [equipmentNo, timestamp(windowFrom), timestamp(asOf), logSeqThrough];
  const where = 'equipment_no = $1 AND observed_at > $2 AND observed_at <= $3 AND log_seq <= $4';
  const signals = await db.query<
    Pick<WindowTrace['signals'][number], 'signal' | 'unit' | 'normalLow' | 'normalHigh'>
  >(
    `SELECT s.signal, s.unit, s.normal_low AS "normalLow", s.normal_high AS "normalHigh"
       FROM network.equipment e JOIN network.equipment_model m USING (model_id) JOIN network.class_signal s USING (equipment_class_id)
      WHERE e.equipment_no = $1 ORDER BY array_position($2::text[], s.signal) NULLS LAST, s.signal LIMIT $3`,
    [equipmentNo, named, signalsMax],
  );
  const stepMs = (asOf - windowFrom) / STEPS;
  const steps = await db.query<StepRow>(
    `SELECT v.name AS signal, least($5, greatest(1, ceil(extract(epoch FROM r.observed_at - $2::timestamptz) * 1000 / $6)))::int AS step,
            avg(v.value)::float8 AS mean, min(v.value)::float8 AS min, max(v.value)::float8 AS max
       FROM ingest.reading r JOIN ingest.signal_set s USING (signal_set_id), unnest(s.names, r."values") AS v(name, value)
      WHERE ${where} AND v.name = ANY($7::text[]) AND v.value IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`,
    [...window, STEPS, stepMs, signals.rows.map(({signal}) => signal)],
  );
  const events = await db.query<WindowTrace['events'][number]>(
    `SELECT observed_at AS at, type, code, position_id AS "positionId" FROM ingest.equipment_event
      WHERE ${where} ORDER BY observed_at DESC, message_key LIMIT $5`,
    [...window, EVENTS_MAX],
  );
  return {
    signals: signals.rows.map((signal) => ({
      ...signal,
      steps: steps.rows
        .filter((row) => row.signal === signal.signal)
        .map(({step, mean, min, max}) => ({
          at: epochMs(Math.round(windowFrom + (step - 0.5) * stepMs)),
          mean,
          min,
          max,
        })),
    })),
    events: events.rows,
  };
}
