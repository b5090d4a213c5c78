import {JetStreamApiError} from '@nats-io/jetstream';
import type {JetStreamClient} from '@nats-io/jetstream';
import {OperationalFault, messageOf} from '../../domain/fault.ts';
import type {ReadingsEnvelopeV1} from '../../domain/reading.ts';
import type {CommitWatch} from './jetstream-commits.ts';
import {subjectOf} from './jetstream-stream.ts';

export interface PublisherOptions {
  /** Envelopes on their way to a PubAck at most. */
  readonly windowMax: number;
  /** Envelopes waiting for a place in the window; beyond it publish refuses, and the door slows its senders. */
  readonly envelopesMax: number;
  readonly pubAckWaitMs: number;
  /** Payload of one NATS message, from the server's own limit. */
  readonly payloadBytesMax: () => number;
}

/** JetStream's err_code of a stream that has reached its size and discards the new. */
const STREAM_FULL = 10077;
/** Message id and protocol lines beside the payload. */
const HEADER_BYTES = 512;

/** Publishes envelopes with a bounded window; each resolves at its PubAck, or at its commit when a watch is given. */
export class JetStreamPublisher {
  readonly #client: JetStreamClient;
  readonly #options: PublisherOptions;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(client: JetStreamClient, options: PublisherOptions) {
    this.#client = client;
    this.#options = options;
  }

  get pending(): number {
    return this.#underWay + this.#waiting.length;
  }

  async publish(envelope: ReadingsEnvelopeV1, commits?: CommitWatch): Promise<void> {
    const {windowMax, envelopesMax} = this.#options;
    if (this.#waiting.length >= envelopesMax) {
      throw new OperationalFault('bus-full', `${envelopesMax} envelopes are already waiting`, {
        retryable: true,
      });
    }
    if (this.#underWay >= windowMax) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#underWay += 1;
    let commit: Promise<unknown>;
    try {
      ({commit} = await this.#send(envelope, commits));
    } finally {
      const next = this.#waiting.shift(); // hands its place on
      if (next === undefined) this.#underWay -= 1;
      else next();
    }
    await commit; // outside the window: who waits for the store holds nobody else back
  }

  /** Resolves at the PubAck, with the commit still to come; wrapped, or awaiting one would await the other. */
  async #send(
    envelope: ReadingsEnvelopeV1,
    commits: CommitWatch | undefined,
  ): Promise<{readonly commit: Promise<unknown>}> {
    const bytes = Buffer.from(JSON.stringify(envelope));
    if (bytes.length > this.#options.payloadBytesMax() - HEADER_BYTES && envelope.messages.length > 1) {
      const sent = await Promise.all(halves(envelope).map((half) => this.#send(half, commits)));
      return {commit: Promise.all(sent.map(({commit}) => commit))};
    }
    const awaited = commits?.expect(envelope);
    try {
      const {seq} = await this.#client.publish(subjectOf(envelope.partition), bytes, {
        msgID: envelope.envelopeId,
        timeout: this.#options.pubAckWaitMs,
        ...(awaited && {headers: awaited.headers}),
      });
      return {commit: awaited?.kept(seq) ?? Promise.resolve()};
    } catch (cause) {
      awaited?.forget();
      throw refusal(cause);
    }
  }
}

/** The halves' ids follow from the whole's, so that a repeat is still known as one. */
function halves(envelope: ReadingsEnvelopeV1): [ReadingsEnvelopeV1, ReadingsEnvelopeV1] {
  const middle = envelope.messages.length >> 1;
  return [
    {...envelope, envelopeId: `${envelope.envelopeId}.0`, messages: envelope.messages.slice(0, middle)},
    {...envelope, envelopeId: `${envelope.envelopeId}.1`, messages: envelope.messages.slice(middle)},
  ];
}

function refusal(cause: unknown): OperationalFault {
  if (cause instanceof JetStreamApiError && cause.code === STREAM_FULL) {
    return new OperationalFault(
      'bus-full',
      'the stream READINGS has reached its size; is the store running?',
      {
        retryable: true,
        cause,
      },
    );
  }
  return new OperationalFault('bus-unavailable', `JetStream gave no PubAck: ${messageOf(cause)}`, {
    retryable: true,
    cause,
  });
}
