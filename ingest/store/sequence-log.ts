import {LRUCache} from 'lru-cache';
import type {Message} from '../../domain/reading.ts';
import type {EpochMs} from '../../domain/time.ts';
import {plainArray, timestamp} from '../../platform/pg.ts';
import type {Client} from '../../platform/pg.ts';
import {hear} from '../core/sequence.ts';
import type {SequenceState} from '../core/sequence.ts';

/** Boots kept in memory; the others are read again when they speak. */
const BOOTS_CACHED_MAX = 200_000;

/** A boot of an equipment, and what was heard of it before and after a batch. */
interface Heard {
  readonly equipmentNo: number;
  readonly boot: number;
  before: SequenceState | undefined;
  after: SequenceState | undefined;
}

/**
 * Which sequence numbers each boot of each equipment has sent, kept in the store's own transaction: a hole in the
 * numbers is a message that we never got, and says so (I1). Used by the one owner of the partitions, so memory is the truth's copy.
 */
export class SequenceLog {
  readonly #cache = new LRUCache<string, SequenceState>({max: BOOTS_CACHED_MAX});
  /** Raised by forget(): what was noted before it is not remembered after it. */
  #generation = 0;

  /** Notes all messages that carry boot and seq. Call commit() after the transaction; when it failed, call forget(). */
  async note(client: Client, messages: readonly Message[], now: EpochMs): Promise<SequenceChange> {
    const generation = this.#generation;
    const numbered = messages.filter((message) => message.boot !== undefined && message.seq !== undefined);
    const boots = new Map<string, Heard>();
    const heardBy = numbered.map((message) => this.#bootOf(message, boots));
    await this.#load(client, boots);
    for (const boot of boots.values()) boot.after = boot.before;
    // In the order of the numbers, so that a shuffled batch leaves no gap behind that it closes itself.
    const heardBefore = new Set<Message>();
    const order = numbered.map((_, i) => i).sort((a, b) => numbered[a]!.seq! - numbered[b]!.seq!);
    for (const i of order) {
      const boot = heardBy[i]!;
      const {heard, state} = hear(boot.after, numbered[i]!.seq!);
      boot.after = state;
      if (heard === 'repeat') heardBefore.add(numbered[i]!);
    }
    await this.#save(client, [...boots.values()], now);
    return {
      heardBefore,
      commit: () => {
        if (generation !== this.#generation) return;
        for (const [key, {after}] of boots) this.#cache.set(key, after);
      },
    };
  }

  /** Another process may have written what is remembered here, or a commit whose end nobody saw. */
  forget(): void {
    this.#generation += 1;
    this.#cache.clear();
  }

  #bootOf(message: Message, boots: Map<string, Heard>): Heard {
    const key = `${message.equipmentNo}:${message.boot!}`;
    let boot = boots.get(key);
    if (boot === undefined) {
      const before = this.#cache.get(key);
      boot = {equipmentNo: message.equipmentNo, boot: message.boot!, before, after: before};
      boots.set(key, boot);
    }
    return boot;
  }

  async #load(client: Client, boots: ReadonlyMap<string, Heard>): Promise<void> {
    const missing = [...boots.values()].filter(({before}) => before === undefined);
    if (missing.length === 0) return;
    const found = await client.query<{
      equipment_no: number;
      boot: number;
      first_seq: number;
      last_seq: number;
      gaps: [number, number][];
    }>(
      `SELECT s.equipment_no, s.boot, s.first_seq, s.last_seq,
              coalesce((SELECT json_agg(json_build_array(g.first_missing, g.last_missing) ORDER BY g.first_missing)
                 FROM ingest.sequence_gap g WHERE g.equipment_no = s.equipment_no AND g.boot = s.boot AND g.closed_at IS NULL), '[]') AS gaps
         FROM ingest.sequence_state s JOIN unnest($1::int[], $2::int[]) AS k(equipment_no, boot) USING (equipment_no, boot)`,
      [plainArray(missing.map((each) => each.equipmentNo)), plainArray(missing.map((each) => each.boot))],
    );
    for (const row of found.rows) {
      const gaps = row.gaps.map(([first, last]) => ({first, last}));
      boots.get(`${row.equipment_no}:${row.boot}`)!.before = {first: row.first_seq, last: row.last_seq, gaps};
    }
  }

  async #save(client: Client, boots: readonly Heard[], now: EpochMs): Promise<void> {
    const moved = boots.filter(({before, after}) => before !== after);
    if (moved.length === 0) return;
    await client.query(
      `INSERT INTO ingest.sequence_state (equipment_no, boot, first_seq, last_seq)
       SELECT * FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[])
       ON CONFLICT (equipment_no, boot) DO UPDATE SET first_seq = excluded.first_seq, last_seq = excluded.last_seq`,
      [
        plainArray(moved.map((each) => each.equipmentNo)),
        plainArray(moved.map((each) => each.boot)),
        plainArray(moved.map((each) => each.after!.first)),
        plainArray(moved.map((each) => each.after!.last)),
      ],
    );
    await this.#saveGaps(client, moved, now);
  }

  async #saveGaps(client: Client, moved: readonly Heard[], now: EpochMs): Promise<void> {
    const closed: GapRow[] = [];
    const open: GapRow[] = [];
    for (const {equipmentNo, boot, before, after} of moved) {
      const [was, is] = [before?.gaps ?? [], after!.gaps];
      if (was === is) continue;
      const stays = new Set(is.map((gap) => gap.first));
      for (const gap of was) if (!stays.has(gap.first)) closed.push([equipmentNo, boot, gap.first, gap.last]);
      for (const gap of is) open.push([equipmentNo, boot, gap.first, gap.last]);
    }
    if (closed.length > 0) {
      await client.query(
        `UPDATE ingest.sequence_gap g SET closed_at = $4 FROM unnest($1::int[], $2::int[], $3::bigint[]) AS k(equipment_no, boot, first_missing)
          WHERE g.equipment_no = k.equipment_no AND g.boot = k.boot AND g.first_missing = k.first_missing`,
        [...columns(closed).slice(0, 3), timestamp(now)],
      );
    }
    if (open.length > 0) {
      await client.query(
        `INSERT INTO ingest.sequence_gap (equipment_no, boot, first_missing, last_missing, seen_at)
         SELECT k.*, $5::timestamptz FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[]) AS k
         ON CONFLICT (equipment_no, boot, first_missing) DO UPDATE SET last_missing = excluded.last_missing, closed_at = NULL`,
        [...columns(open), timestamp(now)],
      );
    }
  }
}

type GapRow = readonly [equipmentNo: number, boot: number, first: number, last: number];

function columns(rows: readonly GapRow[]): string[] {
  return [0, 1, 2, 3].map((column) => plainArray(rows.map((row) => row[column]!)));
}

export interface SequenceChange {
  /** Messages whose number the equipment had used before. */
  readonly heardBefore: ReadonlySet<Message>;
  commit(): void;
}
