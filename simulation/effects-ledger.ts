import type {Effect} from '../platform/outbox-book.ts';
import {BATCH_MAX} from './memory-outbox.ts';
import type {Process} from './line.ts';
import type {EffectRow, OutboxWatch} from './memory-outbox.ts';
import type {Receiver, Request} from './receiver.ts';
import type {World} from './world.ts';

/** What an effect may count on before anybody gives it up (docs/decisions/0036). */
const THREE_DAYS_MS = 72 * 3_600_000;
/** Nobody asks a resting target more often. */
const QUESTIONS_APART_MS = 5000;
/** An answer wakes a target, unless the note of it gets lost; not so often. */
const IN_VAIN_MAX = 8;
/** Of one process: a batch, and the question to a target that rests. */
const IN_HAND_MAX = BATCH_MAX + 1;

/** What was decided, what left for outside, and what came of it; each entry is checked as it is made. */
export class EffectsLedger implements OutboxWatch {
  readonly #world: World;
  /** Of committed rows: what each key says. */
  readonly #bodies = new Map<string, string>();
  readonly #keysByCause = new Map<string, string>();
  readonly #inHand = new Map<number, Process>();
  readonly #askedAtMs = new Map<string, number>();
  /** Deliveries to targets that go on resting all the same. */
  readonly #inVain = new Map<string, number>();
  #receiver: Receiver | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  get count(): number {
    return this.#bodies.size;
  }

  watch(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  changed({idempotencyKey: key, payload, state, waitingSinceMs, targetId}: EffectRow, nowMs: number): void {
    const {ledger} = this.#world;
    this.#world.tell(`effect ${key} is ${state}`);
    const body = this.#bodies.get(key);
    if (body === undefined) {
      this.#bodies.set(key, JSON.stringify(payload));
      const cause = `${targetId} of decision ${String(payload['decisionId'])}`;
      const other = this.#keysByCause.get(cause);
      if (other !== undefined) ledger.fail(`effects ${other} and ${key} both are for ${cause}`);
      this.#keysByCause.set(cause, key);
    }
    if (state === 'delivered' && !this.#receiver!.done.has(key))
      ledger.fail(`effect ${key} is marked as delivered, and its receiver has not done it`);
    if (state === 'delivered' && this.#askedAtMs.has(targetId)) this.#answeredAtRest(targetId);
    if (state === 'dead' && nowMs - waitingSinceMs < THREE_DAYS_MS)
      ledger.fail(`effect ${key} is given up after ${Math.round((nowMs - waitingSinceMs) / 1000)} s`);
  }

  #answeredAtRest(targetId: string): void {
    const times = (this.#inVain.get(targetId) ?? 0) + 1;
    this.#inVain.set(targetId, times);
    if (times > IN_VAIN_MAX)
      this.#world.ledger.fail(`${targetId} has answered ${times} times, and still rests`);
  }

  /** A request has reached the receiver. */
  heard({id, body}: Request): void {
    const said = this.#bodies.get(id);
    if (said === undefined) this.#world.ledger.fail(`request ${id} has no row in the outbox`);
    else if (said !== body) this.#world.ledger.fail(`request ${id} says something else than its row`);
  }

  asked(targetId: string): void {
    const {time, ledger} = this.#world;
    const sinceMs = time.nowMs - (this.#askedAtMs.get(targetId) ?? -Infinity);
    this.#askedAtMs.set(targetId, time.nowMs);
    if (sinceMs < QUESTIONS_APART_MS)
      ledger.fail(`${targetId} rests, and was asked twice within ${Math.round(sinceMs)} ms`);
  }

  /** Leases and pauses by the clock of before mean nothing any more. */
  clockWasSet(): void {
    this.#inHand.clear();
    this.#askedAtMs.clear();
  }

  awake(targetId: string): void {
    this.#inVain.delete(targetId);
    this.#askedAtMs.delete(targetId);
  }

  /** A process delivers an effect; no other one may, as long as it does. @returns what ends that. */
  begin(process: Process, {outboxId, idempotencyKey}: Effect): () => void {
    const other = this.#inHand.get(outboxId);
    if (other?.isAlive() === true)
      this.#world.ledger.fail(`${other.name} and ${process.name} deliver ${idempotencyKey} at the same time`);
    this.#inHand.set(outboxId, process);
    const count = [...this.#inHand.values()].filter((each) => each === process).length;
    if (count > IN_HAND_MAX) this.#world.ledger.fail(`${process.name} has ${count} effects in hand`);
    return () => {
      if (this.#inHand.get(outboxId) === process) this.#inHand.delete(outboxId);
    };
  }

  /** When all is well again: whatever was decided was done, once. */
  reconcile(decided: Iterable<string>): void {
    const {ledger} = this.#world;
    for (const [key] of this.#bodies)
      if (!this.#receiver!.done.has(key)) ledger.fail(`effect ${key} was never done`);
    for (const decisionId of decided)
      if (![...this.#keysByCause.keys()].some((cause) => cause.endsWith(` of decision ${decisionId}`)))
        ledger.fail(`decision ${decisionId} has no effect`);
  }
}
