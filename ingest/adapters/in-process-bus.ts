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

/** The embedded bus: a bounded queue whose publish resolves at the store's commit, so a PUBACK means "stored". */
export function createInProcessBus({
  envelopesMax = 4096,
  batchMessagesMax = 2048,
}: InProcessBusOptions = {}): ReadingsBus {
  const waiting: Waiting[] = [];
  let inHand = 0;
  let closed = false;
  let wake: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();

  function take(): Waiting[] {
    let messages = 0;
    let count = 0;
    while (count < waiting.length && messages < batchMessagesMax)
      messages += waiting[count++]!.envelope.messages.length;
    return waiting.splice(0, count);
  }

  async function run(consumer: ReadingsConsumer): Promise<void> {
    while (!closed || waiting.length > 0) {
      if (waiting.length === 0) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      const batch = take();
      inHand = batch.length;
      const deliveries = batch.map(({envelope, resolve, reject}) => ({
        envelope,
        done: resolve,
        retry: () =>
          reject(
            new OperationalFault('store-unavailable', 'the store cannot take readings now', {
              retryable: true,
            }),
          ),
      }));
      await consumer.take(deliveries);
      inHand = 0;
    }
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
