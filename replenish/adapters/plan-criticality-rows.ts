import type {Segment} from '../../domain/segment.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Client, Queryable} from '../../platform/pg.ts';
import type {DerivedCriticality, KnownCriticality} from '../plan-ports.ts';

/** The class of part `p` that decisions, thresholds and reports go by: as stated, else as derived, else 'B'. */
export const criticalityInForce = (p: string): string => `replenish.criticality_in_force(${p})`;

/** The segments that these parts are in, each once; of a part that nobody knows there is none. */
export async function segmentsOf(db: Queryable, partIds: readonly string[]): Promise<readonly Segment[]> {
  const {rows} = await db.query<{segment: Segment}>(
    `SELECT DISTINCT ${criticalityInForce('p')} AS segment FROM network.part p WHERE p.part_id = ANY ($1) ORDER BY segment`,
    [partIds],
  );
  return rows.map(({segment}) => segment);
}

export async function loadCriticalities(db: Queryable): Promise<ReadonlyMap<string, KnownCriticality>> {
  const {rows} = await db.query<KnownCriticality & {readonly partId: string}>(
    `SELECT p.part_id AS "partId", p.criticality AS stated, ${criticalityInForce('p')} AS "inForce" FROM network.part p`,
  );
  return new Map(rows.map((row) => [row.partId, row]));
}

export async function saveCriticalities(
  db: Client,
  runId: string,
  parts: readonly DerivedCriticality[],
  now: EpochMs,
): Promise<void> {
  await db.query(
    `INSERT INTO replenish.part_criticality (part_id, valid_from, criticality, reason, run_id)
     SELECT "partId", $2, derived, reason, $3 FROM jsonb_to_recordset($1::jsonb) AS x("partId" text, derived text, reason jsonb)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(parts), timestamp(now), runId],
  );
}
