import {setTimeout as pause} from 'node:timers/promises';
import type {Message} from '../../domain/reading.ts';
import type {EpochMs} from '../../domain/time.ts';
import {messageOf} from '../../domain/fault.ts';
import {causeId, sha256} from '../../platform/ids.ts';
import type {Delivery, ReadingsBus} from '../bus.ts';
import type {IngestLog} from '../ports.ts';
import type {StoreDatabase} from './database.ts';
import type {Ownership} from './ownership.ts';
import {SequenceLog} from './sequence-log.ts';
import {SignalSets} from './signal-sets.ts';
import {storeBatch} from './store-batch.ts';
import type {BatchStore, Placed} from './store-batch.ts';

export interface StorePorts {
  readonly database: StoreDatabase;
  readonly bus: ReadingsBus;
  readonly ownership: Ownership;
  readonly now: () => EpochMs;
  readonly log: IngestLog;
  /** Called after each commit with the partitions that moved: saves latency only, losing one costs nothing. */
  readonly stored: (partitions: readonly number[]) => void;
  /** Boots whose numbers are kept in memory. */
  readonly bootsCachedMax?: number;
}

export interface StoreMetrics {
  stored: number;
  repeated: number;
  conflicts: number;
  poisoned: number;
  batches: number;
  failures: number;
}

export interface Store {
  readonly metrics: StoreMetrics;
  /** Partitions have come or gone: another process may have written what is remembered here. */
  forget(): void;
}

/**
 * A commit costs little less for one message than for fifty, and wakes every stage behind it. After a batch of less than so many messages the
 * store rests a moment, in which the next one gathers: at 2,000 messages a second in 70 commits, not 220. A busy store never rests.
 */
const SMALL_BATCH = 64;
const REST_MS = 10;

/** What says "this row", not "not now": SQLSTATE's data exception and integrity violation, a number too large for its column. */
const ROW_AT_FAULT = /^(22|23|ERR_OUT_OF_RANGE$)/;

/** The one consumer of READINGS: takes batches from the bus, commits them, then says so. */
export async function startStore(ports: StorePorts): Promise<Store> {
  const metrics: StoreMetrics = {stored: 0, repeated: 0, conflicts: 0, poisoned: 0, batches: 0, failures: 0};
  const store: BatchStore = {
    database: ports.database,
    signalSets: new SignalSets(ports.database),
    sequences: new SequenceLog(ports.bootsCachedMax),
    weeks: new Set(),
    ownership: ports.ownership,
  };
  await ports.bus.consume({
    partitions: () => [...ports.ownership.owned().keys()],
    async take(batch) {
      const messages = placed(batch);
      try {
        await commit(ports, store, metrics, messages);
        for (const delivery of batch) delivery.done();
        if (messages.length < SMALL_BATCH) await pause(REST_MS);
      } catch (error) {
        metrics.failures += 1;
        ports.log.warn(
          {reason: messageOf(error), envelopes: batch.length},
          'store cannot commit, the bus keeps the batch',
        );
        for (const delivery of batch) delivery.retry();
      }
    },
    unreadable: (raw, detail) => keepUnreadable(ports, raw, detail),
  });
  return {metrics, forget: () => store.sequences.forget()};
}

function placed(batch: readonly Delivery[]): Placed[] {
  return batch.flatMap(({envelope}) =>
    envelope.messages.map((message) => ({message, partitionNo: envelope.partition})),
  );
}

/** Halves a batch that the database refuses for its content until the poison row stands alone; the rest is stored. */
async function commit(
  ports: StorePorts,
  store: BatchStore,
  metrics: StoreMetrics,
  batch: readonly Placed[],
): Promise<void> {
  try {
    const outcome = await storeBatch(store, batch, ports.now());
    metrics.batches += 1;
    metrics.stored += outcome.stored;
    metrics.repeated += outcome.repeated;
    metrics.conflicts += outcome.conflicts;
    ports.stored([...outcome.heads.keys()]);
  } catch (error) {
    store.sequences.forget(); // a commit whose answer was lost has moved the numbers all the same
    if (!ROW_AT_FAULT.test(sqlState(error))) throw error;
    if (batch.length === 1) {
      await keepPoison(ports, batch[0]!.message, messageOf(error));
      metrics.poisoned += 1;
      return;
    }
    const middle = batch.length >> 1;
    await commit(ports, store, metrics, batch.slice(0, middle));
    await commit(ports, store, metrics, batch.slice(middle));
  }
}

function sqlState(error: unknown): string {
  return error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : '';
}

function keepPoison(ports: StorePorts, message: Message, detail: string): Promise<void> {
  return ports.database.keepLetter({
    deadLetterId: causeId('poison', message.equipmentNo, message.messageKey),
    receivedAt: ports.now(),
    topic: message.kind,
    raw: Buffer.from(JSON.stringify(message)),
    reason: 'database-refused',
    detail,
    equipmentId: message.equipmentId,
  });
}

function keepUnreadable(ports: StorePorts, raw: Uint8Array, detail: string): Promise<void> {
  return ports.database.keepLetter({
    deadLetterId: causeId('unreadable', sha256(Buffer.from(raw)).toString('hex')),
    receivedAt: ports.now(),
    topic: 'readings',
    raw,
    reason: 'unreadable-envelope',
    detail,
    equipmentId: null,
  });
}
