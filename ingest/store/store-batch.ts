import type {EquipmentEvent, Message} from '../../domain/reading.ts';
import {DAY_MS, HOUR_MS, epochMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {together} from '../../platform/pg.ts';
import {keepConflicts} from './conflicts.ts';
import type {LogRow, ReadingRow} from './copy-rows.ts';
import type {Contact, StoreDatabase, StoreTransaction} from './database.ts';
import {checkFence} from './ownership.ts';
import type {Ownership} from './ownership.ts';
import type {SequenceLog} from './sequence-log.ts';
import type {SignalSets} from './signal-sets.ts';

/** A message of one partition, as the envelope said. */
export interface Placed {
  readonly message: Message;
  readonly partitionNo: number;
}

export interface StoreOutcome {
  readonly stored: number;
  /** Same identity, same content: already there. */
  readonly repeated: number;
  /** Same identity, other content: in the dead letters now. */
  readonly conflicts: number;
  /** Last log sequence per partition that moved. */
  readonly heads: ReadonlyMap<number, number>;
}

export interface BatchStore {
  readonly database: StoreDatabase;
  readonly signalSets: SignalSets;
  readonly sequences: SequenceLog;
  /** Weeks that are known to have a partition. */
  readonly weeks: Set<number>;
  /** The partitions this process may write; none named: the only writer (import). */
  readonly ownership?: Ownership;
}

const WEEK_MS = 7 * DAY_MS;

/**
 * Stores a batch in one transaction: the partitions' heads are locked, so what is there and what is fresh cannot change
 * meanwhile; log sequences are given without a gap; repeats change nothing.
 */
export async function storeBatch(
  store: BatchStore,
  batch: readonly Placed[],
  now: EpochMs,
): Promise<StoreOutcome> {
  try {
    return await attempt(store, batch, now);
  } catch (error) {
    if (!isPartitionGone(error)) throw error;
    store.weeks.clear();
    return attempt(store, batch, now);
  }
}

/** A week that was remembered has expired since, here or in another process. */
function isPartitionGone(error: unknown): boolean {
  const {routine} = error as {readonly routine?: string}; // the same in every language, where the message is not
  return routine === 'ExecFindPartition';
}

async function attempt(store: BatchStore, batch: readonly Placed[], now: EpochMs): Promise<StoreOutcome> {
  await ensureWeeks(store, batch);
  const messages = batch.map(({message}) => message);
  const setOf = await store.signalSets.of(messages.filter((message) => message.kind === 'reading'));
  let commitSequences = (): void => undefined;
  const outcome = await store.database.inTransaction(async (rows) => {
    const heads = await lockHeads(rows, batch, store.ownership);
    const sequences = await store.sequences.note(rows, messages, now);
    commitSequences = () => sequences.commit();
    const sifted = await sift(rows, batch, sequences.heardBefore);
    // The primary key has the time in it, so a number used again at another time gets past it.
    // What is stored nowhere has its first use in another kind of message (some devices count the two apart), or lost its row since.
    const doubtful = sifted.fresh.filter(({message}) => sequences.heardBefore.has(message));
    const reused =
      doubtful.length > 0 ? await rows.keysUsed(doubtful.map(({message}) => message)) : new Set<Message>();
    const fresh = sifted.fresh.filter(({message}) => !reused.has(message));
    const conflicts = [...sifted.conflicts, ...reused];
    const readings: ReadingRow[] = [];
    const events: LogRow<EquipmentEvent>[] = [];
    for (const placed of fresh) {
      const logSeq = heads.get(placed.partitionNo)! + 1;
      heads.set(placed.partitionNo, logSeq);
      const {message, partitionNo} = placed;
      if (message.kind === 'event') events.push({message, partitionNo, logSeq});
      else {
        const set = setOf.get(message)!;
        readings.push({
          message,
          partitionNo,
          logSeq,
          signalSetId: set.id,
          values: set.names.map((name) => message.values[name]!),
        });
      }
    }
    await together([
      sequences.save(),
      rows.addReadings(readings),
      rows.addEvents(events),
      keepConflicts(rows, conflicts, now),
      noteContacts(rows, batch),
      rows.saveHeads(heads),
    ]);
    return {stored: fresh.length, repeated: sifted.repeated, conflicts: conflicts.length, heads};
  });
  commitSequences();
  return outcome;
}

async function ensureWeeks(store: BatchStore, batch: readonly Placed[]): Promise<void> {
  const weeks = new Set(batch.map(({message}) => Math.floor(message.observedAt / WEEK_MS)));
  for (const week of weeks) {
    if (store.weeks.has(week)) continue;
    // Epoch weeks start on a Thursday, partitions on a Monday: the call covers both that meet this one.
    await store.database.ensurePartitions(epochMs(week * WEEK_MS), epochMs((week + 1) * WEEK_MS - HOUR_MS));
    store.weeks.add(week);
  }
}

async function lockHeads(
  rows: StoreTransaction,
  batch: readonly Placed[],
  ownership: Ownership | undefined,
): Promise<Map<number, number>> {
  const partitions = [...new Set(batch.map(({partitionNo}) => partitionNo))];
  const locked = await rows.lockHeads(partitions);
  if (ownership !== undefined) {
    checkFence(new Map(locked.map(({partitionNo, epoch}) => [partitionNo, epoch])), ownership.owned());
  }
  const heads = new Map(locked.map(({partitionNo, lastLogSeq}) => [partitionNo, lastLogSeq]));
  for (const partition of partitions.filter((no) => !heads.has(no))) {
    await rows.addHead(partition);
    heads.set(partition, 0);
  }
  return heads;
}

const identity = (message: Message): string =>
  `${message.kind[0]!}${message.equipmentNo}:${message.observedAt}:${message.messageKey}`;

/**
 * Splits a batch into fresh messages, exact repeats (counted) and conflicts: same identity with other content. A number that its
 * equipment had never used is stored nowhere, so only the others are looked up.
 */
async function sift(
  rows: StoreTransaction,
  batch: readonly Placed[],
  heardBefore: ReadonlySet<Message>,
): Promise<{fresh: readonly Placed[]; conflicts: Message[]; repeated: number}> {
  const doubtful = batch
    .map(({message}) => message)
    .filter((message) => message.boot === undefined || message.seq === undefined || heardBefore.has(message));
  if (doubtful.length === 0) return {fresh: batch, conflicts: [], repeated: 0};
  const stored = await rows.contentsOf(doubtful);
  const known = new Map([...stored].map(([message, content]) => [identity(message), content]));
  const fresh: Placed[] = [];
  const conflicts: Message[] = [];
  let repeated = 0;
  for (const placed of batch) {
    const {message} = placed;
    const content = known.get(identity(message)) ?? known.get(numberOf(message));
    if (content === undefined) {
      fresh.push(placed);
      known.set(identity(message), message.contentHash);
      if (message.seq !== undefined) known.set(numberOf(message), message.contentHash);
    } else if (content === message.contentHash) repeated += 1;
    else conflicts.push(message);
  }
  return {fresh, conflicts, repeated};
}

const numberOf = (message: Message): string =>
  message.seq === undefined
    ? ''
    : `#${message.kind[0]!}${message.equipmentNo}:${message.boot!}:${message.seq}`;

/** The last word of each equipment; silence is judged against it. */
async function noteContacts(rows: StoreTransaction, batch: readonly Placed[]): Promise<void> {
  const contacts = new Map<number, Mutable<Contact>>();
  for (const {message} of batch) {
    if (message.kind === 'reading' && message.historical === true) continue; // says nothing of how it is now
    const {equipmentNo, receivedAt, observedAt} = message;
    const readings = message.kind === 'reading' ? 1 : 0;
    const contact = contacts.get(equipmentNo);
    if (contact === undefined) {
      contacts.set(equipmentNo, {equipmentNo, receivedAt, observedAt, readings});
      continue;
    }
    if (receivedAt > contact.receivedAt) contact.receivedAt = receivedAt;
    if (observedAt > contact.observedAt) contact.observedAt = observedAt;
    contact.readings += readings;
  }
  if (contacts.size === 0) return;
  await rows.noteContacts([...contacts.values()].sort((a, b) => a.equipmentNo - b.equipmentNo));
}

type Mutable<T> = {-readonly [K in keyof T]: T[K]};
