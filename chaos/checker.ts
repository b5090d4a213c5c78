import type {Ledger} from './ledger.ts';

/** A row of the database that came from a message. */
export interface Stored {
  readonly key: string;
  readonly content: string;
}

/** Numbers of one equipment's boot that the service says it never got. */
export interface Gap {
  readonly equipmentId: string;
  readonly boot: number;
  readonly first: number;
  readonly last: number;
}

/** One effect in the outbox that goes to the webhook. */
export interface EffectRow {
  readonly idempotencyKey: string;
  readonly delivered: boolean;
}

/** One request that the receiver has noted; the same key may come again. */
export interface Received {
  readonly idempotencyKey: string;
  /** The decision it carries out; absent for alerts. */
  readonly decisionId?: string;
}

/** A decision that acts of itself. */
export interface Executed {
  readonly decisionId: string;
  /** Whether the order that it names is in the books; true when it takes pieces from the depot's own shelf. */
  readonly ordered: boolean;
}

/** What the service has made of it all. */
export interface Found {
  readonly stored: readonly Stored[];
  /** Keys of what is in the dead letters, each with a reason. */
  readonly letters: ReadonlySet<string>;
  readonly gaps: readonly Gap[];
  readonly decisions: number;
  readonly executed: readonly Executed[];
  /** Decision of each order. */
  readonly orders: readonly string[];
  readonly effects: readonly EffectRow[];
  readonly received: readonly Received[];
}

export interface Verdict {
  readonly readings: number;
  readonly pubacked: number;
  readonly stored: number;
  readonly deadLetters: number;
  /** Acknowledged, and neither stored nor in the dead letters with a reason, nor excused. */
  readonly lost: number;
  /** Rows beyond the first of their message. */
  readonly duplicate: number;
  /** Rows that nobody sent. */
  readonly phantom: number;
  /** Rows whose content differs from what was sent, and gaps reported over what is stored. */
  readonly wrong: number;
  readonly decisions: number;
  readonly orders: number;
  readonly webhooks: number;
  /** Requests beyond the first of their idempotency key: at least once is what the outbox promises. */
  readonly webhooksRepeated: number;
  /** Messages that open gaps say are missing. */
  readonly gapsReported: number;
  /** Decisions with more than one order, or more than one webhook effect. */
  readonly decisionsTwice: number;
  /** Executed decisions whose order is not in the books, or whose effect the receiver never noted. */
  readonly decisionsWithout: number;
  /** Effects marked as delivered that the receiver never noted, and requests without a row in the outbox (I7). */
  readonly effectsAstray: number;
  /** Up to five of each kind, for whoever looks for the cause. */
  readonly examples: Readonly<Record<string, readonly string[]>>;
}

const EXAMPLES_MAX = 5;

/**
 * Holds what was sent and acknowledged against what the service has made of it.
 *
 * @param mayBeReported  Whether a message of this content is not lost when an open gap reports it as missing: telemetry, where power was
 *   cut of a bus that does not sync each message; more I1 does not promise of fast mode.
 */
export function check(
  ledger: Ledger,
  found: Found,
  mayBeReported: (content: string) => boolean = () => false,
): Verdict {
  const times = new Map<string, number>();
  for (const {key} of found.stored) times.set(key, (times.get(key) ?? 0) + 1);
  const reported = new Set(found.gaps.flatMap(keysOf));
  const lost = [...ledger.acked].filter(
    (key) =>
      !times.has(key) &&
      !found.letters.has(key) &&
      !(reported.has(key) && mayBeReported(ledger.sent.get(key)!)),
  );
  const duplicate = [...times].filter(([, count]) => count > 1);
  const phantom = [...times.keys()].filter((key) => !ledger.sent.has(key));
  const changed = found.stored.filter(
    ({key, content}) => ledger.sent.has(key) && ledger.sent.get(key) !== content,
  );
  const falseGaps = [...reported].filter((key) => times.has(key));
  const decisionsTwice = moreThanOnce(found.orders).concat(moreThanOnce(effectsByDecision(found.received)));
  const carriedOut = new Set(effectsByDecision(found.received));
  const decisionsWithout = found.executed
    .filter(({decisionId, ordered}) => !ordered || !carriedOut.has(decisionId))
    .map(({decisionId}) => decisionId);
  const requested = new Set(found.received.map(({idempotencyKey}) => idempotencyKey));
  const known = new Set(found.effects.map(({idempotencyKey}) => idempotencyKey));
  const undelivered = found.effects.filter(
    ({idempotencyKey, delivered}) => delivered && !requested.has(idempotencyKey),
  );
  const causeless = [...requested].filter((key) => !known.has(key));
  const examples = {
    lost,
    duplicate: duplicate.map(([key, count]) => `${key} ${count} times`),
    phantom,
    wrong: [
      ...changed.map(({key, content}) => `${key} is ${content}`),
      ...falseGaps.map((key) => `gap ${key}`),
    ],
    decisionsTwice,
    decisionsWithout,
    effectsAstray: [...undelivered.map(({idempotencyKey}) => `${idempotencyKey} never came`), ...causeless],
  };
  return {
    readings: ledger.sent.size,
    pubacked: ledger.acked.size,
    stored: times.size,
    deadLetters: [...ledger.sent.keys()].filter((key) => found.letters.has(key)).length,
    lost: lost.length,
    duplicate: duplicate.reduce((sum, [, count]) => sum + count - 1, 0),
    phantom: phantom.length,
    wrong: changed.length + falseGaps.length,
    decisions: found.decisions,
    orders: found.orders.length,
    webhooks: requested.size,
    webhooksRepeated: found.received.length - requested.size,
    gapsReported: reported.size,
    decisionsTwice: decisionsTwice.length,
    decisionsWithout: decisionsWithout.length,
    effectsAstray: undelivered.length + causeless.length,
    examples: Object.fromEntries(
      Object.entries(examples)
        .filter(([, each]) => each.length > 0)
        .map(([kind, each]) => [kind, each.slice(0, EXAMPLES_MAX)]),
    ),
  };
}

/** Whether every promise was kept. */
export function isClean(verdict: Verdict): boolean {
  const {lost, duplicate, phantom, wrong, decisionsTwice, decisionsWithout, effectsAstray} = verdict;
  return lost + duplicate + phantom + wrong + decisionsTwice + decisionsWithout + effectsAstray === 0;
}

function keysOf({equipmentId, boot, first, last}: Gap): string[] {
  return Array.from({length: last - first + 1}, (_, i) => `${equipmentId}/${boot}/${first + i}`);
}

/** Decision of each effect that has one: a request that is repeated under its key is one effect. */
function effectsByDecision(received: readonly Received[]): string[] {
  const byKey = new Map(received.map(({idempotencyKey, decisionId}) => [idempotencyKey, decisionId]));
  return [...byKey.values()].filter((decisionId) => decisionId !== undefined);
}

function moreThanOnce(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}
