import {jetstream, jetstreamManager} from '@nats-io/jetstream';
import type {JetStreamClient, JetStreamManager, JsMsg} from '@nats-io/jetstream';
import {messageOf, OperationalFault} from '../../domain/fault.ts';
import type {ReadingsEnvelopeV1} from '../../domain/reading.ts';
import type {NatsConnection} from '../../platform/nats.ts';
import type {Delivery, ReadingsBus, ReadingsConsumer} from '../bus.ts';
import {readEnvelope} from '../core/envelope.ts';
import type {IngestLog, Promised} from '../ports.ts';
import {CommitWatch, tellCommit} from './jetstream-commits.ts';
import {JetStreamPublisher} from './jetstream-publisher.ts';
import {PartitionPuller} from './jetstream-puller.ts';
import {ensureConsumer, ensureStream, reviveConsumer} from './jetstream-stream.ts';

export interface JetStreamBusOptions {
  readonly connection: NatsConnection;
  readonly partitions: number;
  readonly log: IngestLog;
  readonly windowMax?: number;
  readonly envelopesMax?: number;
  readonly pubAckWaitMs?: number;
  readonly streamBytesMax?: number;
  /** Messages handed to the store at once at most, up to one envelope more. */
  readonly batchMessagesMax?: number;
  readonly commitWaitMs?: number;
  readonly commitMessagesMax?: number;
  /** How often the consumers of our partitions are looked at, beside each time that the server was started anew. */
  readonly consumersLookMs?: number;
}

const DEFAULTS = {
  windowMax: 256,
  envelopesMax: 4096,
  pubAckWaitMs: 5000,
  batchMessagesMax: 2048,
  /** A killed store is replaced within 12 s (platform/partition-leases.ts), and a stopping process drains within 25 s. */
  commitWaitMs: 15_000,
  /** Half of what the embedded door takes in hand: those who wait for a store that is away leave room for telemetry. */
  commitMessagesMax: 2048,
  consumersLookMs: 30_000,
};
/** How often the pullers follow the partitions that are ours. */
const FOLLOW_MS = 250;
const LOOK_AGAIN_MS = 1000;
const RETRY_FIRST_MS = 100;
/** Well below the ack wait, so that what waits for the database is kept alive and does not come twice. */
const RETRY_LAST_MS = 5000;

interface Taken {
  readonly partition: number;
  readonly message: JsMsg;
  readonly envelope: ReadingsEnvelopeV1;
}

/**
 * Opens the stream and its consumers. The connection stays the caller's.
 *
 * @throws OperationalFault 'jetstream-unavailable' when the server is there and its JetStream is not, 'stream-mismatch'.
 */
export async function openJetStreamBus(given: JetStreamBusOptions): Promise<ReadingsBus> {
  const options = {...DEFAULTS, ...given};
  const manager = await openStream(options);
  const client = jetstream(options.connection, {timeout: options.pubAckWaitMs});
  return createJetStreamBus(client, manager, given);
}

/** The bus over a stream and consumers that are there. */
export function createJetStreamBus(
  client: JetStreamClient,
  manager: JetStreamManager,
  given: JetStreamBusOptions,
): ReadingsBus {
  const options = {...DEFAULTS, ...given};
  return new JetStreamBus(client, manager, options);
}

async function openStream({
  connection,
  partitions,
  pubAckWaitMs,
  streamBytesMax,
}: JetStreamBusOptions & typeof DEFAULTS): Promise<JetStreamManager> {
  try {
    const manager = await jetstreamManager(connection, {timeout: pubAckWaitMs});
    await ensureStream(manager, streamBytesMax);
    for (let partition = 0; partition < partitions; partition += 1) await ensureConsumer(manager, partition);
    return manager;
  } catch (cause) {
    if (cause instanceof OperationalFault) throw cause;
    throw new OperationalFault(
      'jetstream-unavailable',
      `JetStream of the NATS server: ${messageOf(cause)}; is it enabled (-js), and is there room on its disk? After a full disk nats-server 2.9 needs a restart`,
      {retryable: true, cause},
    );
  }
}

class JetStreamBus implements ReadingsBus {
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #options: JetStreamBusOptions & typeof DEFAULTS;
  readonly #publisher: JetStreamPublisher;
  readonly #commits: CommitWatch;
  readonly #pullers = new Map<number, PartitionPuller>();
  readonly #waitingForRoom: (() => void)[] = [];
  /** In the order of arrival; what could not be stored goes back to the front, so that order per partition holds. */
  #inbox: Taken[] = [];
  #inboxMessages = 0;
  #inHand = 0;
  #publishing = new Set<Promise<void>>();
  #running: Promise<void> = Promise.resolve();
  #closed = false;
  #wake: (() => void) | undefined;
  #looked = {server: '', at: 0};
  #looking = false;

  constructor(
    client: JetStreamClient,
    manager: JetStreamManager,
    options: JetStreamBusOptions & typeof DEFAULTS,
  ) {
    this.#client = client;
    this.#manager = manager;
    this.#commits = new CommitWatch({...options, manager});
    this.#options = options;
    const payloadBytesMax = (): number => options.connection.info?.max_payload ?? 2 ** 20;
    this.#publisher = new JetStreamPublisher(client, {...options, payloadBytesMax});
  }

  async publish(envelope: ReadingsEnvelopeV1, promised: Promised = 'kept'): Promise<void> {
    if (this.#closed) throw new OperationalFault('bus-full', 'the bus is closed', {retryable: true});
    const published = this.#publisher.publish(envelope, promised === 'kept' ? undefined : this.#commits);
    this.#publishing.add(published);
    const over = (): boolean => this.#publishing.delete(published);
    published.then(over, over);
    return published;
  }

  async consume(consumer: ReadingsConsumer): Promise<void> {
    this.#running = this.#run(consumer);
  }

  pending(): number {
    return this.#publisher.pending + this.#commits.pending + this.#inbox.length + this.#inHand;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake?.();
    await this.#running;
    this.#commits.close();
    await Promise.allSettled(this.#publishing);
    if (!this.#options.connection.isClosed()) await this.#options.connection.flush(); // the last acknowledgements
  }

  async #run(consumer: ReadingsConsumer): Promise<void> {
    let retryMs = 0;
    while (!this.#closed) {
      await this.#follow(consumer);
      this.#lookAtConsumers();
      const batch = this.#takeBatch();
      if (batch.length === 0) {
        await this.#pause(FOLLOW_MS);
        continue;
      }
      const failed = await this.#hand(consumer, batch);
      if (failed.length === 0) {
        retryMs = 0;
        continue;
      }
      this.#inbox = [...failed, ...this.#inbox];
      this.#inboxMessages += countMessages(failed);
      for (const {message} of this.#inbox) message.working();
      retryMs = Math.min(RETRY_LAST_MS, Math.max(RETRY_FIRST_MS, retryMs * 2));
      await this.#pause(retryMs, 'whatever comes');
    }
    await Promise.all([...this.#pullers.values()].map((puller) => this.#stopped(puller)));
    for (const {message} of this.#inbox) message.nak();
    this.#inbox = [];
  }

  /** Starts pulling what has become ours, gives back what no longer is. */
  async #follow(consumer: ReadingsConsumer): Promise<void> {
    const ours = new Set(consumer.partitions());
    const lost = [...this.#pullers].filter(([partition]) => !ours.has(partition));
    for (const [partition, puller] of lost) {
      await this.#stopped(puller);
      this.#pullers.delete(partition);
    }
    if (lost.length > 0) {
      for (const {message} of this.#inbox.filter(({partition}) => !ours.has(partition))) message.nak();
      this.#inbox = this.#inbox.filter(({partition}) => ours.has(partition));
      this.#inboxMessages = countMessages(this.#inbox);
      this.#tellChange(); // who waits for room has it now, and nothing may be left whose storing would say so
    }
    for (const partition of ours) {
      if (this.#pullers.has(partition)) continue;
      const inbox = {
        add: (no: number, message: JsMsg) => this.#add(consumer, no, message),
        full: () => this.#inboxMessages >= 2 * this.#options.batchMessagesMax,
        change: () => new Promise<void>((resolve) => this.#waitingForRoom.push(resolve)),
      };
      this.#pullers.set(partition, new PartitionPuller(this.#client, partition, inbox, this.#options.log));
    }
  }

  /** Sets right what a power cut of the server may have left behind; nothing waits for it. */
  #lookAtConsumers(): void {
    const {connection, consumersLookMs, log} = this.#options;
    const server = connection.info?.server_id ?? '';
    const due = server !== this.#looked.server || performance.now() - this.#looked.at >= consumersLookMs;
    if (this.#looking || !due) return;
    this.#looking = true;
    this.#looked = {server, at: performance.now()};
    const revive = async (): Promise<void> => {
      for (const partition of this.#pullers.keys()) {
        if (await reviveConsumer(this.#manager, partition))
          log.warn(
            {partition},
            'the bus had forgotten messages after a crash; all that it has is read again',
          );
      }
    };
    revive()
      .catch(() => (this.#looked.at = performance.now() - consumersLookMs + LOOK_AGAIN_MS)) // the server is away; its pullers say so
      .finally(() => (this.#looking = false));
  }

  async #stopped(puller: PartitionPuller): Promise<void> {
    const stopped = puller.stop();
    this.#tellChange(); // it may be waiting for room
    await stopped;
  }

  #add(consumer: ReadingsConsumer, partition: number, message: JsMsg): void {
    const read = readEnvelope(Buffer.from(message.data).toString('utf8'));
    if (typeof read === 'string') {
      consumer.unreadable(message.data, read).then(
        () => message.ack(),
        () => message.nak(RETRY_LAST_MS),
      );
      return;
    }
    this.#inbox.push({partition, message, envelope: read});
    this.#inboxMessages += read.messages.length;
    this.#wake?.();
  }

  #takeBatch(): Taken[] {
    let messages = 0;
    let count = 0;
    while (count < this.#inbox.length && messages < this.#options.batchMessagesMax) {
      messages += this.#inbox[count++]!.envelope.messages.length;
    }
    this.#inboxMessages -= messages;
    return this.#inbox.splice(0, count);
  }

  /** @returns what could not be stored, in its order. */
  async #hand(consumer: ReadingsConsumer, batch: readonly Taken[]): Promise<Taken[]> {
    const failed: Taken[] = [];
    this.#inHand = batch.length;
    const deliveries = batch.map((taken): Delivery => ({
      envelope: taken.envelope,
      done: () => {
        taken.message.ack();
        tellCommit(this.#options.connection, taken.message, taken.envelope.envelopeId);
      },
      retry: () => failed.push(taken),
    }));
    await consumer.take(deliveries);
    this.#inHand = 0;
    this.#tellChange();
    return failed;
  }

  #tellChange(): void {
    for (const go of this.#waitingForRoom.splice(0)) go();
  }

  /** Ends early when something comes, unless told otherwise, and always at close. */
  async #pause(ms: number, until: 'something comes' | 'whatever comes' = 'something comes'): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        if (until === 'whatever comes' && !this.#closed) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}

function countMessages(taken: readonly Taken[]): number {
  return taken.reduce((sum, {envelope}) => sum + envelope.messages.length, 0);
}
