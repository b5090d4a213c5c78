import {HOUR_MS, plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Client} from '../../platform/pg.ts';
import type {Policy, Situation} from '../core/decision/situation.ts';

/** A proposal that nobody looked at for this long no longer fits the situation; so long, too, a planner's no is not asked for again. */
export const PROPOSAL_LIFE_MS = 7 * 24 * HOUR_MS;
/** A decision that does something, or would. */
interface Act {
  readonly decisionId: string;
  readonly state: string;
  readonly mode: string;
  readonly essence: string;
  readonly action: string;
  readonly partId: string;
  readonly depotId: string;
  readonly at: number;
  /** Of the depot and those it feeds, when it was decided; null where the reasons do not say. */
  readonly position: number | null;
}

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

/**
 * Whether an act still says what is to be done: the same again is linked to it, not written. One that was carried out, or that nobody
 * answered in time, does not; what was only recorded in shadow is said anew once proposals are wanted.
 */
export function stands({state, mode}: Act, policy: Policy): boolean {
  return state === 'rejected' || ((state === 'proposed' || state === 'recorded') && mode === policy.mode);
}

export function withAsked(situation: Situation, acts: readonly Act[]): Situation {
  const asked = acts
    .filter(({partId}) => partId === situation.part.partId)
    .map(({depotId, action, essence, state, at, position}) => ({
      depotId,
      action,
      essence,
      ...(state === 'rejected' ? {rejected: true as const} : {}),
      at: Math.round(at),
      ...(position === null ? {} : {position}),
    }));
  return asked.length === 0 ? situation : {...situation, asked};
}

export async function lastDecision(
  client: Client,
  groupId: string,
): Promise<Pick<Act, 'decisionId' | 'state' | 'action' | 'essence'> | undefined> {
  const found = await client.query<Pick<Act, 'decisionId' | 'state' | 'action' | 'essence'>>(
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
