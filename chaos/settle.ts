import {pendingWork} from '../cli/barrier.ts';
import {messageOf} from '../domain/fault.ts';
import type {EpochMs} from '../domain/time.ts';
import type {Pool} from '../platform/pg.ts';

/** What of the chain still has work, in words. Empty: all that was heard is stored, followed, forecast, decided and delivered. */
export async function stuckIn(db: Pool, now: EpochMs): Promise<string[]> {
  const {follow, predict, decide, deliver} = await pendingWork(db, now);
  const {rows} = await db.query<{pending: number; dead: number; reason: string | null}>(
    `SELECT count(*) FILTER (WHERE state = 'pending')::int AS pending, count(*) FILTER (WHERE state = 'dead')::int AS dead,
            max(last_error) FILTER (WHERE state <> 'delivered') AS reason FROM platform.outbox`,
  );
  const {pending, dead, reason} = rows[0]!;
  return [
    ...(follow ? ['network: rows of the log that the stock books have not followed'] : []),
    ...(predict ? ['predict: rows behind the head that no forecast has read'] : []),
    ...(decide ? ['replenish: a planning group is dirty'] : []),
    ...(deliver || pending > 0 ? [`outbox: ${pending} effects wait (${reason ?? 'not tried yet'})`] : []),
    ...(dead > 0 ? [`outbox: ${dead} effects are dead-lettered (${reason ?? 'no reason'})`] : []),
  ];
}

const LOOK_EVERY_MS = 500;
/** What one stage has finished may be the next one's work. */
const CALM_LOOKS = 3;

type Look = () => Promise<readonly string[]>;

/**
 * Waits until no look finds anything stuck, several times in a row.
 *
 * @param looks  The cheap ones first: each is taken only when those before it find nothing.
 * @returns what is stuck when the time is over; empty when the chain came to rest.
 */
export async function settle(
  looks: readonly Look[],
  withinMs: number,
  lookEveryMs = LOOK_EVERY_MS,
): Promise<readonly string[]> {
  const endAt = performance.now() + withinMs;
  for (let calm = 0; calm < CALM_LOOKS;) {
    const stuck = await firstFinding(looks);
    if (stuck.length > 0 && performance.now() >= endAt) return stuck;
    calm = stuck.length === 0 ? calm + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return [];
}

async function firstFinding(looks: readonly Look[]): Promise<readonly string[]> {
  for (const look of looks) {
    const found = await look().catch((error: unknown) => [
      `the database gives no answer: ${messageOf(error)}`,
    ]);
    if (found.length > 0) return found;
  }
  return [];
}
