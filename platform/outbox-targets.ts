import {mkdir, rename, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {Webhook} from 'standardwebhooks';
import type {Configuration} from './configuration.ts';
import {post} from './outbound.ts';
import {EffectRefused} from './outbox.ts';
import type {OutboxTarget} from './outbox.ts';

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

const ANSWER_WITHIN_MS = 10_000;
/** Answers about this one request; the receiver is there. */
const REFUSALS = new Set([400, 409, 413, 415, 422]);

export interface WebhookOptions {
  readonly secret: string;
  /** Hosts of the own network that it may be at (outbound.ts). */
  readonly privateHosts: readonly string[];
  readonly timeoutMs?: number;
  /** How a request goes out; outbound.ts unless a simulated world has its own way. */
  readonly post?: typeof post;
}

/** A webhook signed after the Standard Webhooks specification; the idempotency key is its message id. */
export function webhookTarget(url: string, {secret, ...options}: WebhookOptions): OutboxTarget {
  const signer = new Webhook(secret);
  return {
    id: 'webhook',
    deliver: ({idempotencyKey, payload}) => {
      const sentAt = new Date(Date.now());
      const headers = {
        'webhook-id': idempotencyKey,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
        'webhook-signature': signer.sign(idempotencyKey, sentAt, JSON.stringify(payload)),
      };
      return postJson(url, payload, {...options, headers});
    },
  };
}

/** One POST; whoever answers anything but 2xx has not taken it. */
export async function postJson(
  url: string,
  body: object,
  options: Omit<WebhookOptions, 'secret'> & {readonly headers?: Record<string, string>},
): Promise<void> {
  const {privateHosts, timeoutMs = ANSWER_WITHIN_MS, headers = {}, post: send = post} = options;
  const status = await send(url, {
    headers: {'content-type': 'application/json', ...headers},
    body: JSON.stringify(body),
    timeoutMs,
    privateHosts,
  });
  if (REFUSALS.has(status)) throw new EffectRefused(`the webhook answered ${status}`);
  if (status >= 200 && status <= 299) return;
  const hint = status > 299 && status < 400 ? '; redirects are not followed, name the target itself' : '';
  throw new Error(`the webhook answered ${status}${hint}`);
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
