import {DAY_MS} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Pool, Queryable} from '../../platform/pg.ts';
import {LOOK_BACK_DAYS} from '../core/lead-time/delay-law.ts';
import {EVIDENCE_MIN, learnLeadTimes} from '../core/lead-time/lead-time.ts';
import type {LearnedLeadTime, PlannedLane, SupplyRecord} from '../core/lead-time/lead-time.ts';
import {TAKEN_UP} from './learned-supply.ts';

const LOOK_BACK_MS = LOOK_BACK_DAYS * DAY_MS;
/** Orders of one source at most, the newest: what is learnt of thousands no longer changes. */
const ORDERS_MAX = 20_000;
/** A lead time that moved by less than an hour and a hundredth of the plan says what it said before. */
const MOVED_D = 1 / 24;
const MOVED_SHARE = 0.01;
/** Versions are kept so long after a newer one has come; decisions hold what they used themselves. */
const KEEP_MS = 400 * DAY_MS;

/** Learns the lead times of every lane from its source's deliveries, and has the groups look again whose lanes have moved. */
export async function learnAll(
  pool: Pool,
  now: EpochMs,
): Promise<{readonly learned: number; readonly moved: number; readonly dropped: number}> {
  const sources = await pool.query<{loc: string}>(
    `SELECT DISTINCT from_loc AS loc FROM network.supply_order WHERE ordered_at > $1 AND ordered_at <= $2 AND from_loc ~ '^(supplier|depot):' ORDER BY 1`,
    [timestamp(now - LOOK_BACK_MS), timestamp(now)],
  );
  let learned = 0;
  let moved = 0;
  for (const {loc} of sources.rows) {
    const [records, lanes] = [await readRecords(pool, loc, now), await readLanes(pool, loc, now)];
    const all = learnLeadTimes(records, lanes);
    const fresh = all.filter((one) => hasMoved(one));
    await write(pool, fresh, now);
    learned += all.length;
    moved += fresh.length;
  }
  const {rowCount} = await pool.query(
    `DELETE FROM replenish.lead_time o WHERE o.learned_at < $1 AND EXISTS (SELECT FROM replenish.lead_time n
      WHERE (n.part_id, n.depot_id, n.source_kind, n.source_id, n.kind) = (o.part_id, o.depot_id, o.source_kind, o.source_id, o.kind)
        AND n.learned_at > o.learned_at AND n.learned_at < $1)`,
    [timestamp(now - KEEP_MS)],
  );
  return {learned, moved, dropped: rowCount ?? 0};
}

/** A lane, and what was last written of it. */
interface Lane extends PlannedLane {
  readonly meanDays: number | null;
  readonly sdDays: number | null;
  readonly enough: boolean | null;
}

function hasMoved({lane, meanDays, sdDays, evidence}: LearnedLeadTime): boolean {
  const before = lane as Lane;
  if (before.meanDays === null || before.sdDays === null) return true;
  const least = Math.max(MOVED_D, MOVED_SHARE * lane.planDays);
  return (
    before.enough !== evidence >= EVIDENCE_MIN ||
    Math.abs(before.meanDays - meanDays) > least ||
    Math.abs(before.sdDays - sdDays) > least
  );
}

async function readLanes(db: Queryable, loc: string, now: EpochMs): Promise<Lane[]> {
  const {rows} = await db.query<Lane>(
    `SELECT DISTINCT ON (s.part_id, s.depot_id, s.kind) s.part_id AS "partId", s.depot_id AS "depotId", s.source_kind AS "sourceKind",
            s.source_id AS "sourceId", s.kind, s.lead_time_mean_d AS "planDays", s.lead_time_sd_d AS "planSdDays",
            l.mean_d AS "meanDays", l.sd_d AS "sdDays", l.enough
       FROM network.sourcing s
       LEFT JOIN LATERAL (SELECT l.mean_d, l.sd_d, l.enough FROM replenish.lead_time l
                           WHERE l.part_id = s.part_id AND l.depot_id = s.depot_id AND l.source_kind = s.source_kind AND l.source_id = s.source_id
                             AND l.kind = s.kind ORDER BY l.learned_at DESC LIMIT 1) l ON true
      WHERE s.source_kind = split_part($1, ':', 1) AND s.source_id = substr($1, strpos($1, ':') + 1) AND s.valid_from <= $2
      ORDER BY s.part_id, s.depot_id, s.kind, s.valid_from DESC`,
    [loc, timestamp(now)],
  );
  return rows;
}

/**
 * Orders of one source against the lead time that its master data had when they were placed, from when the source took them up. One that was hurried is left out of
 * sight from then on, one that was called off too: that it had taken so long is known, how long it would have taken is not.
 */
async function readRecords(db: Queryable, loc: string, now: EpochMs): Promise<SupplyRecord[]> {
  const {rows} = await db.query<SupplyRecord>(
    `SELECT o.part_id AS "partId", substr(o.to_loc, 7) AS "depotId", s.source_kind AS "sourceKind", s.source_id AS "sourceId", s.kind,
            s.lead_time_mean_d AS "planDays", days.promised AS "promisedDays", days.took AS "tookDays", days.open
       FROM network.supply_order o
       CROSS JOIN LATERAL (SELECT min(e.world_at) FILTER (WHERE e.type = 'expedited') AS hurried_at,
                                  max(e.world_at) FILTER (WHERE e.type = 'cancel') AS cancelled_at
                             FROM network.supply_order_event e WHERE e.order_id = o.order_id) e
       CROSS JOIN LATERAL (SELECT coalesce(e.hurried_at, o.received_at, e.cancelled_at, $2) AS until) u
       CROSS JOIN LATERAL (SELECT ${TAKEN_UP} AS at) k
       CROSS JOIN LATERAL (SELECT CASE WHEN o.first_promised_at > k.at OR k.at = o.ordered_at
                                       THEN (extract(epoch FROM o.first_promised_at - k.at) / 86400)::float8 END AS promised,
                                  (extract(epoch FROM u.until - k.at) / 86400)::float8 AS took,
                                  e.hurried_at IS NOT NULL OR o.received_at IS NULL AS open) days
       JOIN LATERAL (SELECT s.source_kind, s.source_id, s.kind, s.lead_time_mean_d FROM network.sourcing s
                      WHERE s.part_id = o.part_id AND s.depot_id = substr(o.to_loc, 7) AND s.source_kind = split_part($1, ':', 1)
                        AND s.source_id = substr($1, strpos($1, ':') + 1) AND s.valid_from <= o.ordered_at
                        AND s.kind = CASE WHEN o.kind IN ('emergency', 'repair') THEN o.kind ELSE 'normal' END
                      ORDER BY s.valid_from DESC LIMIT 1) s ON true
      WHERE o.from_loc = $1 AND o.to_loc LIKE 'depot:%' AND o.ordered_at > $3 AND o.ordered_at <= $2
        AND o.kind IN ('purchase', 'transfer', 'emergency', 'repair') AND o.state NOT IN ('proposed', 'rejected')
        AND (o.mode IS NULL OR e.hurried_at IS NOT NULL) AND u.until > k.at AND u.until <= $2
        AND (o.state <> 'received' OR o.received_at IS NOT NULL) AND (o.state <> 'cancelled' OR e.cancelled_at IS NOT NULL)
      ORDER BY o.ordered_at DESC, o.order_id LIMIT $4`,
    [loc, timestamp(now), timestamp(now - LOOK_BACK_MS), ORDERS_MAX],
  );
  return rows;
}

async function write(pool: Pool, fresh: readonly LearnedLeadTime[], now: EpochMs): Promise<void> {
  if (fresh.length === 0) return;
  const pairs = (law: LearnedLeadTime['lead']): [number, number][] =>
    law.map(({days, weight}) => [days, weight]);
  const rows = fresh.map(({lane, lead, promise, ...one}) => ({
    ...lane,
    ...one,
    enough: one.evidence >= EVIDENCE_MIN,
    lead: pairs(lead),
    promise: pairs(promise),
  }));
  const written = await pool.query<{group_id: string}>(
    `WITH fresh AS (
       INSERT INTO replenish.lead_time (part_id, depot_id, source_kind, source_id, kind, learned_at, plan_d, mean_d, sd_d, evidence, enough, lead, promise)
       SELECT r."partId", r."depotId", r."sourceKind", r."sourceId", r.kind, $2, r."planDays", r."meanDays", r."sdDays", r.evidence, r.enough, r.lead, r.promise
         FROM jsonb_to_recordset($1) AS r("partId" text, "depotId" text, "sourceKind" text, "sourceId" text, kind text, "planDays" float8,
              "meanDays" float8, "sdDays" float8, evidence float8, enough boolean, lead jsonb, promise jsonb)
       ON CONFLICT DO NOTHING RETURNING part_id)
     SELECT DISTINCT p.group_id FROM fresh JOIN network.part p USING (part_id) ORDER BY 1`,
    [JSON.stringify(rows), timestamp(now)],
  );
  const groups = written.rows.map((row) => row.group_id);
  await pool.query(
    `SELECT replenish.raise_demand_signal(s.id, s.group_id, 'lead-time', $3, $4) FROM unnest($1::uuid[], $2::text[]) AS s(id, group_id)`,
    [
      groups.map((groupId) => causeId('signal', groupId, 'lead-time', fresh[0]!.lane.sourceId, now)),
      groups,
      fresh[0]!.lane.sourceId,
      timestamp(now),
    ],
  );
}
