import type {Message} from '../domain/reading.ts';
import type {MemoryStoreTables, StoredRow} from './memory-store.ts';
import type {SentMessage, SentPacket} from './device.ts';

/** Where a message is safe: on the bus, or committed (as a row or a letter). */
type Safety = 'kept' | 'committed';

/**
 * What every message was promised, and what became of it. Each entry is checked as it is made; `reconcile` compares the end with the
 * beginning. The first trouble is kept: what follows from it would only hide it.
 */
export class ChainLedger {
  #broken: string | undefined;
  readonly #sent = new Map<string, SentMessage>();
  readonly #safe = new Map<string, Safety>();
  readonly #stored = new Set<string>();
  readonly #letters = new Set<string>();
  /** In a memory that lost its power after it had said that it keeps them. */
  readonly #lost = new Set<string>();
  /** Per partition the log sequences of its rows. */
  readonly #logs = new Map<number, Set<number>>();

  get broken(): string | undefined {
    return this.#broken;
  }

  get sentCount(): number {
    return this.#sent.size;
  }

  fail(what: string): void {
    this.#broken ??= what;
  }

  sent(packet: SentPacket): void {
    for (const message of packet.messages) this.#sent.set(message.key, message);
  }

  /** The bus says that it keeps these. */
  kept(messages: readonly Message[]): void {
    for (const message of messages)
      if (!this.#safe.has(keyOf(message))) this.#safe.set(keyOf(message), 'kept');
  }

  /** A memory has lost what it had promised to keep. */
  lost(keys: Iterable<string>): void {
    for (const key of keys) if (!this.#stored.has(key)) this.#lost.add(key);
  }

  /** A store has committed a row. */
  row({message, partitionNo, logSeq}: StoredRow, ownsPartition: boolean): void {
    const key = keyOf(message);
    const sent = this.#sent.get(key);
    if (sent === undefined) {
      this.fail(`row ${key} was sent by nobody`);
      return;
    }
    if (this.#stored.has(key)) {
      this.fail(`row ${key} is stored twice`);
      return;
    }
    if (contentOf(message) !== sent.content || message.kind !== sent.kind) {
      this.fail(`row ${key} says ${contentOf(message)}, its sender said ${sent.content}`);
      return;
    }
    if (sent.fate !== 'stored') {
      this.fail(`row ${key} should have been ${sent.fate}`);
      return;
    }
    if (!ownsPartition) {
      this.fail(`row ${key} was written by a store that had been replaced`);
      return;
    }
    const log = this.#logs.get(partitionNo) ?? new Set();
    if (log.has(logSeq)) {
      this.fail(`row ${key} has log sequence ${logSeq}, as another one has`);
      return;
    }
    this.#logs.set(partitionNo, log.add(logSeq));
    this.#stored.add(key);
    this.#safe.set(key, 'committed');
  }

  /** A store has committed how far a partition's log has come. */
  head(partitionNo: number, lastLogSeq: number): void {
    const rows = this.#logs.get(partitionNo)?.size ?? 0;
    if (rows !== lastLogSeq)
      this.fail(`partition ${partitionNo} has ${rows} rows, and log sequences up to ${lastLogSeq}`);
  }

  /** A dead letter is committed. */
  letter(raw: Uint8Array, equipmentId: string | null | undefined): void {
    const {boot, seq} = JSON.parse(Buffer.from(raw).toString()) as {boot: number; seq: number};
    const key = `${String(equipmentId)}:${boot}:${seq}`;
    const sent = this.#sent.get(key);
    if (sent === undefined) {
      this.fail(`letter ${key} was sent by nobody`);
      return;
    }
    if (sent.fate === 'stored') {
      this.fail(`${key} is sound, and became a letter`);
      return;
    }
    this.#letters.add(key);
    this.#safe.set(key, 'committed');
  }

  /** A PUBACK has reached whoever waits for it. */
  puback(packet: SentPacket, promised: Safety): void {
    for (const {key} of packet.messages) {
      const safe = this.#safe.get(key);
      if (safe === undefined || (promised === 'committed' && safe === 'kept'))
        this.fail(`${key} has its PUBACK, and is ${safe ?? 'nowhere'} where it should be ${promised}`);
    }
  }

  /** When all is well again: each message is what it should be, and each hole in the numbers is known. */
  reconcile(tables: MemoryStoreTables, equipmentIdOf: (equipmentNo: number) => string): void {
    const holes = new Set<string>();
    for (const {equipmentNo, boot, first, last} of tables.openGaps()) {
      for (let seq = first; seq <= last; seq += 1) holes.add(`${equipmentIdOf(equipmentNo)}:${boot}:${seq}`);
    }
    for (const key of holes)
      if (this.#stored.has(key)) {
        this.fail(`${key} is stored, and reported missing`);
        return;
      }
    const rows = [...tables.rows.values()].map(({message}) => keyOf(message));
    if (rows.length !== this.#stored.size || rows.some((key) => !this.#stored.has(key))) {
      this.fail(`${rows.length} rows are there, ${this.#stored.size} were committed`);
      return;
    }
    for (const {key, fate} of this.#sent.values()) {
      if (this.#stored.has(key) || this.#letters.has(key)) continue;
      if (!this.#lost.has(key)) {
        this.fail(`${key}, to be ${fate}, is lost`);
        return;
      }
      if (this.#isBetweenStored(key) && !holes.has(key)) {
        this.fail(`${key} was lost with its memory, and nobody says so`);
        return;
      }
    }
  }

  /** A boot's numbers may begin anywhere and end anywhere: only between two that came is one known to be missing. */
  #isBetweenStored(key: string): boolean {
    const at = key.lastIndexOf(':');
    const [boot, seq] = [key.slice(0, at), Number(key.slice(at + 1))];
    const stored = [...this.#stored].filter((each) => each.startsWith(`${boot}:`)).map((each) => seqOf(each));
    return stored.some((each) => each < seq) && stored.some((each) => each > seq);
  }
}

function keyOf({equipmentId, boot, seq}: Message): string {
  return `${equipmentId}:${String(boot)}:${String(seq)}`;
}

function seqOf(key: string): number {
  return Number(key.slice(key.lastIndexOf(':') + 1));
}

function contentOf(message: Message): string {
  return message.kind === 'reading' ? String(message.values['temperature_c']) : (message.code ?? '');
}
