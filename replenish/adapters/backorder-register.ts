import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {LEVELS} from '../core/backorder/threshold-matrix.ts';
import type {Level} from '../core/backorder/threshold-matrix.ts';

export interface BackorderFilter {
  readonly partId?: string | undefined;
  readonly depotId?: string | undefined;
  readonly customerPartyId?: string | undefined;
  readonly tier?: string | undefined;
  /** At least this one passed. */
  readonly level?: Level | undefined;
  /** Among its causes; what a person says it was counts instead. */
  readonly cause?: string | undefined;
  /** Late for at least so long, and for less than this. */
  readonly lateFromH?: number | undefined;
  readonly lateToH?: number | undefined;
  readonly limit: number;
  /** Goes on behind this line. */
  readonly after?: {readonly neededAt: EpochMs; readonly demandId: string} | undefined;
}

/** Ids of open needs whose time has passed, oldest first. */
export async function findBackorders(
  db: Queryable,
  filter: BackorderFilter,
  now: EpochMs,
): Promise<readonly string[]> {
  const {partId, depotId, customerPartyId, tier, level, cause, lateFromH, lateToH, limit, after} = filter;
  const found = await db.query<{demandId: string}>(
    `SELECT l.demand_id AS "demandId" FROM network.demand_line l LEFT JOIN replenish.backorder b USING (demand_id)
      WHERE l.state = 'open' AND l.needed_at < $1
        AND ($2::text IS NULL OR l.part_id = $2) AND ($3::text IS NULL OR l.depot_id = $3)
        AND ($4::text IS NULL OR l.customer_party_id = $4) AND ($5::text IS NULL OR l.tier = $5)
        AND ($6::int IS NULL OR b.level >= $6)
        AND ($7::text IS NULL OR CASE WHEN b.corrected_cause IS NULL
               THEN b.causes @> jsonb_build_array(jsonb_build_object('cause', $7::text)) ELSE b.corrected_cause = $7 END)
        AND ($8::float8 IS NULL OR l.needed_at <= $1::timestamptz - $8 * interval '1 hour')
        AND ($9::float8 IS NULL OR l.needed_at > $1::timestamptz - $9 * interval '1 hour')
        AND ($10::timestamptz IS NULL OR (l.needed_at, l.demand_id) > ($10, $11::uuid))
      ORDER BY l.needed_at, l.demand_id LIMIT $12`,
    [
      timestamp(now),
      partId ?? null,
      depotId ?? null,
      customerPartyId ?? null,
      tier ?? null,
      level === undefined ? null : LEVELS.indexOf(level) + 1,
      cause ?? null,
      lateFromH ?? null,
      lateToH ?? null,
      after === undefined ? null : timestamp(after.neededAt),
      after?.demandId ?? null,
      limit,
    ],
  );
  return found.rows.map(({demandId}) => demandId);
}
