import {pairedForecasts} from './adapters/live-rows.ts';
import {gateLimits} from './adapters/gate-limits.ts';
import {judgeLive} from './core/live-evidence.ts';
import type {LiveHorizon} from './core/live-evidence.ts';
import type {TopSignal} from '../domain/forecast.ts';
import {epochMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {timestamp} from '../platform/pg.ts';
import type {Queryable} from '../platform/pg.ts';

/** Names one forecast row. */
export interface ForecastRef {
  readonly componentId: string;
  readonly asOf: EpochMs;
  readonly modelVersionId: string;
  readonly revision: number;
}

export interface ForecastRecord extends ForecastRef {
  readonly equipmentId: string;
  readonly equipmentNo: number;
  readonly positionId: string;
  readonly issuedAt: EpochMs;
  readonly cause: string;
  readonly method: string;
  readonly horizonsH: readonly number[];
  readonly cumulativePpm: readonly number[];
  /** Where the forecast would lie nine times in ten, had other machines taught its model; null of age laws and of models that are no ensemble. */
  readonly lowPpm: readonly number[] | null;
  readonly highPpm: readonly number[] | null;
  readonly completenessPct: number;
  readonly topSignals: readonly TopSignal[];
  readonly windowFrom: EpochMs;
  readonly logSeqThrough: number;
  readonly backend: string;
}

const FORECAST = `SELECT f.component_id AS "componentId", f.as_of AS "asOf", f.model_version_id AS "modelVersionId", f.revision, e.equipment_id AS "equipmentId",
            f.equipment_no AS "equipmentNo", f.position_id AS "positionId", f.issued_at AS "issuedAt", f.cause, f.method, f.horizons_h AS "horizonsH",
            f.cumulative_ppm AS "cumulativePpm", f.low_ppm AS "lowPpm", f.high_ppm AS "highPpm", f.completeness_pct AS "completenessPct", f.top_signals AS "topSignals",
            f.window_from AS "windowFrom", f.log_seq_through AS "logSeqThrough", f.backend
       FROM predict.forecast f JOIN network.equipment e USING (equipment_no)`;

export async function findForecast(db: Queryable, ref: ForecastRef): Promise<ForecastRecord | null> {
  const found = await db.query<ForecastRecord>(
    `${FORECAST} WHERE f.component_id = $1 AND f.as_of = $2 AND f.model_version_id = $3 AND f.revision = $4`,
    [ref.componentId, timestamp(ref.asOf), ref.modelVersionId, ref.revision],
  );
  return found.rows[0] ?? null;
}

/** Forecasts of an equipment's components, newest first; shadow models' left out. */
export async function equipmentForecasts(
  db: Queryable,
  equipmentId: string,
  limit: number,
): Promise<readonly ForecastRecord[]> {
  const found = await db.query<ForecastRecord>(
    `${FORECAST} WHERE e.equipment_id = $1 AND NOT f.shadow ORDER BY f.as_of DESC, f.component_id, f.revision DESC LIMIT $2`,
    [equipmentId, limit],
  );
  return found.rows;
}

export interface ReadingRecord {
  readonly messageKey: string;
  readonly observedAt: EpochMs;
  readonly values: Readonly<Record<string, number>>;
}

/** The readings that a forecast's window held, newest first, as the log stood when it was made. */
export async function readingsBehind(
  db: Queryable,
  forecast: ForecastRecord,
  limit: number,
): Promise<{readonly total: number; readonly newest: readonly ReadingRecord[]}> {
  const window = [
    forecast.equipmentNo,
    timestamp(forecast.windowFrom),
    timestamp(forecast.asOf),
    forecast.logSeqThrough,
  ];
  const where = 'equipment_no = $1 AND observed_at > $2 AND observed_at <= $3 AND log_seq <= $4';
  const total = await db.query<{total: number}>(
    `SELECT count(*) AS total FROM ingest.reading WHERE ${where}`,
    window,
  );
  const rows = await db.query<{message_key: string; observed_at: number; names: string[]; values: number[]}>(
    `SELECT r.message_key, r.observed_at, s.names, r."values" FROM ingest.reading r JOIN ingest.signal_set s USING (signal_set_id)
      WHERE ${where} ORDER BY r.observed_at DESC, r.message_key LIMIT $5`,
    [...window, limit],
  );
  return {
    total: total.rows[0]!.total,
    newest: rows.rows.map((row) => ({
      messageKey: row.message_key.replaceAll('-', ''),
      observedAt: epochMs(row.observed_at),
      values: Object.fromEntries(row.names.map((name, i) => [name, row.values[i]!])),
    })),
  };
}

export {modelHistory, registeredModels} from './adapters/model-registry.ts';
export type {RecordedStep} from './adapters/model-registry.ts';
export {standings} from './core/model-lifecycle.ts';
export type {LiveHorizon} from './core/live-evidence.ts';
export type {ModelDesk} from './model-desk.ts';
export type {RegisteredModel} from './model-ports.ts';
export {checkText} from './model-evidence.ts';
export type {Examination} from './model-evidence.ts';
export type {GateCheck} from './core/gate-check.ts';

/** What came of two versions' forecasts of the same components at the same instants, at each horizon. */
export async function compareLive(
  db: Queryable,
  request: Parameters<typeof pairedForecasts>[1],
): Promise<readonly LiveHorizon[]> {
  const [limits, pairs] = [await gateLimits(db, request.now), await pairedForecasts(db, request)];
  return judgeLive(pairs, request.now, limits.live);
}
export {DEFAULT_GATE_LIMITS, GateLimits} from './core/gate-limits.ts';
export {DEFAULT_TUNING, PredictTuning} from './core/tuning.ts';
export {BREACHES, DEFAULT_WATCH_RULES, WatchRules} from './core/watch-rules.ts';
export {INTERVAL} from './core/watch-figures.ts';
export {dryRunTuning, dryRunWatch} from './dry-run.ts';
export {findWatched} from './adapters/watch-reads.ts';
export {equipmentTelemetry} from './adapters/telemetry-rows.ts';
