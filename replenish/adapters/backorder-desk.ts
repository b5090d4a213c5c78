import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import type {EpochMs} from '../../domain/time.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Client, Pool, Queryable} from '../../platform/pg.ts';
import type {BackorderDesk, Corrected} from '../backorder-ports.ts';
import {fillReview} from '../core/backorder/backorder-review.ts';
import type {BackorderReview} from '../core/backorder/backorder-review.ts';
import {REVIEW_COLUMNS} from './backorder-reads.ts';
import {writeEvent} from './backorder-rows.ts';

/** What people say about backorders, through a pool under the role forestock_replenish. */
export function openBackorderDesk(pool: Pool, now: () => EpochMs): BackorderDesk {
  return {
    correct: (correction) => inTransaction(pool, (client) => correct(client, correction, now())),
    review: (said) => inTransaction(pool, (client) => review(client, said, now())),
  };
}

async function correct(
  client: Client,
  {demandId, cause, reason, actor}: Parameters<BackorderDesk['correct']>[0],
  now: EpochMs,
): Promise<Result<Corrected>> {
  const found = await client.query<{said: boolean}>(
    `SELECT (corrected_cause, correction_reason, corrected_by) IS NOT DISTINCT FROM ($2::text, $3::text, $4::text) AS said
       FROM replenish.backorder WHERE demand_id = $1 FOR NO KEY UPDATE`,
    [demandId, cause, reason, actor],
  );
  if (found.rows.length === 0) return unknown(demandId);
  if (found.rows[0]!.said) return ok({demandId, cause}); // the same once more
  await client.query(
    `UPDATE replenish.backorder SET corrected_cause = $2, correction_reason = $3, corrected_by = $4, corrected_at = $5 WHERE demand_id = $1`,
    [demandId, cause, reason, actor, timestamp(now)],
  );
  await record(client, demandId, {type: 'corrected', actor, now, body: {cause, reason}});
  return ok({demandId, cause});
}

async function review(
  client: Client,
  {demandId, words, close, actor}: Parameters<BackorderDesk['review']>[0],
  now: EpochMs,
): Promise<Result<BackorderReview>> {
  const found = await client.query<BackorderReview>(
    `SELECT ${REVIEW_COLUMNS} FROM replenish.backorder_review r WHERE demand_id = $1 FOR UPDATE`,
    [demandId],
  );
  const open = found.rows[0];
  if (open === undefined)
    return refused(
      'unknown-review',
      `there is no review of ${demandId}; one opens when a backorder has lasted too long`,
    );
  const filled = fillReview(open, words, close ? {by: actor, at: now} : null);
  if (!filled.ok || filled.value === open) return filled;
  const {cause, resolution, preventiveAction, owner, actionDueAt, closedAt, closedBy} = filled.value;
  await client.query(
    `UPDATE replenish.backorder_review SET cause = $2, resolution = $3, preventive_action = $4, owner = $5, action_due_at = $6, closed_at = $7,
            closed_by = $8 WHERE demand_id = $1`,
    [demandId, cause, resolution, preventiveAction, owner, at(actionDueAt), at(closedAt), closedBy],
  );
  const body = {cause, resolution, preventiveAction, owner, actionDueAt: at(actionDueAt)};
  await record(client, demandId, {type: close ? 'review-closed' : 'review-changed', actor, now, body});
  return filled;
}

function at(instant: EpochMs | null): string | null {
  return instant === null ? null : timestamp(instant);
}

function unknown(demandId: string): Result<never> {
  return refused(
    'unknown-backorder',
    `${demandId} is no backorder that was ever watched; look it up in the register`,
  );
}

/** In the backorder's own life, and in the audit trail. */
async function record(
  db: Queryable,
  demandId: string,
  {type, actor, now, body}: {type: string; actor: string; now: EpochMs; body: Record<string, unknown>},
): Promise<void> {
  await writeEvent(db, demandId, {type, actor, now, body});
  await db.query('SELECT platform.record_audit($1, $2, $3, $4, $5)', [
    timestamp(now),
    actor,
    `backorder.${type}`,
    demandId,
    JSON.stringify(body),
  ]);
}
