import type {Message} from '../domain/reading.ts';
import {INT4_MAX} from '../domain/quantity.ts';
import type {SequenceState} from '../ingest/core/sequence.ts';
import type {Boot, Contact, Head, MovedBoot, StoreTransaction} from '../ingest/store/database.ts';
import type {RefusedByStore} from '../ingest/store/keep-letter.ts';
import {DatabaseError} from './memory-database.ts';
import type {Transaction} from './memory-database.ts';

export interface StoredRow {
  readonly message: Message;
  readonly partitionNo: number;
  readonly logSeq: number;
}

export interface HeadRow {
  epoch: number;
  lastLogSeq: number;
  /** Who raised the epoch last. */
  claimedBy: string;
}

export interface StoreWatch {
  /** Why the database refuses this row; its rules are stricter than the door's. */
  refuses?(message: Message): string | undefined;
  /** A row is committed by a process, which has claimed its partition last, or has not. */
  row?(row: StoredRow, ownsPartition: boolean): void;
  /** A partition's log has come so far; after its rows. */
  head?(partitionNo: number, lastLogSeq: number): void;
  letter?(raw: Uint8Array, equipmentId: string | null): void;
}

/** The store's tables in memory. What PostgreSQL refuses of a row is refused here with its code. */
export class MemoryStoreTables {
  readonly heads = new Map<number, HeadRow>();
  readonly rows = new Map<string, StoredRow>();
  readonly letters = new Map<string, RefusedByStore & {seenCount: number}>();
  readonly gaps = new Map<string, {readonly last: number; closed: boolean}>();
  readonly contacts = new Map<number, Contact>();
  readonly #keys = new Set<string>();
  readonly #boots = new Map<string, SequenceState>();
  readonly #signalSets = new Map<string, number>();
  readonly #watch: StoreWatch;

  constructor(watch: StoreWatch = {}) {
    this.#watch = watch;
  }

  /** Takes partitions over for a process; within a transaction, whose end makes it so. */
  async claimHeads(
    transaction: Transaction,
    partitions: readonly number[],
    by: string,
  ): Promise<ReadonlyMap<number, number>> {
    const claimed = new Map<number, number>();
    for (const partition of [...partitions].sort((a, b) => a - b)) {
      await transaction.lock(`head:${partition}`);
      const head = this.heads.get(partition);
      const epoch = (head?.epoch ?? 0) + 1;
      claimed.set(partition, epoch);
      const lastLogSeq = head?.lastLogSeq ?? 0;
      transaction.write(() => this.heads.set(partition, {epoch, lastLogSeq, claimedBy: by}));
    }
    return claimed;
  }

  signalSetId(names: readonly string[]): number {
    const key = names.join('\u0001');
    const id = this.#signalSets.get(key) ?? this.#signalSets.size + 1;
    this.#signalSets.set(key, id);
    return id;
  }

  keepLetter(letter: RefusedByStore): void {
    this.#watch.letter?.(letter.raw, letter.equipmentId);
    const before = this.letters.get(letter.deadLetterId);
    if (before === undefined) this.letters.set(letter.deadLetterId, {...letter, seenCount: 1});
    else before.seenCount += 1;
  }

  /** Holes that nobody has closed. */
  openGaps(): readonly (Boot & {readonly first: number; readonly last: number})[] {
    return [...this.gaps]
      .filter(([, gap]) => !gap.closed)
      .map(([key, {last}]) => {
        const [equipmentNo, boot, first] = key.split(':').map(Number);
        return {equipmentNo: equipmentNo!, boot: boot!, first: first!, last};
      });
  }

  /** @param by  The process that writes. */
  within(transaction: Transaction, by: string): StoreTransaction {
    return {
      lockHeads: (partitions) => this.#lockHeads(transaction, partitions),
      addHead: async (partitionNo) =>
        transaction.write(() => this.heads.set(partitionNo, {epoch: 0, lastLogSeq: 0, claimedBy: ''})),
      saveHeads: async (heads) =>
        transaction.write(() => {
          for (const [no, lastLogSeq] of heads) {
            this.heads.get(no)!.lastLogSeq = lastLogSeq;
            this.#watch.head?.(no, lastLogSeq);
          }
        }),
      sequencesOf: async (boots) =>
        boots.flatMap(({equipmentNo, boot}) => {
          const state = this.#boots.get(`${equipmentNo}:${boot}`);
          return state === undefined ? [] : [{equipmentNo, boot, state}];
        }),
      saveSequences: async (moved) => this.#saveSequences(transaction, moved),
      contentsOf: async (messages) =>
        new Map(
          messages.flatMap((message) => {
            const row = this.rows.get(rowKey(message));
            return row === undefined ? [] : [[message, row.message.contentHash] as const];
          }),
        ),
      keysUsed: async (messages) => new Set(messages.filter((message) => this.#keys.has(usedKey(message)))),
      addReadings: async (rows) => this.#add(transaction, rows, by),
      addEvents: async (rows) => this.#add(transaction, rows, by),
      keepLetter: async (letter) => transaction.write(() => this.keepLetter(letter)),
      noteContacts: async (contacts) => transaction.write(() => this.#noteContacts(contacts)),
    };
  }

  async #lockHeads(transaction: Transaction, partitions: readonly number[]): Promise<readonly Head[]> {
    const locked: Head[] = [];
    for (const partitionNo of [...partitions].sort((a, b) => a - b)) {
      if (!this.heads.has(partitionNo)) continue;
      await transaction.lock(`head:${partitionNo}`);
      const {epoch, lastLogSeq} = this.heads.get(partitionNo)!;
      locked.push({partitionNo, epoch, lastLogSeq});
    }
    return locked;
  }

  #add(transaction: Transaction, rows: readonly StoredRow[], by: string): void {
    const keys = new Set<string>();
    for (const row of rows) {
      const {message} = row;
      if ((message.boot ?? 0) > INT4_MAX)
        throw new DatabaseError('ERR_OUT_OF_RANGE', 'boot beyond its column');
      const refused = this.#watch.refuses?.(message);
      if (refused !== undefined) throw new DatabaseError('22P05', refused);
      const key = rowKey(message);
      if (keys.has(key)) throw duplicate(key);
      keys.add(key);
      const write = (): void => {
        this.rows.set(key, row);
        this.#keys.add(usedKey(message));
        this.#watch.row?.(row, this.heads.get(row.partitionNo)?.claimedBy === by);
      };
      transaction.write(write, () => {
        if (this.rows.has(key)) throw duplicate(key);
      });
    }
  }

  #saveSequences(transaction: Transaction, moved: readonly MovedBoot[]): void {
    transaction.write(() => {
      for (const {equipmentNo, boot, before, after} of moved) {
        this.#boots.set(`${equipmentNo}:${boot}`, after);
        const stays = new Set(after.gaps.map(({first}) => first));
        const gapAt = (first: number): string => `${equipmentNo}:${boot}:${first}`;
        for (const {first} of before?.gaps ?? []) {
          const gap = this.gaps.get(gapAt(first));
          if (gap !== undefined && !stays.has(first)) gap.closed = true;
        }
        for (const {first, last} of after.gaps) this.gaps.set(gapAt(first), {last, closed: false});
      }
    });
  }

  #noteContacts(contacts: readonly Contact[]): void {
    for (const contact of contacts) {
      const before = this.contacts.get(contact.equipmentNo);
      this.contacts.set(contact.equipmentNo, {
        equipmentNo: contact.equipmentNo,
        receivedAt: Math.max(contact.receivedAt, before?.receivedAt ?? -Infinity),
        observedAt: Math.max(contact.observedAt, before?.observedAt ?? -Infinity),
        readings: contact.readings + (before?.readings ?? 0),
      });
    }
  }
}

/** The primary key of ingest.reading and ingest.equipment_event. */
function rowKey({kind, equipmentNo, observedAt, messageKey}: Message): string {
  return `${kind}:${equipmentNo}:${observedAt}:${messageKey}`;
}

function usedKey({kind, equipmentNo, messageKey}: Message): string {
  return `${kind}:${equipmentNo}:${messageKey}`;
}

function duplicate(key: string): DatabaseError {
  return new DatabaseError('23505', `row ${key} is there already`);
}
