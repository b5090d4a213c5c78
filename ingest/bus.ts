import type {ReadingsEnvelopeV1} from '../domain/reading.ts';
import type {Promised} from './ports.ts';

/** One envelope as the store gets it. Exactly one of the two is called, once. */
export interface Delivery {
  readonly envelope: ReadingsEnvelopeV1;
  /** The rows are committed. */
  done(): void;
  /** The rows could not be stored now: deliver again later. */
  retry(): void;
}

/** Who takes envelopes off the bus. */
export interface ReadingsConsumer {
  /** The partitions that are this process's to take, asked again and again: they move between processes. */
  partitions(): readonly number[];
  /** Gets bounded batches, none with a partition of another that is under way; calls done or retry on each delivery. Never rejects. */
  take(batch: readonly Delivery[]): Promise<void>;
  /** Bytes on the bus that are no envelope. They leave the bus once this resolves. */
  unreadable(raw: Uint8Array, detail: string): Promise<void>;
}

/** Carries readings from the doors to the store. Both adapters pass test/ingest/bus-contract.ts. */
export interface ReadingsBus {
  /**
   * Resolves when as much is sure as the sender asked for: 'kept' is the store's commit in the process and the PubAck with JetStream;
   * 'committed' is the store's commit, wherever the store runs. Rejects, after a stated wait, when that cannot be promised now;
   * the sender keeps its message.
   */
  publish(envelope: ReadingsEnvelopeV1, promised?: Promised): Promise<void>;
  /** Starts handing over; once per bus. A partition's envelopes come in the order of their publishing. */
  consume(consumer: ReadingsConsumer): Promise<void>;
  /** Envelopes in this process's memory: accepted and not yet promised, or taken and not yet done. */
  pending(): number;
  /** Stops taking, waits for what is under way; what was taken and is not done goes back to the bus. */
  close(): Promise<void>;
}
