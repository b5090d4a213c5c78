import {randomUUID} from 'node:crypto';
import {headers} from '@nats-io/transport-node';
import type {JetStreamManager, JsMsg} from '@nats-io/jetstream';
import type {MsgHdrs} from '@nats-io/transport-node';
import {OperationalFault} from '../../domain/fault.ts';
import type {ReadingsEnvelopeV1} from '../../domain/reading.ts';
import type {NatsConnection} from '../../platform/nats.ts';
import {durableOf, STREAM} from './jetstream-stream.ts';

/** Header of an envelope whose sender waits for the commit: the subject on which it listens. */
const TELL_HEADER = 'Forestock-Tell-Commit';
/** The store answers below it and nowhere else, whatever a header says. */
const SUBJECTS = 'committed.';
/** A word of the store that got lost costs this much latency: from then on JetStream is asked. */
const ASK_EVERY_MS = 1000;

export interface CommitWatchOptions {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  /** How long an envelope may wait for its commit, from its PubAck on; then its sender hears "not now". */
  readonly commitWaitMs: number;
  /** Messages that may wait at once; beyond it an envelope is refused before it is sent. */
  readonly commitMessagesMax: number;
}

/** One envelope on its way to the commit. */
export interface AwaitedCommit {
  /** Travels with the envelope, so that the store knows whom to tell. */
  readonly headers: MsgHdrs;
  /** JetStream has it under this number. @returns settles at the commit, or when waiting is given up. */
  kept(streamSeq: number): Promise<void>;
  /** It never reached the stream. */
  forget(): void;
}

interface Waiting {
  readonly partition: number;
  readonly messages: number;
  /** Unknown before the PubAck. */
  streamSeq: number | undefined;
  /** The server's id at the PubAck; each start of a server has another. */
  serverId: string | undefined;
  readonly resolve: () => void;
  readonly reject: (error: OperationalFault) => void;
  timer: NodeJS.Timeout | undefined;
}

/** The store's side: tells the sender of an envelope that its rows are committed, when it waits for that. */
export function tellCommit(connection: NatsConnection, {headers: sent}: JsMsg, envelopeId: string): void {
  const subject = sent?.get(TELL_HEADER) ?? '';
  if (subject.startsWith(SUBJECTS) && !connection.isClosed()) connection.publish(subject, envelopeId);
}

/**
 * The sender's side: waits for commits in the store, which may be another process. The store tells each sender at once; a word
 * that got lost is made up for by the consumer's ack floor, which JetStream keeps and the store raises after its commits only.
 */
export class CommitWatch {
  readonly #options: CommitWatchOptions;
  readonly #subject = `${SUBJECTS}${randomUUID()}`;
  readonly #waiting = new Map<string, Waiting>();
  #messages = 0;
  #listening = false;
  #asking = false;

  constructor(options: CommitWatchOptions) {
    this.#options = options;
  }

  /** Envelopes that are in the stream and wait for their commit. */
  get pending(): number {
    return [...this.#waiting.values()].filter(({streamSeq}) => streamSeq !== undefined).length;
  }

  /**
   * Call it before sending: the store may be faster than the PubAck.
   *
   * @throws OperationalFault 'bus-full' when as many messages wait as may.
   */
  expect({envelopeId, partition, messages}: ReadingsEnvelopeV1): AwaitedCommit {
    const {commitMessagesMax} = this.#options;
    if (this.#messages > 0 && this.#messages + messages.length > commitMessagesMax) {
      throw new OperationalFault(
        'bus-full',
        `${this.#messages} messages already wait for the store's commit`,
        {retryable: true},
      );
    }
    this.#listen();
    let settled!: Pick<Waiting, 'resolve' | 'reject'>;
    const committed = new Promise<void>((resolve, reject) => (settled = {resolve, reject}));
    committed.catch(() => undefined); // whoever sent it awaits it, if it was sent at all
    const waiting: Waiting = {
      partition,
      messages: messages.length,
      streamSeq: undefined,
      serverId: undefined,
      timer: undefined,
      ...settled,
    };
    this.#waiting.set(envelopeId, waiting);
    this.#messages += messages.length;
    const sent = headers();
    sent.set(TELL_HEADER, this.#subject);
    return {
      headers: sent,
      kept: (streamSeq) => {
        waiting.streamSeq = streamSeq;
        waiting.serverId = this.#serverId();
        if (this.#waiting.get(envelopeId) === waiting) this.#limit(envelopeId, waiting);
        return committed;
      },
      forget: () => this.#take(envelopeId),
    };
  }

  /** Gives up all waiting: what was sent is in the stream, and its senders send it again. */
  close(): void {
    const closed = new OperationalFault('bus-full', 'the bus is closed', {retryable: true});
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.reject(closed);
  }

  #limit(envelopeId: string, waiting: Waiting): void {
    const {commitWaitMs} = this.#options;
    waiting.timer = setTimeout(() => {
      const fault = new OperationalFault(
        'store-unavailable',
        `no commit within ${commitWaitMs} ms of an envelope of partition ${waiting.partition}; is a store process running?`,
        {retryable: true},
      );
      this.#take(envelopeId)?.reject(fault);
    }, commitWaitMs);
    if (!this.#asking) void this.#askOn();
  }

  #take(envelopeId: string): Waiting | undefined {
    const waiting = this.#waiting.get(envelopeId);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(envelopeId);
    this.#messages -= waiting.messages;
    clearTimeout(waiting.timer);
    return waiting;
  }

  #listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    this.#options.connection.subscribe(this.#subject, {
      callback: (_error, message) => this.#take(message.string())?.resolve(),
    });
  }

  async #askOn(): Promise<void> {
    this.#asking = true;
    while (this.#waiting.size > 0) {
      // Those that wait now and still wait after the pause have probably missed their word.
      const before = new Set(this.#waiting.keys());
      await new Promise<void>((resolve) => setTimeout(resolve, ASK_EVERY_MS).unref());
      const overdue = [...before].filter((id) => this.#waiting.get(id)?.streamSeq !== undefined);
      const partitions = new Set(overdue.map((id) => this.#waiting.get(id)!.partition));
      await Promise.all([...partitions].map((partition) => this.#ask(partition)));
    }
    this.#asking = false;
  }

  #serverId(): string | undefined {
    return this.#options.connection.info?.server_id;
  }

  /**
   * A server that lost its power forgets what it had not synced, and gives the same numbers to other messages: what it says of a number
   * is believed only of the numbers that it has given itself. Its consumer may be beyond numbers that it has still to give
   * (`reviveConsumer`), so the message must be gone as well.
   */
  async #ask(partition: number): Promise<void> {
    const floor = await this.#options.manager.consumers.info(STREAM, durableOf(partition)).then(
      ({ack_floor: {stream_seq: streamSeq}}) => streamSeq,
      () => 0, // the server is away: each wait has its limit
    );
    for (const [id, {partition: no, streamSeq, serverId}] of [...this.#waiting]) {
      if (no !== partition || streamSeq === undefined || streamSeq > floor) continue;
      if ((await this.#isGone(streamSeq)) && serverId === this.#serverId()) this.#take(id)?.resolve();
    }
  }

  async #isGone(seq: number): Promise<boolean> {
    return this.#options.manager.streams.getMessage(STREAM, {seq}).then(
      (message) => message === null,
      () => false,
    );
  }
}
