import {timestamp, together} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import {causeId} from '../../platform/ids.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {Unplannable} from '../ports.ts';
import {NIGHTLY} from './demand-forecast-rows.ts';

/** Signals of one group settled by one decision at most; the rest is the next one's. */
const SIGNALS_MAX = 10_000;

/** The alert of a group that nobody plans. */
const UNPLANNABLE = 'group-unplannable';

/**
 * Groups that something was heard of come before those that only the night asks for. What is to come was heard before the database's clock was set
 * back: it has waited long enough.
 */
export async function dirtyGroups(
  pool: Pool,
  groupsMax: number,
  coalesceMs: number,
): Promise<readonly string[]> {
  const found = await pool.query<{group_id: string}>(
    `SELECT group_id FROM replenish.demand_signal WHERE pending GROUP BY group_id
     HAVING min(wall_at) NOT BETWEEN clock_timestamp() - make_interval(secs => $2) AND clock_timestamp() ORDER BY bool_and(cause_kind = '${NIGHTLY}'), group_id LIMIT $1`,
    [groupsMax, coalesceMs / 1000],
  );
  return found.rows.map((row) => row.group_id);
}

/** The group's pending signals, in order; none when another process holds the group. */
export async function claim(client: Client, groupId: string): Promise<readonly string[]> {
  const claimed = await client.query<{held: boolean; signal_ids: string[]}>(
    `WITH lock AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtextextended('group:' || $1, 0)) AS held)
     SELECT held, ARRAY(SELECT signal_id FROM replenish.demand_signal WHERE pending AND group_id = $1 ORDER BY world_at, signal_id LIMIT $2) AS signal_ids
       FROM lock`,
    [groupId, SIGNALS_MAX],
  );
  const {held, signal_ids: signalIds} = claimed.rows[0]!;
  return held ? signalIds : [];
}

/** The signals are answered by this decision. */
export async function link(client: Client, signalIds: readonly string[], decisionId: string): Promise<void> {
  await client.query(
    `WITH settled AS (UPDATE replenish.demand_signal SET pending = false WHERE signal_id = ANY($1::uuid[]) RETURNING signal_id)
     INSERT INTO replenish.decision_signal (signal_id, decision_id) SELECT signal_id, $2 FROM settled`,
    [signalIds, decisionId],
  );
}

/** Answers the signals of a group that cannot be planned, and has somebody told. */
export async function sayUnplannable(
  client: Client,
  {
    groupId,
    signalIds,
    now,
    reason,
  }: {
    readonly groupId: string;
    readonly signalIds: readonly string[];
    readonly now: EpochMs;
    readonly reason: string;
  },
): Promise<Unplannable> {
  const at = timestamp(now);
  const body = JSON.stringify({groupId, reason});
  await together([
    client.query('UPDATE replenish.demand_signal SET pending = false WHERE signal_id = ANY($1::uuid[])', [
      signalIds,
    ]),
    client.query(`SELECT platform.record_audit($1, 'forestock', 'signal.unplannable', $2, $3)`, [
      at,
      groupId,
      body,
    ]),
    // A family is no single depot's: whose the first central one is hears of it.
    client.query(
      `SELECT replenish.open_alert($1, '${UNPLANNABLE}', $2, d.party_id, $3, 1, 0, NULL, NULL, $4)
         FROM (SELECT party_id FROM network.depot ORDER BY parent_depot_id IS NOT NULL, depot_id LIMIT 1) d`,
      [causeId('alert', UNPLANNABLE, groupId, now), groupId, at, body],
    ),
  ]);
  return {groupId, state: 'unplannable', reason};
}

export async function clearUnplannable(client: Client, groupId: string, now: EpochMs): Promise<void> {
  await client.query(`SELECT replenish.clear_alert('${UNPLANNABLE}', $1, $2, '{}')`, [
    groupId,
    timestamp(now),
  ]);
}
