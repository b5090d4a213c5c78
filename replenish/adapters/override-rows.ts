import {HOUR_MS} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {WatchedBackorder, WatchedOverride} from '../backorder-ports.ts';
import {capFor} from '../core/backorder/emergency-override.ts';
import type {OverrideVerdict, SupplyShock} from '../core/backorder/emergency-override.ts';
import type {Situation} from '../core/decision/situation.ts';
import {levelNumber} from '../core/backorder/threshold-matrix.ts';
import type {BackorderPolicy} from '../core/backorder/threshold-matrix.ts';

const TIMER = 'override';

/**
 * Pieces that wait at the depot of override `o` beyond the level that called for it, of its part and of those that it supersedes `at` (a
 * parameter's name): what is bought today serves them all.
 */
const waiting = (at: string): string => `(
  WITH RECURSIVE served(part_id, ratio) AS (
    SELECT o.part_id, 1 UNION
    SELECT r.from_part, s.ratio * r.ratio FROM served s JOIN network.part_relation r ON r.to_part = s.part_id
     WHERE r.kind = 'supersession' AND r.approval = 'approved' AND r.valid_from <= ${at} AND r.valid_to > ${at})
  SELECT coalesce(sum((l.qty - l.filled_qty) * s.ratio), 0) FROM served s
    JOIN replenish.backorder b ON b.part_id = s.part_id AND b.depot_id = o.depot_id AND b.closed_at IS NULL AND b.level >= o.from_level
    JOIN network.demand_line l ON l.demand_id = b.demand_id AND l.state = 'open')::int`;

/** The part that is bought today for $1: the last of its successors. */
const BOUGHT = `
  WITH RECURSIVE chain(part_id, step) AS (
    SELECT $1::text, 0 UNION ALL
    SELECT r.to_part, c.step + 1 FROM chain c JOIN network.part_relation r ON r.from_part = c.part_id
     WHERE r.kind = 'supersession' AND r.approval = 'approved' AND r.valid_from <= $2 AND r.valid_to > $2 AND c.step < 100)
  SELECT part_id FROM chain ORDER BY step DESC, part_id LIMIT 1`;

interface ShockRow {
  readonly part_id: string;
  readonly depot_id: string;
  readonly override_id: string;
  readonly state: 'standing' | 'recovering';
  readonly waiting: number;
  readonly cap_pieces: number;
  readonly ordered: number;
  readonly coming: number;
  readonly reverted_at: EpochMs | null;
  readonly recovery_steps: number | null;
  readonly recovery_step_h: number | null;
}
const SHOCKS = `
  SELECT o.part_id, o.depot_id, o.override_id, o.state, ${waiting('$2')} AS waiting, o.cap_pieces, s.ordered, s.coming, o.reverted_at, o.recovery_steps,
         o.recovery_step_h
    FROM replenish.supply_override o CROSS JOIN LATERAL (
      SELECT coalesce(sum(s.qty), 0)::int AS ordered, coalesce(sum(s.qty - s.received_qty) FILTER (WHERE s.state <> 'received'), 0)::int AS coming
        FROM network.supply_order s WHERE s.part_id = o.part_id AND s.to_loc = 'depot:' || o.depot_id AND s.ordered_at >= o.opened_at
         AND s.state NOT IN ('cancelled', 'rejected')) s
   WHERE o.part_id = ANY($1::text[]) AND o.state <> 'ended'`;

/** What a long backorder does to the levels of a family's depots; most have none. */
export async function loadShocks(
  db: Queryable,
  family: readonly string[],
  now: EpochMs,
): Promise<(situation: Situation) => Situation> {
  const {rows} = await db.query<ShockRow>(SHOCKS, [family, timestamp(now)]);
  if (rows.length === 0) return (situation) => situation;
  return (situation) => ({
    ...situation,
    depots: situation.depots.map((depot) => {
      const row = rows.find((one) => one.part_id === situation.part.partId && one.depot_id === depot.depotId);
      return row === undefined ? depot : {...depot, supplyShock: toShock(row, now)};
    }),
  });
}

function toShock(row: ShockRow, now: EpochMs): SupplyShock {
  const {
    override_id: overrideId,
    reverted_at: revertedAt,
    recovery_steps: steps,
    recovery_step_h: stepH,
  } = row;
  if (row.state === 'standing' || revertedAt === null || steps === null || stepH === null)
    return {
      phase: 'override',
      overrideId,
      waiting: row.waiting,
      capPieces: row.cap_pieces,
      ordered: row.ordered,
      coming: row.coming,
    };
  const step = Math.min(steps, 1 + Math.floor((now - revertedAt) / (stepH * HOUR_MS)));
  return {phase: 'recovery', overrideId, step, steps};
}

/** Opens an override, or renews one that is on its way out, and has the group decide with it. */
export async function openOverride(
  db: Queryable,
  backorder: WatchedBackorder,
  policy: BackorderPolicy,
  now: EpochMs,
): Promise<void> {
  const {demandId, depotId, partyId} = backorder;
  const at = timestamp(now);
  const {part_id: partId} = (await db.query<{part_id: string}>(BOUGHT, [backorder.partId, at])).rows[0]!;
  const level = levelNumber(policy.override.from);
  // A line passes each level once, but the level that calls for an override may be another one later.
  const overrideId = causeId('override', demandId, level);
  const found = await db.query<{pieces: number}>(
    `SELECT ${waiting('$4')} AS pieces FROM (SELECT $1::text AS part_id, $2::text AS depot_id, $3::int AS from_level) AS o`,
    [partId, depotId, level, at],
  );
  const capPieces = capFor(policy, found.rows[0]!.pieces);
  const opened = await db.query<{override_id: string; renewed: boolean}>(
    `INSERT INTO replenish.supply_override AS o (override_id, part_id, depot_id, party_id, demand_id, state, from_level, cap_pieces, opened_at)
     VALUES ($1, $2, $3, $4, $5, 'standing', $6, $7, $8)
     ON CONFLICT (part_id, depot_id) WHERE state <> 'ended' DO UPDATE
        SET state = 'standing', cap_pieces = greatest(o.cap_pieces, excluded.cap_pieces), stable_since = NULL,
            opened_at = CASE o.state WHEN 'standing' THEN o.opened_at ELSE excluded.opened_at END,
            reverted_at = NULL, reverted_because = NULL, recovery_steps = NULL, recovery_step_h = NULL
     RETURNING override_id, override_id <> $1 AS renewed`,
    [overrideId, partId, depotId, partyId, demandId, level, capPieces, at],
  );
  const {override_id: id, renewed} = opened.rows[0]!;
  await setTimer(db, id, now);
  await audit(db, now, renewed ? 'override.renewed' : 'override.opened', id, {
    demandId,
    partId,
    depotId,
    capPieces,
  });
  await haveDecided(db, id, partId, now);
}

/** Overdue: an order to the depot past its date, and not all of it here. */
export async function dueOverrides(
  db: Queryable,
  now: EpochMs,
  overridesMax: number,
): Promise<WatchedOverride[]> {
  const found = await db.query<
    Omit<WatchedOverride, 'recovery'> & {steps: number | null; stepH: number | null}
  >(
    `SELECT o.override_id AS "overrideId", o.part_id AS "partId", o.depot_id AS "depotId", o.state, o.opened_at AS "openedAt",
            o.stable_since AS "stableSince", o.reverted_at AS "revertedAt", o.recovery_steps AS steps, o.recovery_step_h AS "stepH", ${waiting('$1')} AS waiting,
            (SELECT count(*) FROM network.supply_order s WHERE s.part_id = o.part_id AND s.to_loc = 'depot:' || o.depot_id
                AND s.state IN ('released', 'confirmed', 'shipped') AND coalesce(s.promised_at, s.expected_at) < $1)::int AS overdue
       FROM platform.world_timer t JOIN replenish.supply_override o ON o.override_id::text = t.key AND o.state <> 'ended'
      WHERE t.kind = '${TIMER}' AND t.due_at <= $1 ORDER BY t.due_at, o.override_id LIMIT $2`,
    [timestamp(now), overridesMax],
  );
  return found.rows.map(({steps, stepH, ...row}) => ({
    ...row,
    recovery: steps === null || stepH === null ? null : {steps, stepH},
  }));
}

export async function settleOverride(
  db: Queryable,
  {overrideId, partId, depotId}: WatchedOverride,
  verdict: OverrideVerdict,
  now: EpochMs,
): Promise<void> {
  switch (verdict.verdict) {
    case 'stand':
      await db.query('UPDATE replenish.supply_override SET stable_since = $2 WHERE override_id = $1', [
        overrideId,
        verdict.stableSince === null ? null : timestamp(verdict.stableSince),
      ]);
      return setTimer(db, overrideId, verdict.lookAt);
    case 'revert': {
      const {because, recovery} = verdict;
      await db.query(
        `UPDATE replenish.supply_override SET state = 'recovering', reverted_at = $2, reverted_because = $3, recovery_steps = $4, recovery_step_h = $5
          WHERE override_id = $1`,
        [overrideId, timestamp(now), because, recovery.steps, recovery.stepH],
      );
      await audit(db, now, 'override.reverted', overrideId, {partId, depotId, because, recovery});
      await setTimer(db, overrideId, verdict.lookAt);
      return haveDecided(db, overrideId, partId, now);
    }
    case 'recover':
      await setTimer(db, overrideId, verdict.lookAt);
      return haveDecided(db, overrideId, partId, now);
    case 'end':
      await db.query(
        `UPDATE replenish.supply_override SET state = 'ended', ended_at = $2 WHERE override_id = $1`,
        [overrideId, timestamp(now)],
      );
      await db.query(`DELETE FROM platform.world_timer WHERE kind = '${TIMER}' AND key = $1`, [overrideId]);
      await audit(db, now, 'override.ended', overrideId, {partId, depotId});
      return haveDecided(db, overrideId, partId, now);
  }
}

async function setTimer(db: Queryable, overrideId: string, at: EpochMs): Promise<void> {
  await db.query(
    `INSERT INTO platform.world_timer (kind, key, due_at) VALUES ('${TIMER}', $1, $2)
     ON CONFLICT (kind, key) DO UPDATE SET due_at = excluded.due_at`,
    [overrideId, timestamp(at)],
  );
}

async function haveDecided(db: Queryable, overrideId: string, partId: string, now: EpochMs): Promise<void> {
  await db.query(
    `SELECT replenish.raise_demand_signal($1, p.group_id, 'override', $2, $3) FROM network.part p WHERE p.part_id = $4`,
    [causeId('signal', 'override', overrideId, now), overrideId, timestamp(now), partId],
  );
}

async function audit(
  db: Queryable,
  now: EpochMs,
  action: string,
  overrideId: string,
  body: Record<string, unknown>,
): Promise<void> {
  await db.query(`SELECT platform.record_audit($1, 'forestock', $2, $3, $4)`, [
    timestamp(now),
    action,
    overrideId,
    JSON.stringify(body),
  ]);
}
