import {z} from 'zod';
import {refused, type Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';
import type {NetworkBooks, NetworkPorts} from './ports.ts';

/** Names under which the books enter what they do by themselves: a sender of that name could take the key of one of their entries. */
const OWN_SOURCES: ReadonlySet<string> = new Set(['demand', 'event', 'opening', 'order', 'part-report']);

/** Who sent a command, and by which name it calls it: the same name twice is the same command. */
export const origin = {
  source: z
    .string()
    .min(1)
    .max(64)
    .refine((name) => !OWN_SOURCES.has(name), {
      error: 'is a name that the books use themselves; name the sending system, such as erp',
    })
    .describe('The sending system: "erp", "wms", "console"'),
  sourceKey: z
    .string()
    .min(1)
    .max(200)
    .describe('The sender’s own id of this command; a repeat answers the first outcome'),
};

/** An instant on the wire. */
export const instantText = z.iso.datetime().describe('ISO 8601 in UTC');

export interface Work {
  readonly ports: NetworkPorts;
  readonly books: NetworkBooks;
  readonly now: EpochMs;
  /** `source:sourceKey`: what movements, signals and audit entries name as their cause. */
  readonly cause: string;
}

/** One thing that can be asked of the network. `work` looks before it writes: a refusal has changed nothing. */
export interface Command<B extends {source: string; sourceKey: string}, T> {
  readonly kind: string;
  readonly schema: z.ZodType<B>;
  /** Whether a refused body is kept, to be fixed and resubmitted (A5). */
  readonly quarantined: boolean;
  readonly work: (body: B, work: Work) => Promise<Result<T>>;
}

export type Outcome<T> =
  | {readonly ok: true; readonly value: T; readonly repeated: boolean}
  | {readonly ok: false; readonly reason: string; readonly detail: string; readonly quarantineId?: string};

/** Runs a command in a transaction of its own. */
export async function run<B extends {source: string; sourceKey: string}, T>(
  ports: NetworkPorts,
  command: Command<B, T>,
  input: unknown,
  actor: string,
): Promise<Outcome<T>> {
  return ports.transaction((books) => runOn(ports, books, command, input, actor));
}

/** Runs a command on open books: what it changes, its outcome, audit entry and signals are committed together. */
export async function runOn<B extends {source: string; sourceKey: string}, T>(
  ports: NetworkPorts,
  books: NetworkBooks,
  command: Command<B, T>,
  input: unknown,
  actor: string,
): Promise<Outcome<T>> {
  const parsed = command.schema.safeParse(input);
  if (!parsed.success) return refused('malformed', z.prettifyError(parsed.error));
  const body = parsed.data;
  const canonical = ports.canonicalJson({kind: command.kind, body});
  const first = await books.firstOutcome(body.source, body.sourceKey, canonical);
  if (first !== null) {
    // The outcome was written by this very command.
    if (first.sameBody) return {ok: true, value: first.outcome as T, repeated: true};
    const detail = `${body.source} has used key ${body.sourceKey} for another command; send a new key`;
    return refused('key-reused', detail);
  }
  const now = ports.worldClock.now();
  const outcome = await command.work(body, {ports, books, now, cause: `${body.source}:${body.sourceKey}`});
  if (!outcome.ok) {
    if (!command.quarantined) return outcome;
    const quarantineId = ports.causeId('quarantine', canonical);
    const {reason, detail} = outcome;
    await books.quarantine([
      {quarantineId, kind: command.kind, body: input, reason, detail, receivedAt: now},
    ]);
    return {...outcome, quarantineId};
  }
  await books.rememberOutcome(body.source, body.sourceKey, canonical, outcome.value);
  await books.audit({worldAt: now, actor, action: command.kind, subject: body.sourceKey, body});
  return {ok: true, value: outcome.value, repeated: false};
}
