import {randomUUID} from 'node:crypto';
import {partitionOf} from '../domain/partition.ts';
import {ENVELOPE_MESSAGES_MAX} from '../domain/reading.ts';
import type {Message} from '../domain/reading.ts';
import type {ReadingsBus} from './bus.ts';

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

/** Gathers messages of one partition into envelopes: the bus carries 25 times more so than one by one (bench/bus). */
export class EnvelopeSink {
  readonly #bus: ReadingsBus;
  readonly #options: SinkOptions;
  readonly #filling = new Map<number, Filling>();

  constructor(bus: ReadingsBus, options: SinkOptions) {
    this.#bus = bus;
    this.#options = options;
  }

  /** Resolves when none of the messages can be lost any more; rejects when one cannot be taken now. */
  async publish(messages: readonly Message[]): Promise<void> {
    const envelopes = new Set(messages.map((message) => this.#add(message)));
    await Promise.all(envelopes);
  }

  #add(message: Message): Promise<void> {
    const partition = partitionOf(message.equipmentId, this.#options.partitions);
    const filling = this.#filling.get(partition) ?? this.#open(partition);
    filling.messages.push(message);
    if (filling.messages.length >= ENVELOPE_MESSAGES_MAX) filling.send();
    return filling.sent;
  }

  #open(partition: number): Filling {
    const messages: Message[] = [];
    const {promise: sent, resolve, reject} = withResolvers();
    const send = (): void => {
      if (this.#filling.get(partition) !== filling) return;
      this.#filling.delete(partition);
      this.#cancel(timer);
      this.#bus.publish({version: 1, partition, envelopeId: randomUUID(), messages}).then(resolve, reject);
    };
    const filling: Filling = {messages, sent, send};
    this.#filling.set(partition, filling);
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
