import {groupBy} from '../../domain/group-by.ts';
import type {EpochMs} from '../../domain/time.ts';
import {parameterInForce} from '../../platform/parameters.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import type {NightSample, WatchedLife} from '../core/watch-tally.ts';
import type {InputMean, SliceReference, WatchStore} from '../watch-ports.ts';
import {fallBack} from './model-registry.ts';

/** Machines read at once: each brings a forecast a component and night. */
const MACHINES_MAX = 50;
/** References are a few kilobytes each; slices that nobody can have are a mistake elsewhere. */
const REFERENCES_MAX = 20_000;
const WATCHER = 'forestock';

interface LifeRow {
  readonly equipment_no: number;
  readonly equipment_class_id: string;
  readonly depot_id: string | null;
  readonly component_id: string;
  readonly installed_at: EpochMs;
  readonly removed_at: EpochMs | null;
  readonly failed: boolean;
}

interface SampleRow {
  readonly nth: number;
  readonly at: EpochMs;
  readonly as_of: EpochMs;
  readonly said: string;
  readonly horizons_h: number[];
  readonly cumulative_ppm: number[];
  readonly tail_hazard_ppb_per_h: number;
}

/** Machine's depot: the one that serves it first today. */
const FIRST_DEPOT = `LEFT JOIN LATERAL (SELECT s.depot_id FROM network.service_area s
    WHERE s.equipment_no = e.equipment_no AND s.valid_from <= $1 AND s.valid_to > $1 ORDER BY s.priority, s.depot_id LIMIT 1) d ON true`;

/** Predict's tables in PostgreSQL, through a pool under the role forestock_predict. */
/** @param targets Outbox targets that the alert of a fallback goes to. */
export function createWatchStore(pool: Pool, targets: readonly string[]): WatchStore {
  return {
    rules: (now) => parameterInForce(pool, 'predict.watch', now),
    async machines(after, midnights) {
      const lives = await livesOf(pool, after, midnights);
      const samples = groupBy(await samplesOf(pool, lives, midnights), ({nth}) => nth);
      const watched = lives.map((row, nth) => ({row, life: lifeOf(row, samples.get(nth + 1) ?? [])}));
      const machines = [...groupBy(watched, ({row}) => row.equipment_no)].map(([equipmentNo, of]) => ({
        equipmentNo,
        equipmentClassId: of[0]!.row.equipment_class_id,
        depotId: of[0]!.row.depot_id,
        lives: of.map(({life}) => life).filter((life) => life.samples.length > 0),
      }));
      const {rows} = await pool.query<{last: number | null}>(
        `SELECT max(equipment_no) AS last FROM (SELECT equipment_no FROM network.equipment WHERE equipment_no > $1 ORDER BY 1 LIMIT ${MACHINES_MAX}) e`,
        [after],
      );
      return {machines, last: rows[0]!.last};
    },
    async champions() {
      const found = await pool.query<{modelVersionId: string; equipmentClassId: string; since: EpochMs}>(
        `SELECT model_version_id AS "modelVersionId", equipment_class_id AS "equipmentClassId", from_at AS since FROM (
           SELECT DISTINCT ON (model_version_id, equipment_class_id) * FROM predict.model_state
            ORDER BY model_version_id, equipment_class_id, state_no DESC) s
          WHERE state = 'champion' ORDER BY 1, 2`,
      );
      return found.rows;
    },
    async references() {
      const found = await pool.query<SliceReference>(
        `SELECT said, equipment_class_id AS "equipmentClassId", nullif(depot_id, '') AS "depotId", first_at AS "firstAt", reference
           FROM predict.watch_reference ORDER BY 1, 2, depot_id LIMIT ${REFERENCES_MAX}`,
      );
      return found.rows;
    },
    async inputs(equipmentClassId, {from, to}) {
      const found = await pool.query<InputMean>(
        `SELECT b.signal, d.depot_id AS "depotId", sum(b.n * b.mean) / sum(b.n) AS mean
           FROM network.equipment e JOIN network.equipment_model m USING (model_id) ${FIRST_DEPOT}
           JOIN predict.feature_bucket b ON b.equipment_no = e.equipment_no AND b.bucket_at > $2 AND b.bucket_at <= $1
          WHERE m.equipment_class_id = $3 GROUP BY e.equipment_no, d.depot_id, b.signal ORDER BY b.signal, e.equipment_no`,
        [timestamp(to), timestamp(from), equipmentClassId],
      );
      return found.rows;
    },
    save: (night, rows, references) =>
      inTransaction(pool, async (client) => {
        await client.query(
          `INSERT INTO predict.model_watch (night, said, equipment_class_id, depot_id, figures, breaches)
           SELECT $1, r->>'said', r->>'equipmentClassId', coalesce(r->>'depotId', ''), r->'figures',
                  ARRAY(SELECT jsonb_array_elements_text(r->'breaches')) FROM jsonb_array_elements($2) r
           ON CONFLICT (night, said, equipment_class_id, depot_id) DO UPDATE SET figures = excluded.figures, breaches = excluded.breaches`,
          [timestamp(night), JSON.stringify(rows)],
        );
        for (const one of references) await saveReference(client, one);
      }),
    async fallBack({modelVersionId, equipmentClassId}, row, now) {
      const reason = `its forecasts are out of bounds: ${row.breaches.join(', ')}`;
      const done = await fallBack(
        pool,
        {modelVersionId: modelVersionId as never, equipmentClassId},
        {actor: WATCHER, reason, evidence: {breaches: row.breaches, figures: row.figures}, at: now},
        targets,
      );
      return done.ok;
    },
  };
}

async function livesOf(
  pool: Pool,
  after: number,
  {from, to}: {readonly from: EpochMs; readonly to: EpochMs},
): Promise<readonly LifeRow[]> {
  const found = await pool.query<LifeRow>(
    `SELECT e.equipment_no, m.equipment_class_id, d.depot_id, i.component_id, i.began_at AS installed_at,
            i.ended_at AS removed_at, i.failed
       FROM (SELECT * FROM network.equipment WHERE equipment_no > $3 ORDER BY equipment_no LIMIT ${MACHINES_MAX}) e
       JOIN network.equipment_model m USING (model_id) ${FIRST_DEPOT}
       JOIN predict.component_stretch i ON i.equipment_no = e.equipment_no AND i.began_at <= $1 AND (i.ended_at IS NULL OR i.ended_at > $2)
      ORDER BY e.equipment_no, i.position_id, i.began_at`,
    [timestamp(to), timestamp(from), after],
  );
  return found.rows;
}

/** The champion's newest forecast at each midnight, and that of each shadow, as they stood then. */
async function samplesOf(
  pool: Pool,
  lives: readonly LifeRow[],
  {from, to}: {readonly from: EpochMs; readonly to: EpochMs},
): Promise<readonly SampleRow[]> {
  if (lives.length === 0) return [];
  const said = `CASE WHEN method IN ('weibull-age', 'base-rate') THEN method ELSE model_version_id END`;
  const columns = 'as_of, model_version_id, method, horizons_h, cumulative_ppm, tail_hazard_ppb_per_h';
  const there = `FROM predict.forecast f WHERE f.component_id = l.component_id AND f.as_of > t.at - interval '1 day' AND f.as_of <= t.at
       AND f.as_of >= l.installed AND f.issued_at <= t.at AND f.as_of BETWEEN $4::timestamptz - interval '1 day' AND $5`;
  const found = await pool.query<SampleRow>(
    `SELECT l.nth, t.at, f.as_of, ${said} AS said, f.horizons_h, f.cumulative_ppm, f.tail_hazard_ppb_per_h
       FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) WITH ORDINALITY AS l(component_id, installed, removed, nth)
       JOIN LATERAL generate_series($4::timestamptz, $5::timestamptz, interval '1 day') AS t(at) ON t.at > l.installed AND t.at < l.removed
       JOIN LATERAL (
         (SELECT ${columns} ${there} AND NOT f.shadow ORDER BY f.as_of DESC, f.issued_at DESC, f.revision DESC LIMIT 1)
         UNION ALL
         (SELECT DISTINCT ON (model_version_id) ${columns} ${there} AND f.shadow ORDER BY model_version_id, f.as_of DESC, f.revision DESC)) f ON true
      ORDER BY l.nth, t.at`,
    [
      lives.map((row) => row.component_id),
      lives.map((row) => timestamp(row.installed_at)),
      lives.map((row) => timestamp(row.removed_at ?? Infinity)),
      timestamp(from),
      timestamp(to),
    ],
  );
  return found.rows;
}

function lifeOf(row: LifeRow, samples: readonly SampleRow[]): WatchedLife {
  return {
    componentId: row.component_id,
    installedAt: row.installed_at,
    endedAt: row.removed_at,
    failed: row.failed,
    samples: samples.map((sample): NightSample => ({
      at: sample.at,
      asOf: sample.as_of,
      said: sample.said,
      curve: {
        horizonsH: sample.horizons_h,
        cumulativePpm: sample.cumulative_ppm,
        tailHazardPpbPerH: sample.tail_hazard_ppb_per_h,
      },
    })),
  };
}

async function saveReference(client: Client, one: SliceReference): Promise<void> {
  const {said, equipmentClassId, depotId, firstAt, reference} = one;
  await client.query(
    `INSERT INTO predict.watch_reference AS w (said, equipment_class_id, depot_id, first_at, reference) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (said, equipment_class_id, depot_id) DO UPDATE SET reference = excluded.reference WHERE w.reference IS NULL`,
    [said, equipmentClassId, depotId ?? '', timestamp(firstAt), reference && JSON.stringify(reference)],
  );
}
