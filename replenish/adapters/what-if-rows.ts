import {gunzipSync} from 'node:zlib';
import type {Action} from '../../domain/decision.ts';
import {groupBy} from '../../domain/group-by.ts';
import {HOUR_MS, epochMs, plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {Situation} from '../core/decision/situation.ts';
import type {LifeLaw, ModelEvidence} from '../core/what-if/what-if-model.ts';
import type {Overlay} from '../core/what-if/what-if-overlay.ts';

/** Decisions held at a time: their situations are the largest rows there are. */
const BATCH = 100;
/** A forecast speaks about four weeks; an older one of another model says nothing of the decision. */
const CURVE_LIFE_MS = 672 * HOUR_MS;

export interface RecordedDecision {
  readonly decisionId: string;
  readonly decidedAt: EpochMs;
  readonly action: Action;
  readonly essence: string;
  readonly situation: Situation;
}

export interface HistoryFilter {
  /** From this instant on. */
  readonly from?: EpochMs | undefined;
  /** Before this instant. */
  readonly until?: EpochMs | undefined;
  readonly partId?: string | undefined;
  /** Decisions that were about this depot. */
  readonly depotId?: string | undefined;
}

const WHERE = `($1::timestamptz IS NULL OR d.decided_at >= $1) AND ($2::timestamptz IS NULL OR d.decided_at < $2)
  AND ($3::text IS NULL OR d.part_id = $3) AND ($4::text IS NULL OR d.depot_id = $4)`;

function parametersOf({from, until, partId, depotId}: HistoryFilter): (string | null)[] {
  const at = (instant: EpochMs | undefined): string | null =>
    instant === undefined ? null : timestamp(instant);
  return [at(from), at(until), partId ?? null, depotId ?? null];
}

export async function countDecisions(db: Queryable, filter: HistoryFilter): Promise<number> {
  const found = await db.query<{n: number}>(
    `SELECT count(*)::int AS n FROM replenish.decision d WHERE ${WHERE}`,
    parametersOf(filter),
  );
  return found.rows[0]!.n;
}

interface Row {
  readonly decision_id: string;
  readonly decided_at: EpochMs;
  readonly action: Action;
  readonly essence: string;
  readonly body: Buffer;
}

/** Recorded decisions with their situations, the oldest first, a bounded batch at a time. */
export async function* recordedDecisions(
  db: Queryable,
  filter: HistoryFilter,
): AsyncGenerator<readonly RecordedDecision[]> {
  let last: Row | undefined;
  for (;;) {
    const found = await db.query<Row>(
      `SELECT d.decision_id, d.decided_at, d.action, d.option->>'essence' AS essence, i.body
         FROM replenish.decision d JOIN replenish.decision_input i ON i.sha256 = d.input_sha256
        WHERE ${WHERE} AND ($5::timestamptz IS NULL OR (d.decided_at, d.decision_id) > ($5, $6::uuid))
        ORDER BY d.decided_at, d.decision_id LIMIT ${BATCH}`,
      [
        ...parametersOf(filter),
        last === undefined ? null : timestamp(last.decided_at),
        last?.decision_id ?? null,
      ],
    );
    if (found.rows.length === 0) return;
    last = found.rows.at(-1);
    yield found.rows.map(recorded);
  }
}

function recorded(row: Row): RecordedDecision {
  return {
    decisionId: row.decision_id,
    decidedAt: row.decided_at,
    action: row.action,
    essence: row.essence,
    situation: Situation.parse(JSON.parse(gunzipSync(row.body).toString('utf8'))),
  };
}

/** The newest recorded decisions of a time, the newest first, a bounded batch at a time. */
export async function* newestDecisions(
  db: Queryable,
  filter: HistoryFilter,
  max: number,
): AsyncGenerator<readonly RecordedDecision[]> {
  const found = await db.query<{decision_id: string}>(
    `SELECT d.decision_id FROM replenish.decision d WHERE ${WHERE} ORDER BY d.decided_at DESC, d.decision_id LIMIT $5`,
    [...parametersOf(filter), max],
  );
  const ids = found.rows.map((row) => row.decision_id);
  for (let from = 0; from < ids.length; from += BATCH) {
    const rows = await db.query<Row>(
      `SELECT d.decision_id, d.decided_at, d.action, d.option->>'essence' AS essence, i.body
         FROM replenish.decision d JOIN replenish.decision_input i ON i.sha256 = d.input_sha256
        WHERE d.decision_id = ANY($1::uuid[]) ORDER BY d.decided_at DESC, d.decision_id`,
      [ids.slice(from, from + BATCH)],
    );
    yield rows.rows.map(recorded);
  }
}

/** When a component failed that was built in at an instant; undefined where it did not, or was taken out before. */
export async function failuresAfter(
  db: Queryable,
  situations: readonly Situation[],
): Promise<(componentId: string, now: EpochMs) => EpochMs | undefined> {
  const seen = [...new Set(situations.flatMap(componentsOf).map(({componentId}) => componentId))];
  const found = await db.query<{component_id: string; installed_at: EpochMs; removed_at: EpochMs}>(
    `SELECT component_id, installed_at, removed_at FROM network.installation
      WHERE component_id = ANY($1::text[]) AND removal_cause = 'failure'`,
    [seen],
  );
  const failures = groupBy(found.rows, (row) => row.component_id);
  return (componentId, now) =>
    failures.get(componentId)?.find((one) => one.installed_at <= now && one.removed_at > now)?.removed_at;
}

interface InstallationRow {
  readonly component_id: string;
  readonly class_id: string;
  readonly installed_at: EpochMs;
  readonly removed_at: EpochMs | null;
  readonly shape: number | null;
  readonly scale_h: number | null;
  readonly mtbf_h: number | null;
}
interface CurveRow {
  readonly component_id: string;
  readonly now: EpochMs;
  readonly as_of: EpochMs;
  readonly revision: number;
  readonly method: string;
  readonly horizons_h: number[];
  readonly cumulative_ppm: number[];
  readonly tail_hazard_ppb_per_h: number;
}

/** What the overlay's models need about the components of some situations; nothing is read for an overlay without models. */
export async function loadModelEvidence(
  db: Queryable,
  {model}: Overlay,
  situations: readonly Situation[],
): Promise<ModelEvidence> {
  const seen = model.length === 0 ? [] : situations.flatMap(componentsOf);
  const installations = groupBy(await installationsOf(db, seen), (row) => row.component_id);
  const curves = new Map<string, CurveRow>();
  for (const change of model) {
    if (change.method !== 'version') continue;
    for (const row of await curvesOf(db, change.modelVersion, seen))
      curves.set(`${row.component_id}|${row.now}|${change.modelVersion}`, row);
  }
  return {
    component(componentId, now) {
      const row = installations
        .get(componentId)
        ?.find((one) => one.installed_at <= now && (one.removed_at === null || one.removed_at > now));
      if (row === undefined) return undefined;
      return {classId: row.class_id, ageH: (now - row.installed_at) / HOUR_MS, law: lawOf(row)};
    },
    curve(componentId, modelVersion, now) {
      const row = curves.get(`${componentId}|${now}|${modelVersion}`);
      if (row === undefined) return undefined;
      return {
        asOf: row.as_of,
        revision: row.revision,
        modelVersion,
        method: row.method,
        horizonsH: row.horizons_h,
        cumulativePpm: row.cumulative_ppm,
        tailHazardPpbPerH: row.tail_hazard_ppb_per_h,
      };
    },
  };
}

interface Seen {
  readonly componentId: string;
  readonly now: EpochMs;
}

function componentsOf({now, depots, substitutes = []}: Situation): Seen[] {
  return [...depots, ...substitutes.flatMap((one) => one.depots)].flatMap(({components}) =>
    components.map(({componentId}) => ({componentId, now: epochMs(now)})),
  );
}

function lawOf({shape, scale_h: scaleH, mtbf_h: mtbfH}: InstallationRow): LifeLaw | null {
  if (shape !== null && scaleH !== null) return {shape, scaleH};
  return mtbfH === null ? null : {shape: 1, scaleH: mtbfH};
}

async function installationsOf(db: Queryable, seen: readonly Seen[]): Promise<InstallationRow[]> {
  if (seen.length === 0) return [];
  const found = await db.query<InstallationRow>(
    `SELECT i.component_id, c.class_id, i.installed_at, i.removed_at, k.weibull_shape AS shape, k.weibull_scale_h AS scale_h, k.mtbf_h
       FROM network.installation i JOIN network.component c USING (component_id) JOIN network.component_class k USING (class_id)
      WHERE i.component_id = ANY($1::text[])`,
    [[...new Set(seen.map(({componentId}) => componentId))]],
  );
  return found.rows;
}

/** The newest forecast of a model version at each moment, its own bounds named so that the planner leaves out other months. */
async function curvesOf(db: Queryable, modelVersion: string, seen: readonly Seen[]): Promise<CurveRow[]> {
  if (seen.length === 0) return [];
  const moments = seen.map(({now}) => now);
  const found = await db.query<CurveRow>(
    `SELECT k.component_id, k.now, f.as_of, f.revision, f.method, f.horizons_h, f.cumulative_ppm, f.tail_hazard_ppb_per_h
       FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::timestamptz[]) AS k(component_id, now)) k
       JOIN LATERAL (SELECT * FROM predict.forecast f
                      WHERE f.component_id = k.component_id AND f.model_version_id = $3 AND f.as_of <= k.now
                        AND f.issued_at <= k.now AND f.as_of > k.now - make_interval(secs => $6) AND f.as_of BETWEEN $4 AND $5
                      ORDER BY f.as_of DESC, f.revision DESC LIMIT 1) f ON true`,
    [
      seen.map(({componentId}) => componentId),
      moments.map(timestamp),
      modelVersion,
      timestamp(plusMs(epochMs(Math.min(...moments)), -CURVE_LIFE_MS)),
      timestamp(epochMs(Math.max(...moments))),
      CURVE_LIFE_MS / 1000,
    ],
  );
  return found.rows;
}
