import {hasCome, wasSetBack} from './come-due.ts';
import {openBreaker} from './outbox-breaker.ts';
import type {Breaker} from './outbox-breaker.ts';
import type {Pool} from './pg.ts';
import {RETRY_MAX_MS} from './retry-pause.ts';

/** One effect on its way out. The key stays the same over all attempts, so a receiver can drop repeats. */
export interface Effect {
  readonly outboxId: number;
  readonly idempotencyKey: string;
  readonly payload: Record<string, unknown>;
  /** This one included. */
  readonly attempts: number;
}

/** An effect that a worker has under a lease. */
export interface Claimed extends Effect {
  readonly targetId: string;
  /** Its target failed lately. */
  readonly suspect: boolean;
}

export interface Claim {
  readonly batchMax: number;
  readonly leaseMs: number;
  /** Resting targets that the caller asks: one effect each. */
  readonly probed: readonly string[];
}

/** Effects that wait, and how their targets do. Both books pass test/platform/outbox-contract.ts. A rejection may come from a statement that was done. */
export interface OutboxBook extends Breaker {
  /** What is due, each under a lease. Of a resting target the least tried: one that the target cannot take would keep it resting for ever. */
  claim(claim: Claim): Promise<readonly Claimed[]>;
  delivered(outboxId: number): Promise<void>;
  /**
   * After a failed attempt: due again after the pause, or dead when it has waited for too long.
   *
   * @returns undefined where somebody else has it now, or has delivered it.
   */
  postpone(
    effect: Pick<Effect, 'outboxId' | 'attempts'>,
    failed: Failed,
  ): Promise<'pending' | 'dead' | undefined>;
  /** A target that rests gets one effect at a time: what has waited too long without its turn is dead with the one that asked. */
  giveUpBehind(targetId: string, failed: Omit<Failed, 'pauseMs'>): Promise<void>;
  /** Puts a dead effect back into the queue. @returns whether there was one. */
  replay(outboxId: number): Promise<boolean>;
}

export interface Failed {
  readonly reason: string;
  readonly pauseMs: number;
  /** Waiting time after which an effect is given up. */
  readonly giveUpAfterMs: number;
}

/** Nobody has it in hand. */
const isFree = (leaseS: string): string => hasCome('lease_until_wall', leaseS);
const NOT_RESTING =
  'target_id NOT IN (SELECT target_id FROM platform.outbox_target WHERE resting_since_wall IS NOT NULL)';

/** The outbox in PostgreSQL. FOR UPDATE SKIP LOCKED on a state, never a remembered last id, which loses rows under concurrent writers. */
export function pgOutboxBook(pool: Pool): OutboxBook {
  return {
    ...openBreaker(pool),
    async claim({batchMax, leaseMs, probed}) {
      const claimed = await pool.query<Claimed>(
        `UPDATE platform.outbox o SET lease_until_wall = clock_timestamp() + make_interval(secs => $2), attempts = attempts + 1
           FROM (SELECT outbox_id FROM (SELECT outbox_id FROM platform.outbox
                   WHERE state = 'pending' AND next_wall <= clock_timestamp() AND ${isFree('$2')} AND ${NOT_RESTING}
                   ORDER BY next_wall, outbox_id LIMIT $1 FOR UPDATE SKIP LOCKED) due
                 UNION ALL
                 SELECT outbox_id FROM (SELECT outbox_id FROM platform.outbox
                   WHERE state = 'pending' AND ${wasSetBack('next_wall', RETRY_MAX_MS / 1000)} AND ${isFree('$2')} AND ${NOT_RESTING}
                   ORDER BY next_wall, outbox_id LIMIT $1 FOR UPDATE SKIP LOCKED) set_back
                 UNION ALL
                 SELECT p.outbox_id FROM unnest($3::text[]) AS t(id), LATERAL (SELECT outbox_id FROM platform.outbox
                   WHERE state = 'pending' AND target_id = t.id AND ${isFree('$2')}
                   ORDER BY attempts, outbox_id LIMIT 1 FOR UPDATE SKIP LOCKED) p) due
          WHERE o.outbox_id = due.outbox_id
         RETURNING o.outbox_id AS "outboxId", o.idempotency_key AS "idempotencyKey", o.target_id AS "targetId", o.payload, o.attempts,
           EXISTS (SELECT FROM platform.outbox_target t WHERE t.target_id = o.target_id AND t.failures > 0) AS suspect`,
        [batchMax, leaseMs / 1000, probed],
      );
      return claimed.rows;
    },
    async delivered(outboxId) {
      await pool.query(
        `UPDATE platform.outbox SET state = 'delivered', delivered_wall = clock_timestamp(), last_error = NULL WHERE outbox_id = $1`,
        [outboxId],
      );
    },
    async postpone({outboxId, attempts}, {reason, pauseMs, giveUpAfterMs}) {
      const {rows} = await pool.query<{state: 'pending' | 'dead'}>(
        `UPDATE platform.outbox SET state = CASE WHEN waiting_since_wall <= clock_timestamp() - make_interval(secs => $2) THEN 'dead' ELSE 'pending' END,
                last_error = $3, next_wall = clock_timestamp() + make_interval(secs => $4), lease_until_wall = '-infinity'
          WHERE outbox_id = $1 AND state = 'pending' AND attempts = $5
         RETURNING state`,
        [outboxId, giveUpAfterMs / 1000, reason, pauseMs / 1000, attempts],
      );
      return rows[0]?.state;
    },
    async giveUpBehind(targetId, {reason, giveUpAfterMs}) {
      await pool.query(
        `UPDATE platform.outbox SET state = 'dead', last_error = $2
          WHERE target_id = $1 AND state = 'pending' AND lease_until_wall <= clock_timestamp()
            AND waiting_since_wall <= clock_timestamp() - make_interval(secs => $3)
            AND EXISTS (SELECT FROM platform.outbox_target WHERE target_id = $1 AND resting_since_wall IS NOT NULL)`,
        [targetId, reason, giveUpAfterMs / 1000],
      );
    },
    async replay(outboxId) {
      const revived = await pool.query(
        `UPDATE platform.outbox SET state = 'pending', attempts = 0, next_wall = '-infinity', waiting_since_wall = clock_timestamp()
          WHERE outbox_id = $1 AND state = 'dead'`,
        [outboxId],
      );
      return revived.rowCount === 1;
    },
  };
}
