import {plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Client} from '../../platform/pg.ts';
import type {Act, LastDecision} from '../group-book.ts';
import {PROPOSAL_LIFE_MS} from '../settle-group.ts';

/**
 * The newest act of each part and depot of the group since it last wanted nothing at all, as far back as a proposal lives. A need that
 * comes back after that is a new one.
 */
export async function latestActs(client: Client, groupId: string, now: EpochMs): Promise<readonly Act[]> {
  const found = await client.query<Act>(
    `SELECT DISTINCT ON (part_id, depot_id) decision_id AS "decisionId", state, mode, option->>'essence' AS essence, action,
            part_id AS "partId", depot_id AS "depotId", (extract(epoch FROM decided_at) * 1000)::float8 AS at,
            (SELECT (reason->>'position')::int FROM jsonb_array_elements(reasons) reason
              WHERE reason->>'code' IN ('position-below-target', 'position-covers-demand') LIMIT 1) AS position
       FROM replenish.decision WHERE group_id = $1 AND action <> 'nothing' AND decided_at >= $2 AND group_version > coalesce(
              (SELECT group_version FROM replenish.decision WHERE group_id = $1 AND action = 'nothing' ORDER BY group_version DESC LIMIT 1), 0)
      ORDER BY part_id, depot_id, group_version DESC`,
    [groupId, timestamp(plusMs(now, -PROPOSAL_LIFE_MS))],
  );
  return found.rows;
}

export async function lastDecision(client: Client, groupId: string): Promise<LastDecision | undefined> {
  const found = await client.query<LastDecision>(
    `SELECT decision_id AS "decisionId", state, action, option->>'essence' AS essence
       FROM replenish.decision WHERE group_id = $1 ORDER BY group_version DESC LIMIT 1`,
    [groupId],
  );
  return found.rows[0];
}

export async function withdraw(client: Client, decisionId: string, now: EpochMs): Promise<void> {
  await client.query(
    `UPDATE replenish.decision SET state = 'withdrawn' WHERE decision_id = $1 AND state = 'proposed'`,
    [decisionId],
  );
  await client.query(`SELECT platform.record_audit($1, 'forestock', 'decision.withdrawn', $2, '{}')`, [
    timestamp(now),
    decisionId,
  ]);
}
