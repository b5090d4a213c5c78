import {messageOf} from '../domain/fault.ts';
import type {Claimed, Effect, OutboxBook} from './outbox-book.ts';
import {retryPauseMs} from './retry-pause.ts';

/** Somewhere effects go. Throws when it could not be delivered now. */
export interface OutboxTarget {
  readonly id: string;
  deliver(effect: Effect): Promise<void>;
}

/** The target is there and does not want this one effect: it is tried again like any other, and the target is not spared for it. */
export class EffectRefused extends Error {}

export interface OutboxOptions {
  readonly book: OutboxBook;
  readonly targets: readonly OutboxTarget[];
  /** Targets that rows name and nobody listed: recipients that people added. Null: there is none of that name. */
  readonly targetOf?: (targetId: string) => OutboxTarget | null;
  readonly log: {
    warn(fields: Readonly<Record<string, unknown>>, message: string): void;
    error(fields: Readonly<Record<string, unknown>>, message: string): void;
  };
  /** An effect that has waited so long is dead-lettered at its next failure, to be replayed by hand. */
  readonly giveUpAfterMs?: number;
  readonly batchMax?: number;
  readonly leaseMs?: number;
  /** 0..1, for jitter. */
  readonly random?: () => number;
}

/** Standard Webhooks advises retries over days: a receiver that is away for a weekend misses nothing. */
export const GIVE_UP_AFTER_MS = 72 * 3_600_000;

/**
 * Delivers what is due, at least once, each under a lease. A target that rests (outbox-breaker.ts) gets one effect. Returns how many
 * were tried.
 */
export async function deliverOutbox(options: OutboxOptions): Promise<number> {
  const {book, targets, targetOf, batchMax = 64, leaseMs = 60_000} = options;
  const probed = new Set(await book.probes(leaseMs));
  const claimed = await book.claim({batchMax, leaseMs, probed: [...probed]});
  const byId = new Map(targets.map((target) => [target.id, target]));
  await Promise.all(
    claimed.map(async (effect) => {
      const {targetId} = effect;
      try {
        const target = byId.get(targetId) ?? targetOf?.(targetId) ?? null;
        if (target === null)
          throw new EffectRefused(`outbox target ${targetId} is not configured; set it, or drop its effects`);
        await target.deliver(effect);
      } catch (error) {
        const reason = messageOf(error).slice(0, 500);
        if (error instanceof EffectRefused) await book.answered(targetId);
        else await book.failed(targetId, probed.has(targetId), reason);
        return postpone(options, effect, reason);
      }
      return settle(options, effect);
    }),
  );
  return claimed.length;
}

/** The effect is out. Where that cannot be noted now, it goes out once more after its lease, under the same key: that is no failed delivery. */
async function settle({book, log}: OutboxOptions, {outboxId, targetId, suspect}: Claimed): Promise<void> {
  try {
    await book.delivered(outboxId);
    if (suspect) await book.answered(targetId);
  } catch (error) {
    log.warn(
      {outboxId, reason: messageOf(error)},
      'an effect was delivered and could not be marked so; it is sent again',
    );
  }
}

async function postpone(
  {book, log, giveUpAfterMs = GIVE_UP_AFTER_MS, random = Math.random}: OutboxOptions,
  effect: Claimed,
  reason: string,
): Promise<void> {
  const {outboxId, targetId, attempts} = effect;
  const pauseMs = retryPauseMs(attempts, random());
  const state = await book.postpone(effect, {reason, pauseMs, giveUpAfterMs});
  const fields = {outboxId, targetId, attempts, reason};
  if (state !== 'dead') {
    log.warn(fields, 'effect could not be delivered, will be tried again');
    return;
  }
  log.error(fields, 'effect is dead-lettered; replay it by hand once the target answers');
  await book.giveUpBehind(targetId, {reason, giveUpAfterMs});
}
