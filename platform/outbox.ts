import {mkdir, rename, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {Webhook} from 'standardwebhooks';
import {messageOf} from '../domain/fault.ts';
import type {Configuration} from './configuration.ts';
import type {Logger} from './log.ts';
import {post} from './outbound.ts';
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

export interface OutboxOptions {
  readonly pool: Pool;
  readonly targets: readonly OutboxTarget[];
  readonly log: Logger;
  /** Attempts before an effect is dead-lettered, to be replayed by hand. */
  readonly attemptsMax?: number;
  readonly batchMax?: number;
  readonly leaseMs?: number;
  /** 0..1, for jitter. */
  readonly random?: () => number;
}

const RETRY_FIRST_MS = 1000;
const RETRY_LAST_MS = 15 * 60_000;

/**
 * Delivers what is due, at least once, each under a lease: FOR UPDATE SKIP LOCKED on a state, never a remembered last id,
 * which loses rows under concurrent writers. Returns how many were tried.
 */
export async function deliverOutbox(options: OutboxOptions): Promise<number> {
  const {pool, targets, batchMax = 64, leaseMs = 60_000} = options;
  const claimed = await pool.query<{
    outbox_id: number;
    idempotency_key: string;
    target_id: string;
    payload: Record<string, unknown>;
    attempts: number;
  }>(
    `UPDATE platform.outbox o SET lease_until_wall = clock_timestamp() + make_interval(secs => $2), attempts = attempts + 1
       FROM (SELECT outbox_id FROM platform.outbox WHERE state = 'pending' AND next_wall <= clock_timestamp() AND lease_until_wall <= clock_timestamp()
              ORDER BY next_wall, outbox_id LIMIT $1 FOR UPDATE SKIP LOCKED) due
      WHERE o.outbox_id = due.outbox_id RETURNING o.outbox_id, o.idempotency_key, o.target_id, o.payload, o.attempts`,
    [batchMax, leaseMs / 1000],
  );
  const byId = new Map(targets.map((target) => [target.id, target]));
  await Promise.all(
    claimed.rows.map(async (row) => {
      const effect = {
        outboxId: row.outbox_id,
        idempotencyKey: row.idempotency_key,
        payload: row.payload,
        attempts: row.attempts,
      };
      try {
        const target = byId.get(row.target_id);
        if (target === undefined) throw new Error(`outbox target ${row.target_id} is not configured`);
        await target.deliver(effect);
        await pool.query(
          `UPDATE platform.outbox SET state = 'delivered', delivered_wall = clock_timestamp(), last_error = NULL WHERE outbox_id = $1`,
          [row.outbox_id],
        );
      } catch (error) {
        await postpone(options, effect, messageOf(error));
      }
    }),
  );
  return claimed.rows.length;
}

async function postpone(
  {pool, log, attemptsMax = 12, random = Math.random}: OutboxOptions,
  effect: Effect,
  reason: string,
): Promise<void> {
  const dead = effect.attempts >= attemptsMax;
  const backOffMs =
    Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** (effect.attempts - 1)) * (0.5 + random() / 2);
  await pool.query(
    `UPDATE platform.outbox SET state = $2, last_error = $3, next_wall = clock_timestamp() + make_interval(secs => $4), lease_until_wall = '-infinity'
      WHERE outbox_id = $1 AND state = 'pending' AND attempts = $5`, // else somebody else has it now, or has delivered it
    [effect.outboxId, dead ? 'dead' : 'pending', reason.slice(0, 500), backOffMs / 1000, effect.attempts],
  );
  const fields = {outboxId: effect.outboxId, attempts: effect.attempts, reason};
  if (dead) log.error(fields, 'effect is dead-lettered; replay it by hand once the target answers');
  else log.warn(fields, 'effect could not be delivered, will be tried again');
}

/** Puts a dead effect back into the queue. @returns whether there was one. */
export async function replayEffect(pool: Pool, outboxId: number): Promise<boolean> {
  const revived = await pool.query(
    `UPDATE platform.outbox SET state = 'pending', attempts = 0, next_wall = '-infinity' WHERE outbox_id = $1 AND state = 'dead'`,
    [outboxId],
  );
  return revived.rowCount === 1;
}

/** Where the installation's effects go: to its webhook, else into a folder of files. */
export function outboxTargets({
  webhookUrl,
  webhookSecret,
  webhookPrivateHosts,
  dataDir,
}: Pick<Configuration, 'webhookUrl' | 'webhookSecret' | 'webhookPrivateHosts' | 'dataDir'>): OutboxTarget[] {
  if (webhookUrl !== undefined && webhookSecret !== undefined)
    return [webhookTarget(webhookUrl, {secret: webhookSecret, privateHosts: webhookPrivateHosts})];
  return [fileTarget(path.resolve(dataDir, 'outbox'))];
}

export interface WebhookOptions {
  readonly secret: string;
  /** Hosts of the own network that it may be at (outbound.ts). */
  readonly privateHosts: readonly string[];
  readonly timeoutMs?: number;
}

/** A webhook signed after the Standard Webhooks specification; the idempotency key is its message id. */
export function webhookTarget(
  url: string,
  {secret, privateHosts, timeoutMs = 10_000}: WebhookOptions,
): OutboxTarget {
  const signer = new Webhook(secret);
  return {
    id: 'webhook',
    async deliver({idempotencyKey, payload}) {
      const body = JSON.stringify(payload);
      const sentAt = new Date();
      const headers = {
        'content-type': 'application/json',
        'webhook-id': idempotencyKey,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
        'webhook-signature': signer.sign(idempotencyKey, sentAt, body),
      };
      const status = await post(url, {headers, body, timeoutMs, privateHosts});
      if (status < 200 || status > 299)
        throw new Error(
          `the webhook answered ${status}${status > 299 && status < 400 ? '; redirects are not followed, name the target itself' : ''}`,
        );
    },
  };
}

/** One JSON file per effect in a folder: written beside, then renamed, so that a reader never meets half a file. */
export function fileTarget(folder: string): OutboxTarget {
  return {
    id: 'file',
    async deliver({idempotencyKey, payload}) {
      await mkdir(folder, {recursive: true});
      const name = path.join(folder, fileNameOf(idempotencyKey));
      await writeFile(`${name}.part`, `${JSON.stringify({id: idempotencyKey, ...payload}, null, 2)}\n`);
      await rename(`${name}.part`, name);
    },
  };
}

/** Each key its own name, so that no effect overwrites another. Example: 'file:order:1' → 'file%3Aorder%3A1.json'. */
function fileNameOf(key: string): string {
  return `${encodeURIComponent(key).replace(/\*/g, '%2A')}.json`; // Windows takes no * in a name
}
