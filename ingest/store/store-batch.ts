import type {EquipmentEvent, Message} from '../../domain/reading.ts';
import {DAY_MS, HOUR_MS} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {inTransaction, plainArray, timestamp} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import {findConflicts, keepConflicts} from './conflicts.ts';
import {copyEvents, copyReadings} from './copy-rows.ts';
import type {ReadingRow} from './copy-rows.ts';
import {byTable} from './message-tables.ts';
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
  readonly pool: Pool;
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
  const outcome = await inTransaction(store.pool, async (client) => {
    const heads = await lockHeads(client, batch, store.ownership);
    const sequences = await store.sequences.note(client, messages, now);
    commitSequences = () => sequences.commit();
    const sifted = await sift(client, batch, sequences.heardBefore);
    // The primary key has the time in it, so a number used again at another time gets past it.
    const reused = await findConflicts(
      client,
      sifted.fresh.map(({message}) => message).filter((message) => sequences.heardBefore.has(message)),
    );
    const fresh = sifted.fresh.filter(({message}) => !reused.has(message));
    const conflicts = [...sifted.conflicts, ...reused];
    const readings: ReadingRow[] = [];
    const events: {message: EquipmentEvent; partitionNo: number; logSeq: number}[] = [];
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
    await copyReadings(client, readings);
    await copyEvents(client, events);
    await keepConflicts(client, conflicts, now);
    await noteContacts(client, batch);
    await saveHeads(client, heads);
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
    await store.pool.query('SELECT ingest.ensure_partitions($1, $2)', [
      timestamp(week * WEEK_MS),
      timestamp((week + 1) * WEEK_MS - HOUR_MS),
    ]);
    store.weeks.add(week);
  }
}

/** In the order of the partition number, so that two stores cannot deadlock. */
async function lockHeads(
  client: Client,
  batch: readonly Placed[],
  ownership: Ownership | undefined,
): Promise<Map<number, number>> {
  const partitions = [...new Set(batch.map(({partitionNo}) => partitionNo))];
  const locked = await client.query<{partition_no: number; epoch: number; last_log_seq: number}>(
    `SELECT partition_no, epoch, last_log_seq FROM ingest.partition_head WHERE partition_no = ANY($1::int[]) ORDER BY partition_no FOR UPDATE`,
    [partitions],
  );
  if (ownership !== undefined) {
    checkFence(new Map(locked.rows.map((row) => [row.partition_no, row.epoch])), ownership.owned());
  }
  const heads = new Map(locked.rows.map((row) => [row.partition_no, row.last_log_seq]));
  for (const partition of partitions.filter((no) => !heads.has(no))) {
    await client.query('INSERT INTO ingest.partition_head (partition_no) VALUES ($1)', [partition]);
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
  client: Client,
  batch: readonly Placed[],
  heardBefore: ReadonlySet<Message>,
): Promise<{fresh: readonly Placed[]; conflicts: Message[]; repeated: number}> {
  const doubtful = batch
    .map(({message}) => message)
    .filter((message) => message.boot === undefined || message.seq === undefined || heardBefore.has(message));
  if (doubtful.length === 0) return {fresh: batch, conflicts: [], repeated: 0};
  const known = await storedContents(client, doubtful);
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

async function storedContents(client: Client, messages: readonly Message[]): Promise<Map<string, number>> {
  const contents = new Map<string, number>();
  for (const [table, of] of byTable(messages)) {
    const times = of.map((m) => m.observedAt);
    // One look-up a key, never a join: with compressed chunks a join unpacked them for each batch, 700 against 20 ms. The
    // bounds repeat the times as constants, so that partitions without them are left out beforehand.
    const found = await client.query<{ord: number; content_hash: number}>(
      `SELECT k.ord, r.content_hash
         FROM unnest($1::int[], $2::timestamptz[], $3::uuid[]) WITH ORDINALITY AS k(equipment_no, observed_at, message_key, ord)
        CROSS JOIN LATERAL (SELECT l.content_hash FROM ${table} l
          WHERE l.equipment_no = k.equipment_no AND l.observed_at = k.observed_at AND l.message_key = k.message_key
            AND l.observed_at BETWEEN $4 AND $5 LIMIT 1) r`,
      [
        of.map((m) => m.equipmentNo),
        times.map(timestamp),
        of.map((m) => m.messageKey),
        timestamp(Math.min(...times)),
        timestamp(Math.max(...times)),
      ],
    );
    for (const row of found.rows) contents.set(identity(of[row.ord - 1]!), row.content_hash);
  }
  return contents;
}

/** The last word of each equipment; silence is judged against it. */
async function noteContacts(client: Client, batch: readonly Placed[]): Promise<void> {
  const contacts = new Map<number, {received: number; observed: number; readings: number}>();
  for (const {message} of batch) {
    if (message.kind === 'reading' && message.historical === true) continue; // says nothing of how it is now
    const contact = contacts.get(message.equipmentNo) ?? {
      received: -Infinity,
      observed: -Infinity,
      readings: 0,
    };
    contact.received = Math.max(contact.received, message.receivedAt);
    contact.observed = Math.max(contact.observed, message.observedAt);
    if (message.kind === 'reading') contact.readings += 1;
    contacts.set(message.equipmentNo, contact);
  }
  if (contacts.size === 0) return;
  const rows = [...contacts].sort(([a], [b]) => a - b);
  await client.query(
    `INSERT INTO ingest.equipment_contact AS c (equipment_no, last_received_at, last_observed_at, readings)
     SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[], $4::bigint[])
     ON CONFLICT (equipment_no) DO UPDATE SET
       last_received_at = greatest(c.last_received_at, excluded.last_received_at),
       last_observed_at = greatest(c.last_observed_at, excluded.last_observed_at),
       readings = c.readings + excluded.readings`,
    [
      plainArray(rows.map(([no]) => no)),
      plainArray(rows.map(([, c]) => timestamp(c.received))),
      plainArray(rows.map(([, c]) => timestamp(c.observed))),
      plainArray(rows.map(([, c]) => c.readings)),
    ],
  );
}

async function saveHeads(client: Client, heads: ReadonlyMap<number, number>): Promise<void> {
  await client.query(
    `UPDATE ingest.partition_head h SET last_log_seq = k.seq FROM unnest($1::int[], $2::bigint[]) AS k(no, seq) WHERE h.partition_no = k.no`,
    [[...heads.keys()], [...heads.values()]],
  );
}
