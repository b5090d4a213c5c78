import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {isRed} from '../core/backorder/backorder-review.ts';
import type {BackorderReview} from '../core/backorder/backorder-review.ts';
import type {BackorderCause, CauseShare} from '../core/backorder/root-cause.ts';
import {LEVELS} from '../core/backorder/threshold-matrix.ts';
import type {Level} from '../core/backorder/threshold-matrix.ts';
import {reviewAfterDays} from './backorder-rows.ts';
import {shortageMinorPerH} from './component-rows.ts';

export const REVIEW_COLUMNS = `r.demand_id AS "demandId", r.opened_at AS "openedAt", r.due_at AS "dueAt", r.cause, r.resolution,
  r.preventive_action AS "preventiveAction", r.owner, r.action_due_at AS "actionDueAt", r.closed_at AS "closedAt", r.closed_by AS "closedBy"`;

export interface Correction {
  readonly cause: BackorderCause;
  readonly reason: string;
  readonly by: string;
  readonly at: EpochMs;
}

/** What is known of a backorder beside its line. */
export interface BackorderStanding {
  /** The highest threshold passed. */
  readonly level: Level | null;
  /** As the evidence says, shares summing to 100; empty until it was looked at. */
  readonly causes: readonly CauseShare[];
  readonly correction: Correction | null;
  readonly review: BackorderReview | null;
  /** It has lasted so long that it must have been reviewed, and nobody has closed its review. */
  readonly isRed: boolean;
  /** What its machine costs while it waits: downtime and plain penalty; 0 when it names none. */
  readonly waitingMinorPerH: number;
}

interface StandingRow {
  readonly demand_id: string;
  readonly needed_at: EpochMs;
  readonly level: number | null;
  readonly causes: readonly CauseShare[] | null;
  readonly correction: Correction | null;
  readonly reviewed: boolean;
  readonly waiting: number;
}

/** The standing of lines, by id. Red counts from the need itself, whether or not anybody watched. */
export async function readStandings(
  db: Queryable,
  demandIds: readonly string[],
  now: EpochMs,
): Promise<ReadonlyMap<string, BackorderStanding>> {
  const afterDays = await reviewAfterDays(db, now);
  const rows = await db.query<StandingRow & {corrected_at: EpochMs | null}>(
    `SELECT l.demand_id, l.needed_at, (${shortageMinorPerH('$2')})::float8 AS waiting, b.level, b.causes, b.corrected_at,
            CASE WHEN b.corrected_at IS NOT NULL
                 THEN jsonb_build_object('cause', b.corrected_cause, 'reason', b.correction_reason, 'by', b.corrected_by) END AS correction
       FROM network.demand_line l LEFT JOIN replenish.backorder b USING (demand_id) LEFT JOIN network.equipment e USING (equipment_no)
      WHERE l.demand_id = ANY($1::uuid[])`,
    [demandIds, timestamp(now)],
  );
  const reviews = await db.query<BackorderReview>(
    `SELECT ${REVIEW_COLUMNS} FROM replenish.backorder_review r WHERE r.demand_id = ANY($1::uuid[])`,
    [demandIds],
  );
  const reviewOf = new Map(reviews.rows.map((review) => [review.demandId, review]));
  return new Map(
    rows.rows.map((row) => {
      const review = reviewOf.get(row.demand_id) ?? null;
      return [
        row.demand_id,
        {
          level: LEVELS[(row.level ?? 0) - 1] ?? null,
          causes: row.causes ?? [],
          correction: row.correction && {...row.correction, at: row.corrected_at!},
          review,
          isRed: isRed(row.needed_at, review, afterDays, now),
          waitingMinorPerH: row.waiting,
        },
      ];
    }),
  );
}

export interface ReviewRow extends BackorderReview {
  readonly partId: string;
  readonly depotId: string;
  readonly neededAt: EpochMs;
  readonly backorderClosedAt: EpochMs | null;
  /** As the evidence says: what to begin from. */
  readonly causes: readonly CauseShare[];
}

/** Reviews, the next to fall due first. */
export async function listReviews(
  db: Queryable,
  {state, limit}: {readonly state?: 'open' | 'closed' | undefined; readonly limit: number},
): Promise<readonly ReviewRow[]> {
  const found = await db.query<ReviewRow>(
    `SELECT ${REVIEW_COLUMNS}, b.part_id AS "partId", b.depot_id AS "depotId", b.needed_at AS "neededAt", b.closed_at AS "backorderClosedAt",
            coalesce(b.causes, '[]') AS causes
       FROM replenish.backorder_review r JOIN replenish.backorder b USING (demand_id)
      WHERE $1::text IS NULL OR (r.closed_at IS NULL) = ($1 = 'open') ORDER BY r.due_at, r.demand_id LIMIT $2`,
    [state ?? null, limit],
  );
  return found.rows;
}

export interface OverrideRow {
  readonly overrideId: string;
  readonly partId: string;
  readonly depotId: string;
  readonly demandId: string;
  readonly state: 'standing' | 'recovering' | 'ended';
  readonly capPieces: number;
  readonly openedAt: EpochMs;
  readonly stableSince: EpochMs | null;
  readonly revertedAt: EpochMs | null;
  readonly revertedBecause: 'supply-stable' | 'time-over' | null;
  readonly endedAt: EpochMs | null;
}

/** Overrides, the newest first. */
export async function listOverrides(
  db: Queryable,
  {partId, limit}: {readonly partId?: string | undefined; readonly limit: number},
): Promise<readonly OverrideRow[]> {
  const found = await db.query<OverrideRow>(
    `SELECT override_id AS "overrideId", part_id AS "partId", depot_id AS "depotId", demand_id AS "demandId", state, cap_pieces AS "capPieces",
            opened_at AS "openedAt", stable_since AS "stableSince", reverted_at AS "revertedAt", reverted_because AS "revertedBecause", ended_at AS "endedAt"
       FROM replenish.supply_override WHERE $1::text IS NULL OR part_id = $1 ORDER BY opened_at DESC, override_id LIMIT $2`,
    [partId ?? null, limit],
  );
  return found.rows;
}

export interface BackorderEventRow {
  readonly eventNo: number;
  readonly type: string;
  readonly actor: string;
  readonly at: EpochMs;
  readonly body: Record<string, unknown>;
}

/** What became of one backorder, step by step. */
export async function backorderEvents(
  db: Queryable,
  demandId: string,
): Promise<readonly BackorderEventRow[]> {
  const found = await db.query<BackorderEventRow>(
    `SELECT event_no AS "eventNo", type, actor, world_at AS at, body FROM replenish.backorder_event WHERE demand_id = $1 ORDER BY event_no`,
    [demandId],
  );
  return found.rows;
}
