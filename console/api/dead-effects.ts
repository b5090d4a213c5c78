import type {EpochMs} from '../../domain/time.ts';
import type {Queryable} from '../../platform/pg.ts';

/** An effect that was given up after its last attempt. */
export interface DeadEffect {
  readonly outboxId: number;
  readonly idempotencyKey: string;
  readonly target: string;
  readonly causeKind: string;
  readonly causeId: string;
  readonly at: EpochMs;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Oldest first. */
export async function deadEffects(db: Queryable, limit: number): Promise<readonly DeadEffect[]> {
  const found = await db.query<DeadEffect>(
    `SELECT outbox_id AS "outboxId", idempotency_key AS "idempotencyKey", target_id AS target, cause_kind AS "causeKind",
            cause_id AS "causeId", world_at AS at, attempts, last_error AS "lastError", payload
       FROM platform.outbox WHERE state = 'dead' ORDER BY outbox_id LIMIT $1`,
    [limit],
  );
  return found.rows;
}
