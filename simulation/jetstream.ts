import type {JetStreamClient, JetStreamManager} from '@nats-io/jetstream';
import {createJetStreamBus} from '../ingest/adapters/jetstream-bus.ts';
import type {ReadingsBus} from '../ingest/bus.ts';
import type {NatsConnection} from '../platform/nats.ts';
import {Server} from './line.ts';
import type {Process} from './line.ts';
import {Stream} from './stream.ts';
import type {StreamMessage} from './stream.ts';
import {PARTITIONS} from './world.ts';
import type {World} from './world.ts';

type Listener = (error: null, message: {string(): string}) => void;

/** The server between doors and stores: one stream, and words that get lost when nobody hears them. */
export class Nats {
  readonly server = new Server('bus');
  readonly stream: Stream;
  readonly listeners = new Map<string, Listener>();

  constructor({time, ledger}: World) {
    this.stream = new Stream(time, (messages) => ledger.kept(messages));
  }
}

/** Small, so that windows and queues fill up. */
const LIMITS = {windowMax: 3, envelopesMax: 8, batchMessagesMax: 6, commitMessagesMax: 16};

/** The product's bus in one process, over a client that asks the world's server. */
export function jetStreamBus(world: World, process: Process, nats: Nats): ReadingsBus {
  const client = new Client(world, process, nats);
  const connection = {
    publish: (subject: string, word: string) =>
      client.say(() => nats.listeners.get(subject)?.(null, {string: () => word})),
    subscribe: (subject: string, {callback}: {callback: Listener}) => {
      nats.listeners.set(subject, callback);
      process.onDeath(() => nats.listeners.delete(subject));
    },
    get info() {
      return {max_payload: 2 ** 20, server_id: `server-${nats.server.incarnation}`};
    },
    isClosed: () => false,
    flush: async () => undefined,
  } as unknown as NatsConnection; // as much of it as the bus asks for
  const bus = createJetStreamBus(
    client as unknown as JetStreamClient,
    client.manager as unknown as JetStreamManager,
    {connection, partitions: PARTITIONS, log: world.log(process.name), ...LIMITS},
  );
  process.onDeath(() => void bus.close());
  return bus;
}

interface PublishOptions {
  readonly msgID: string;
  readonly timeout: number;
  readonly headers?: unknown;
}

/** What the bus uses of the JetStream client. */
class Client {
  readonly #world: World;
  readonly #process: Process;
  readonly #nats: Nats;

  constructor(world: World, process: Process, nats: Nats) {
    this.#world = world;
    this.#process = process;
    this.#nats = nats;
  }

  async publish(
    subject: string,
    data: Uint8Array,
    {msgID, timeout, headers}: PublishOptions,
  ): Promise<unknown> {
    const {stream, server} = this.#nats;
    return this.#world.line.askWithin(timeout, this.#process, server, () =>
      stream.add(subject, data, msgID, headers),
    );
  }

  readonly consumers = {
    get: async (_stream: string, durable: string) => ({
      fetch: async ({max_messages, expires}: {max_messages: number; expires: number}) =>
        this.#fetch(subjectOf(durable), max_messages, expires),
    }),
  };

  readonly manager = {
    consumers: {
      info: (_stream: string, durable: string) =>
        this.#ask(() => ({ack_floor: {stream_seq: this.#nats.stream.ackFloor(subjectOf(durable))}})),
      delete: (_stream: string, durable: string) =>
        this.#ask(() => this.#nats.stream.renewConsumer(subjectOf(durable))),
      add: () => this.#ask(() => undefined), // it goes on as if one had been added
    },
    streams: {
      info: () => this.#ask(() => ({state: {last_seq: this.#nats.stream.lastSeq}})),
      getMessage: (_stream: string, wanted: Parameters<Stream['find']>[0]) =>
        this.#ask(() => this.#nats.stream.find(wanted)),
    },
  };

  /** Sends something for which there is no answer. */
  say(arrive: () => void): void {
    this.#ask(arrive).catch(() => undefined);
  }

  #fetch(subject: string, max: number, expiresMs: number): AsyncIterable<unknown> & {stop(): void} {
    let stop = (): void => undefined;
    const stopped = new Promise<readonly StreamMessage[]>((resolve) => (stop = () => resolve([])));
    const asked = this.#ask(() => this.#nats.stream.pull(subject, max, expiresMs));
    asked.catch(() => undefined);
    const message = (each: StreamMessage): unknown => this.#message(each);
    return {
      stop,
      async *[Symbol.asyncIterator]() {
        for (const each of await Promise.race([asked, stopped])) yield message(each);
      },
    };
  }

  #message(message: StreamMessage): unknown {
    const {stream} = this.#nats;
    return {
      data: message.data,
      headers: message.headers,
      ack: () => this.say(() => stream.ack(message)),
      nak: (delayMs = 0) => this.say(() => stream.nak(message, delayMs)),
      working: () => this.say(() => stream.working(message)),
    };
  }

  async #ask<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#world.line.ask(this.#process, this.#nats.server, work);
  }
}

/** Example: 'store-3' → 'readings.3'. */
function subjectOf(durable: string): string {
  return durable.replace('store-', 'readings.');
}
