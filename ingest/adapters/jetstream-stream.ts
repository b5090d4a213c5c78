import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import type {ConsumerConfig, JetStreamManager, StreamConfig} from '@nats-io/jetstream';
import {OperationalFault} from '../../domain/fault.ts';

export const STREAM = 'READINGS';
export const subjectOf = (partition: number): string => `readings.${partition}`;
export const durableOf = (partition: number): string => `store-${partition}`;

/** JetStream counts in nanoseconds; nothing outside this folder does. */
const NS_PER_MS = 1_000_000;
/** Repeats of an envelope inside this window are dropped by the bus, later ones by the database's key. */
const DUPLICATE_WINDOW_MS = 2 * 60_000;
/** 16 GiB of backlog: 45 min of 6,000 messages/s of 1 KB with the store away. Then publish refuses, and the equipment keeps its messages. */
const STREAM_BYTES_MAX = 16 * 2 ** 30;
/** Longer than any batch takes; a batch that waits for the database is kept alive (JetStreamBus). */
export const ACK_WAIT_MS = 30_000;
/** Envelopes of one partition that may be with a store unacknowledged. */
const ACK_PENDING_MAX = 256;

const STREAM_NOT_FOUND = 10059;

/** Operators may choose these: size, replicas and placement. The rest is what our promise rests on. */
const OURS = {
  subjects: ['readings.*'],
  retention: RetentionPolicy.Workqueue, // a message leaves when the store has acknowledged it, and for no other reason
  discard: DiscardPolicy.New, // a full stream refuses the new message; it never drops an old one
  storage: StorageType.File,
  max_age: 0,
  max_msgs: -1,
  max_msgs_per_subject: -1,
  duplicate_window: DUPLICATE_WINDOW_MS * NS_PER_MS,
} satisfies Partial<StreamConfig>;

/**
 * Makes the stream, or brings an existing one to what is promised here.
 *
 * @throws OperationalFault 'stream-mismatch' when the stream differs in something that JetStream cannot change.
 */
export async function ensureStream(
  manager: JetStreamManager,
  streamBytesMax: number = STREAM_BYTES_MAX,
): Promise<void> {
  const found = await findStream(manager);
  if (found === undefined) {
    await manager.streams.add({name: STREAM, max_bytes: streamBytesMax, ...OURS});
    return;
  }
  const wrong = (['retention', 'storage'] as const).filter((key) => found[key] !== OURS[key]);
  if (wrong.length > 0) {
    const differences = wrong.map((key) => `${key} is ${found[key]} and must be ${OURS[key]}`).join(', ');
    throw new OperationalFault(
      'stream-mismatch',
      `JetStream stream ${STREAM}: ${differences}; this cannot be changed in place: let the store empty it, then delete it`,
      {retryable: false},
    );
  }
  if (differs(found, OURS)) await manager.streams.update(STREAM, OURS);
}

/** One durable pull consumer per partition; what is not acknowledged comes again, as often as it takes. */
export async function ensureConsumer(manager: JetStreamManager, partition: number): Promise<void> {
  const wanted = {
    durable_name: durableOf(partition),
    filter_subject: subjectOf(partition),
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: ACK_WAIT_MS * NS_PER_MS,
    max_ack_pending: ACK_PENDING_MAX,
    max_deliver: -1,
  } satisfies Partial<ConsumerConfig>;
  await manager.consumers.add(STREAM, wanted); // changes nothing when it is there and the same
}

/**
 * A server that loses its power may keep how far a consumer had come, and forget the messages that brought it there. It gives their
 * numbers to new messages, which that consumer is beyond and never gets. Such a consumer is made anew: all that lies in the stream comes,
 * and what was stored before is known by its key.
 *
 * @returns whether it was such a one
 */
export async function reviveConsumer(manager: JetStreamManager, partition: number): Promise<boolean> {
  const durable = durableOf(partition);
  // In this order: what is acknowledged when we ask for the floor has left the stream when we ask for the message.
  const {ack_floor: floor} = await manager.consumers.info(STREAM, durable);
  const next = {seq: 1, next_by_subj: subjectOf(partition)}; // of MsgRequest the client declares only the other forms
  const oldest = await manager.streams.getMessage(STREAM, next);
  if (oldest === null || oldest.seq > floor.stream_seq) {
    const {state} = await manager.streams.info(STREAM);
    if (state.last_seq >= floor.stream_seq) return false;
  }
  await manager.consumers.delete(STREAM, durable);
  await ensureConsumer(manager, partition);
  return true;
}

async function findStream(manager: JetStreamManager): Promise<StreamConfig | undefined> {
  try {
    return (await manager.streams.info(STREAM)).config;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
}

function differs(found: StreamConfig, wanted: Partial<StreamConfig>): boolean {
  return Object.entries(wanted).some(
    ([key, value]) => JSON.stringify(found[key as keyof StreamConfig]) !== JSON.stringify(value),
  );
}
