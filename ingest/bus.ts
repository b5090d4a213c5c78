import type {ReadingsEnvelopeV1} from '../domain/reading.ts';

/** One envelope as the store gets it. Exactly one of the two is called, once. */
export interface Delivery {
  readonly envelope: ReadingsEnvelopeV1;
  /** The rows are committed. */
  done(): void;
  /** The rows could not be stored now: deliver again later. */
  retry(): void;
}

/** Carries readings from the doors to the store. Both adapters pass test/ingest/bus-contract.ts. */
export interface ReadingsBus {
  /**
   * Resolves when the envelope can no longer be lost: in the process at the store's commit, with JetStream at the PubAck.
   * Rejects when that cannot be promised now; the sender keeps its message.
   */
  publish(envelope: ReadingsEnvelopeV1): Promise<void>;
  /** Hands bounded batches to `handle`, one at a time; `handle` calls done or retry on each delivery. */
  consume(handle: (batch: readonly Delivery[]) => Promise<void>): Promise<void>;
  /** Envelopes accepted and not yet handed back as done. */
  pending(): number;
  /** Stops taking, waits for what is under way. */
  close(): Promise<void>;
}
