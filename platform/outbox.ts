import {messageOf} from '../domain/fault.ts';
import {openBreaker} from './outbox-breaker.ts';
import type {Breaker} from './outbox-breaker.ts';
import type {Logger} from './log.ts';
import type {Pool} from './pg.ts';

/** One effect on its way out. The key stays the same over all attempts, so a receiver can drop repeats. */
export interface Effect {
  readonly outboxId: number;
  readonly idempotencyKey: string;
  readonly payload: Record<string, unknown>;
  readonly attempts: number;
}

/** Somewhere effects go. Throws when it could not be delivered now. */
export interface OutboxTarget {
  readonly id: string;
  deliver(effect: Effect): Promise<void>;
}

/** The target is there and does not want this one effect: it is tried again like any other, and the target is not spared for it. */
export class EffectRefused extends Error {}

export interface OutboxOptions {
  readonly pool: Pool;
  readonly targets: readonly OutboxTarget[];
  /** Targets that rows name and nobody listed: recipients that people added. Null: there is none of that name. */
  readonly targetOf?: (targetId: string) => OutboxTarget | null;
  readonly log: Logger;
  /** An effect that has waited so long is dead-lettered at its next failure, to be replayed by hand. */
  readonly giveUpAfterMs?: number;
  readonly batchMax?: number;
  readonly leaseMs?: number;
  /** 0..1, for jitter. */
  readonly random?: () => number;
}

const RETRY_FIRST_MS = 1000;
const RETRY_LAST_MS = 3 * 3_600_000;
/** Standard Webhooks advises retries over days: a receiver that is away for a weekend misses nothing. */
const GIVE_UP_AFTER_MS = 72 * 3_600_000;

/**
 * Pause after the n-th failed attempt, in milliseconds: doubled each time up to three hours, ± 20 %.
 *
 * Example, random 0.5: 1 s, 2 s, 4 s, … 2.3 h after the 14th, then 3 h; some 37 attempts within three days.
 */
export function retryPauseMs(attempts: number, random: number): number {
  const pauseMs = Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** Math.min(attempts - 1, 20));
  return Math.round(pauseMs * (0.8 + 0.4 * random));
}

interface Claimed {
  readonly outbox_id: number;
  readonly idempotency_key: string;
  readonly target_id: string;
  readonly payload: Record<string, unknown>;
  readonly attempts: number;
  /** Its target failed lately. */
  readonly suspect: boolean;
}

/**
 * Delivers what is due, at least once, each under a lease: FOR UPDATE SKIP LOCKED on a state, never a remembered last id,
 * which loses rows under concurrent writers. A target that rests (outbox-breaker.ts) gets one effect. Returns how many were tried.
 */
export async function deliverOutbox(options: OutboxOptions): Promise<number> {
  const {pool, targets, targetOf, leaseMs = 60_000} = options;
  const breaker = openBreaker(pool);
  const probed = new Set(await breaker.probes(leaseMs));
  const claimed = await claim(options, [...probed]);
  const byId = new Map(targets.map((target) => [target.id, target]));
  await Promise.all(
    claimed.map(async (row) => {
      const effect = {
        outboxId: row.outbox_id,
        idempotencyKey: row.idempotency_key,
        payload: row.payload,
        attempts: row.attempts,
      };
      try {
        const target = byId.get(row.target_id) ?? targetOf?.(row.target_id) ?? null;
        if (target === null)
          throw new EffectRefused(
            `outbox target ${row.target_id} is not configured; set it, or drop its effects`,
          );
        await target.deliver(effect);
      } catch (error) {
        const reason = messageOf(error).slice(0, 500);
        if (error instanceof EffectRefused) await breaker.answered(row.target_id);
        else await breaker.failed(row.target_id, probed.has(row.target_id), reason);
        return postpone(options, row, reason);
      }
      return settle(options, breaker, row);
    }),
  );
  return claimed.length;
}

/** Of a resting target one row, the least tried: one that the target cannot take would keep it resting for ever. */
async function claim(
  {pool, batchMax = 64, leaseMs = 60_000}: OutboxOptions,
  probed: readonly string[],
): Promise<readonly Claimed[]> {
  const claimed = await pool.query<Claimed>(
    `UPDATE platform.outbox o SET lease_until_wall = clock_timestamp() + make_interval(secs => $2), attempts = attempts + 1
       FROM (SELECT outbox_id FROM (SELECT outbox_id FROM platform.outbox
               WHERE state = 'pending' AND next_wall <= clock_timestamp() AND lease_until_wall <= clock_timestamp()
                 AND target_id NOT IN (SELECT target_id FROM platform.outbox_target WHERE resting_since_wall IS NOT NULL)
               ORDER BY next_wall, outbox_id LIMIT $1 FOR UPDATE SKIP LOCKED) due
             UNION ALL
             SELECT p.outbox_id FROM unnest($3::text[]) AS t(id), LATERAL (SELECT outbox_id FROM platform.outbox
               WHERE state = 'pending' AND target_id = t.id AND lease_until_wall <= clock_timestamp()
               ORDER BY attempts, outbox_id LIMIT 1 FOR UPDATE SKIP LOCKED) p) due
      WHERE o.outbox_id = due.outbox_id RETURNING o.outbox_id, o.idempotency_key, o.target_id, o.payload, o.attempts,
        EXISTS (SELECT FROM platform.outbox_target t WHERE t.target_id = o.target_id AND t.failures > 0) AS suspect`,
    [batchMax, leaseMs / 1000, probed],
  );
  return claimed.rows;
}

/** The effect is out. Where that cannot be noted now, it goes out once more after its lease, under the same key: that is no failed delivery. */
async function settle(
  {pool, log}: OutboxOptions,
  breaker: Breaker,
  {outbox_id: outboxId, target_id: targetId, suspect}: Claimed,
): Promise<void> {
  try {
    await pool.query(
      `UPDATE platform.outbox SET state = 'delivered', delivered_wall = clock_timestamp(), last_error = NULL WHERE outbox_id = $1`,
      [outboxId],
    );
    if (suspect) await breaker.answered(targetId);
  } catch (error) {
    log.warn(
      {outboxId, reason: messageOf(error)},
      'an effect was delivered and could not be marked so; it is sent again',
    );
  }
}

async function postpone(
  {pool, log, giveUpAfterMs = GIVE_UP_AFTER_MS, random = Math.random}: OutboxOptions,
  {outbox_id: outboxId, target_id: targetId, attempts}: Claimed,
  reason: string,
): Promise<void> {
  const {rows} = await pool.query<{state: string}>(
    `UPDATE platform.outbox SET state = CASE WHEN waiting_since_wall <= clock_timestamp() - make_interval(secs => $2) THEN 'dead' ELSE 'pending' END,
            last_error = $3, next_wall = clock_timestamp() + make_interval(secs => $4), lease_until_wall = '-infinity'
      WHERE outbox_id = $1 AND state = 'pending' AND attempts = $5 -- else somebody else has it now, or has delivered it
     RETURNING state`,
    [outboxId, giveUpAfterMs / 1000, reason, retryPauseMs(attempts, random()) / 1000, attempts],
  );
  const fields = {outboxId, targetId, attempts, reason};
  if (rows[0]?.state !== 'dead') {
    log.warn(fields, 'effect could not be delivered, will be tried again');
    return;
  }
  log.error(fields, 'effect is dead-lettered; replay it by hand once the target answers');
  // A target that rests gets one effect at a time: what has waited as long without its turn goes with it.
  await pool.query(
    `UPDATE platform.outbox SET state = 'dead', last_error = $2
      WHERE target_id = $1 AND state = 'pending' AND lease_until_wall <= clock_timestamp()
        AND waiting_since_wall <= clock_timestamp() - make_interval(secs => $3)
        AND EXISTS (SELECT FROM platform.outbox_target WHERE target_id = $1 AND resting_since_wall IS NOT NULL)`,
    [targetId, reason, giveUpAfterMs / 1000],
  );
}

/** Puts a dead effect back into the queue. @returns whether there was one. */
export async function replayEffect(pool: Pool, outboxId: number): Promise<boolean> {
  const revived = await pool.query(
    `UPDATE platform.outbox SET state = 'pending', attempts = 0, next_wall = '-infinity', waiting_since_wall = clock_timestamp()
      WHERE outbox_id = $1 AND state = 'dead'`,
    [outboxId],
  );
  return revived.rowCount === 1;
}
