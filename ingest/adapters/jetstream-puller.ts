import type {ConsumerMessages, JetStreamClient, JsMsg} from '@nats-io/jetstream';
import {messageOf} from '../../domain/fault.ts';
import type {IngestLog} from '../ports.ts';
import {durableOf, STREAM} from './jetstream-stream.ts';

/** Envelopes of one pull: bounds what a partition can have in memory. */
const PULL_ENVELOPES = 16;
const PULL_EXPIRES_MS = 5000;
const RETRY_MS = 500;

/** Where a puller puts what it gets. */
export interface Inbox {
  add(partition: number, message: JsMsg): void;
  full(): boolean;
  /** Resolves when some of it was taken out, or a puller is to stop. */
  change(): Promise<void>;
}

/** Pulls one partition, in order, as long as the partition is ours. */
export class PartitionPuller {
  readonly #client: JetStreamClient;
  readonly #partition: number;
  readonly #inbox: Inbox;
  readonly #log: IngestLog;
  readonly #running: Promise<void>;
  #stopped = false;
  #pull: ConsumerMessages | undefined;
  #endPause: (() => void) | undefined;

  constructor(client: JetStreamClient, partition: number, inbox: Inbox, log: IngestLog) {
    this.#client = client;
    this.#partition = partition;
    this.#inbox = inbox;
    this.#log = log;
    this.#running = this.#run();
  }

  /** Nothing reaches the inbox after it. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#endPause?.();
    this.#pull?.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#pullOn();
      } catch (error) {
        if (this.#isStopped()) return;
        this.#log.warn({partition: this.#partition, reason: messageOf(error)}, 'pull ended; trying again');
        await this.#pause();
      }
    }
  }

  async #pullOn(): Promise<void> {
    const consumer = await this.#client.consumers.get(STREAM, durableOf(this.#partition));
    while (!this.#stopped) {
      while (this.#inbox.full() && !this.#isStopped()) await this.#inbox.change();
      if (this.#isStopped()) return;
      this.#pull = await consumer.fetch({max_messages: PULL_ENVELOPES, expires: PULL_EXPIRES_MS});
      for await (const message of this.#pull) {
        if (this.#isStopped()) message.nak();
        else this.#inbox.add(this.#partition, message);
      }
    }
  }

  /** Set by stop() while we wait, which the compiler cannot know. */
  #isStopped(): boolean {
    return this.#stopped;
  }

  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, RETRY_MS);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
