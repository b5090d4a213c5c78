import type {EquipmentEvent, Message} from '../../domain/reading.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {SequenceState} from '../core/sequence.ts';
import type {LogRow, ReadingRow} from './copy-rows.ts';
import type {RefusedByStore} from './keep-letter.ts';

/** Who may write a partition, and how far its log has come. */
export interface Head {
  readonly partitionNo: number;
  /** The fencing number: raised by each store that takes the partition over. */
  readonly epoch: number;
  readonly lastLogSeq: number;
}

/** One run of a device, between two starts. */
export interface Boot {
  readonly equipmentNo: number;
  readonly boot: number;
}

/** What was heard of a boot before and after a batch; the two differ. */
export interface MovedBoot extends Boot {
  readonly before: SequenceState | undefined;
  readonly after: SequenceState;
}

/** The last word of an equipment in a batch; −Infinity where it said nothing of how it is now. */
export interface Contact {
  readonly equipmentNo: number;
  readonly receivedAt: number;
  readonly observedAt: number;
  readonly readings: number;
}

/** What the store wants of its rows inside one transaction. Both databases pass test/ingest/store/database-contract.ts. */
export interface StoreTransaction {
  /** Locks these heads until the end of the transaction; a partition that was never written has none. */
  lockHeads(partitions: readonly number[]): Promise<readonly Head[]>;
  addHead(partitionNo: number): Promise<void>;
  /** Partition → last log sequence. */
  saveHeads(heads: ReadonlyMap<number, number>): Promise<void>;
  /** What was heard of these boots; those never heard of are left out. */
  sequencesOf(boots: readonly Boot[]): Promise<readonly (Boot & {readonly state: SequenceState})[]>;
  saveSequences(moved: readonly MovedBoot[], now: EpochMs): Promise<void>;
  /** Content hashes of those that are stored under the same equipment, time and key. */
  contentsOf(messages: readonly Message[]): Promise<ReadonlyMap<Message, number>>;
  /** Those whose equipment and key are stored, under whatever time within the door's reach. */
  keysUsed(messages: readonly Message[]): Promise<ReadonlySet<Message>>;
  addReadings(rows: readonly ReadingRow[]): Promise<void>;
  addEvents(rows: readonly LogRow<EquipmentEvent>[]): Promise<void>;
  keepLetter(letter: RefusedByStore): Promise<void>;
  /** At most one a equipment, in the order of their numbers, so that two stores cannot deadlock. */
  noteContacts(contacts: readonly Contact[]): Promise<void>;
}

/** Where the store keeps what it commits: PostgreSQL, or the memory of a simulated world. */
export interface StoreDatabase {
  /** Commits what `work` has done, or nothing of it. A rejection may come from a commit whose answer was lost. */
  inTransaction<T>(work: (rows: StoreTransaction) => Promise<T>): Promise<T>;
  /** Makes room for messages of this span of time. */
  ensurePartitions(from: EpochMs, to: EpochMs): Promise<void>;
  /** The number of a set of signal names, the same for the same names in this order. */
  signalSetId(names: readonly string[]): Promise<number>;
  keepLetter(letter: RefusedByStore): Promise<void>;
}
