import {ReadingsEnvelopeV1} from '../domain/reading.ts';
import type {Message} from '../domain/reading.ts';
import {ACK_WAIT_MS} from '../ingest/adapters/jetstream-stream.ts';
import type {VirtualTime} from './virtual-time.ts';

/** As in ingest/adapters/jetstream-stream.ts. */
const DUPLICATE_WINDOW_MS = 2 * 60_000;

export interface StreamMessage {
  readonly seq: number;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: unknown;
  readonly id: string;
  readonly storedAtMs: number;
  /** Nobody else gets it before. */
  heldUntilMs: number;
  /** The consumer has handed it out, and would do so again. */
  handedOut: boolean;
}

/**
 * A work queue with explicit acknowledgement, as JetStream keeps one: a message stays until somebody has acknowledged it, and is
 * delivered again when that takes too long; an id that comes twice within the window is dropped. Numbers go on from the last message
 * that is on the disk, so that after a power cut they come twice, while each consumer still knows how far it had come: it hands out
 * nothing new below that.
 */
export class Stream {
  readonly #time: VirtualTime;
  readonly #kept: (messages: readonly Message[]) => void;
  #messages: StreamMessage[] = [];
  #ids = new Map<string, {readonly seq: number; readonly atMs: number}>();
  #lastSeq = 0;
  #delivered = new Map<string, number>();
  #waiting: (() => void)[] = [];

  constructor(time: VirtualTime, kept: (messages: readonly Message[]) => void) {
    this.#time = time;
    this.#kept = kept;
  }

  get size(): number {
    return this.#messages.length;
  }

  add(subject: string, data: Uint8Array, id: string, headers: unknown): {seq: number; duplicate: boolean} {
    const nowMs = this.#time.nowMs;
    const known = this.#ids.get(id);
    if (known !== undefined && nowMs - known.atMs < DUPLICATE_WINDOW_MS)
      return {seq: known.seq, duplicate: true};
    const seq = (this.#lastSeq += 1);
    this.#messages.push({
      seq,
      subject,
      data,
      headers,
      id,
      storedAtMs: nowMs,
      heldUntilMs: 0,
      handedOut: false,
    });
    this.#ids.set(id, {seq, atMs: nowMs});
    this.#kept(messagesOf(data));
    this.#wake();
    return {seq, duplicate: false};
  }

  /** The next messages of a subject; waits for the first as long as it may. */
  async pull(subject: string, max: number, expiresMs: number): Promise<readonly StreamMessage[]> {
    const endMs = this.#time.nowMs + expiresMs;
    for (;;) {
      const nowMs = this.#time.nowMs;
      const passed = this.#delivered.get(subject) ?? 0;
      const free = this.#messages.filter(
        (each) =>
          each.subject === subject && each.heldUntilMs <= nowMs && (each.handedOut || each.seq > passed),
      );
      for (const each of free.slice(0, max)) {
        each.heldUntilMs = nowMs + ACK_WAIT_MS;
        each.handedOut = true;
        this.#delivered.set(subject, Math.max(each.seq, this.#delivered.get(subject) ?? 0));
      }
      if (free.length > 0 || nowMs >= endMs) return free.slice(0, max);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        this.#time.after(Math.min(1000, endMs - nowMs), resolve); // something may have been held too long meanwhile
      });
    }
  }

  ack(message: StreamMessage): void {
    this.#messages = this.#messages.filter((each) => each !== message);
  }

  nak(message: StreamMessage, delayMs: number): void {
    message.heldUntilMs = this.#time.nowMs + delayMs;
    this.#wake();
  }

  working(message: StreamMessage): void {
    message.heldUntilMs = this.#time.nowMs + ACK_WAIT_MS;
  }

  /** All that was delivered up to this number is acknowledged. */
  ackFloor(subject: string): number {
    const open = this.#messages.find((each) => each.subject === subject && each.handedOut);
    return open === undefined ? (this.#delivered.get(subject) ?? 0) : open.seq - 1;
  }

  /** The first that is there of a subject, or whatever has this number. */
  find(wanted: {readonly seq: number; readonly next_by_subj?: string}): StreamMessage | null {
    const {seq, next_by_subj: subject} = wanted;
    const is = (each: StreamMessage): boolean => (subject === undefined ? each.seq === seq : each.subject === subject); // prettier-ignore
    return this.#messages.find(is) ?? null;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Another consumer takes the place of this one and begins with what is there. */
  renewConsumer(subject: string): void {
    this.#delivered.delete(subject);
    for (const each of this.#messages) {
      if (each.subject !== subject) continue;
      each.handedOut = false;
      each.heldUntilMs = 0;
    }
    this.#wake();
  }

  /** @returns what was not on the disk yet: messages of the last while. */
  cutPower(unsyncedMs: number): readonly Message[] {
    const from = this.#time.nowMs - unsyncedMs;
    const lost = this.#messages.filter(({storedAtMs}) => storedAtMs >= from);
    this.#messages = this.#messages.filter(({storedAtMs}) => storedAtMs < from);
    for (const {id} of lost) this.#ids.delete(id);
    if (lost.length > 0) this.#lastSeq = Math.min(this.#lastSeq, lost[0]!.seq - 1);
    return lost.flatMap(({data}) => messagesOf(data));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function messagesOf(data: Uint8Array): readonly Message[] {
  return ReadingsEnvelopeV1.parse(JSON.parse(Buffer.from(data).toString())).messages;
}
