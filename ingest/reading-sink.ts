import {randomUUID} from 'node:crypto';
import {partitionOf} from '../domain/partition.ts';
import {ENVELOPE_MESSAGES_MAX} from '../domain/reading.ts';
import type {Message} from '../domain/reading.ts';
import type {ReadingsBus} from './bus.ts';
import type {Promised} from './ports.ts';

export interface SinkOptions {
  readonly partitions: number;
  /** How long a message may wait for company in its envelope; 0 = until the current turn of the event loop ends. */
  readonly lingerMs: number;
}

interface Filling {
  readonly messages: Message[];
  readonly sent: Promise<void>;
  readonly send: () => void;
}

/** Gathers messages of one partition into envelopes: the bus carries over 30 times as many so as one by one (bench bus). */
export class EnvelopeSink {
  readonly #bus: ReadingsBus;
  readonly #options: SinkOptions;
  /** Per partition, apart by what their senders wait for: who waits for the commit must not hold the others up. */
  readonly #filling = {kept: new Map<number, Filling>(), committed: new Map<number, Filling>()};

  constructor(bus: ReadingsBus, options: SinkOptions) {
    this.#bus = bus;
    this.#options = options;
  }

  /** Resolves when that is sure of all the messages which was asked for; rejects when it cannot be promised of one now. */
  publish(messages: readonly Message[], promised: Promised = 'kept'): Promise<void> {
    if (messages.length === 1) return this.#add(messages[0]!, promised);
    const envelopes = new Set(messages.map((message) => this.#add(message, promised)));
    return Promise.all(envelopes).then(() => undefined);
  }

  #add(message: Message, promised: Promised): Promise<void> {
    const partition = partitionOf(message.equipmentId, this.#options.partitions);
    const filling = this.#filling[promised].get(partition) ?? this.#open(partition, promised);
    filling.messages.push(message);
    if (filling.messages.length >= ENVELOPE_MESSAGES_MAX) filling.send();
    return filling.sent;
  }

  #open(partition: number, promised: Promised): Filling {
    const open = this.#filling[promised];
    const messages: Message[] = [];
    const {promise: sent, resolve, reject} = withResolvers();
    const send = (): void => {
      if (open.get(partition) !== filling) return;
      open.delete(partition);
      this.#cancel(timer);
      const envelope = {version: 1, partition, envelopeId: randomUUID(), messages} as const;
      this.#bus.publish(envelope, promised).then(resolve, reject);
    };
    const filling: Filling = {messages, sent, send};
    open.set(partition, filling);
    const timer = this.#options.lingerMs > 0 ? setTimeout(send, this.#options.lingerMs) : setImmediate(send);
    return filling;
  }

  #cancel(timer: NodeJS.Timeout | NodeJS.Immediate): void {
    if (this.#options.lingerMs > 0) clearTimeout(timer as NodeJS.Timeout);
    else clearImmediate(timer as NodeJS.Immediate);
  }
}

function withResolvers(): {promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void} {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => undefined); // each caller awaits it anyway
  return {promise, resolve, reject};
}
