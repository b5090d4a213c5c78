import {OperationalFault} from '../../domain/fault.ts';
import type {ReadingsEnvelopeV1} from '../../domain/reading.ts';
import type {ReadingsBus, ReadingsConsumer} from '../bus.ts';

interface Waiting {
  readonly envelope: ReadingsEnvelopeV1;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export interface InProcessBusOptions {
  /** Envelopes waiting at most; beyond it publish refuses, and the door slows its senders. */
  readonly envelopesMax?: number;
  /** Messages handed to the store at once at most. */
  readonly batchMessagesMax?: number;
}

/**
 * From so many waiting messages on, those of even and of odd partitions are handed over apart, side by side: while one batch waits for the database,
 * the process prepares the other. A few messages are cheaper in one commit.
 */
const SIDE_BY_SIDE = 512;
const EVEN = 1;
const BOTH = 3;
const halfOf = (partition: number): number => (partition % 2 === 0 ? EVEN : BOTH - EVEN);

/** The embedded bus: a bounded queue whose publish resolves at the store's commit, so a PUBACK means "stored". */
export function createInProcessBus({
  envelopesMax = 4096,
  batchMessagesMax = 2048,
}: InProcessBusOptions = {}): ReadingsBus {
  let waiting: Waiting[] = [];
  /** The halves of the partitions that are with the consumer, as bits. */
  let busy = 0;
  let inHand = 0;
  let closed = false;
  let wake: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();

  /** What may be handed over now, and leaves the queue. A partition's envelopes are never in two hands. */
  function take(): {readonly halves: number; readonly batch: readonly Waiting[]} {
    const due = waiting.filter(({envelope}) => (halfOf(envelope.partition) & busy) === 0);
    const count = due.reduce((sum, {envelope}) => sum + envelope.messages.length, 0);
    const apart = due.length > 0 && count >= SIDE_BY_SIDE;
    const halves = (apart ? halfOf(due[0]!.envelope.partition) : BOTH) & ~busy;
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    let messages = 0;
    for (const each of waiting) {
      const {partition, messages: its} = each.envelope;
      if ((halfOf(partition) & halves) === 0 || messages >= batchMessagesMax) left.push(each);
      else {
        batch.push(each);
        messages += its.length;
      }
    }
    waiting = left;
    return {halves, batch};
  }

  async function run(consumer: ReadingsConsumer): Promise<void> {
    while (!closed || waiting.length > 0 || inHand > 0) {
      const {halves, batch} = take();
      if (batch.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      else void handOver(consumer, halves, batch);
    }
  }

  async function handOver(
    consumer: ReadingsConsumer,
    halves: number,
    batch: readonly Waiting[],
  ): Promise<void> {
    busy |= halves;
    inHand += batch.length;
    await consumer.take(
      batch.map(({envelope, resolve, reject}) => ({
        envelope,
        done: resolve,
        retry: () =>
          reject(
            new OperationalFault('store-unavailable', 'the store cannot take readings now', {
              retryable: true,
            }),
          ),
      })),
    );
    busy &= ~halves;
    inHand -= batch.length;
    wake?.();
  }

  return {
    publish(envelope) {
      if (closed || waiting.length >= envelopesMax) {
        const what = closed ? 'the bus is closed' : `${envelopesMax} envelopes are already waiting`;
        return Promise.reject(new OperationalFault('bus-full', what, {retryable: true}));
      }
      return new Promise<void>((resolve, reject) => {
        waiting.push({envelope, resolve, reject});
        wake?.();
      });
    },
    consume(consumer) {
      running = run(consumer);
      return Promise.resolve();
    },
    pending: () => waiting.length + inHand,
    async close() {
      closed = true;
      wake?.();
      await running;
    },
  };
}
