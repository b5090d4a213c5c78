import type {ReadingsEnvelopeV1} from '../domain/reading.ts';

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
  /** Gets bounded batches, one at a time; calls done or retry on each delivery. */
  take(batch: readonly Delivery[]): Promise<void>;
  /** Bytes on the bus that are no envelope. They leave the bus once this resolves. */
  unreadable(raw: Uint8Array, detail: string): Promise<void>;
}

/** Carries readings from the doors to the store. Both adapters pass test/ingest/bus-contract.ts. */
export interface ReadingsBus {
  /**
   * Resolves when the envelope can no longer be lost: in the process at the store's commit, with JetStream at the PubAck.
   * Rejects when that cannot be promised now; the sender keeps its message.
   */
  publish(envelope: ReadingsEnvelopeV1): Promise<void>;
  /** Starts handing over; once per bus. A partition's envelopes come in the order of their publishing. */
  consume(consumer: ReadingsConsumer): Promise<void>;
  /** Envelopes in this process's memory: accepted and not yet promised, or taken and not yet done. */
  pending(): number;
  /** Stops taking, waits for what is under way; what was taken and is not done goes back to the bus. */
  close(): Promise<void>;
}
