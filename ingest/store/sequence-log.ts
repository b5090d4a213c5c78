import {LRUCache} from 'lru-cache';
import type {Message} from '../../domain/reading.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Client} from '../../platform/pg.ts';
import {hear} from '../core/sequence.ts';
import type {SequenceState} from '../core/sequence.ts';

/** Boots kept in memory; the others are read again when they speak. */
const BOOTS_CACHED_MAX = 200_000;

type Key = `${number}:${number}`;
const keyOf = (message: Message): Key => `${message.equipmentNo}:${message.boot!}`;
const parse = (key: Key): [number, number] => key.split(':').map(Number) as [number, number];

/**
 * Which sequence numbers each boot of each equipment has sent, kept in the store's own transaction: a hole in the
 * numbers is a message that we never got, and says so (I1). Used by the one owner of the partitions, so memory is the truth's copy.
 */
export class SequenceLog {
  readonly #cache = new LRUCache<Key, SequenceState>({max: BOOTS_CACHED_MAX});

  /** Notes all messages that carry boot and seq. Call commit() after the transaction; when it failed, nothing was noted. */
  async note(client: Client, messages: readonly Message[], now: EpochMs): Promise<SequenceChange> {
    const numbered = messages.filter((message) => message.boot !== undefined && message.seq !== undefined);
    if (numbered.length === 0) return {heardBefore: [], commit: () => undefined};
    const before = await this.#load(client, [...new Set(numbered.map(keyOf))]);
    const after = new Map(before);
    // In the order of the numbers, so that a shuffled batch leaves no gap behind that it closes itself.
    const heardBefore: Message[] = [];
    for (const message of [...numbered].sort((a, b) => a.seq! - b.seq!)) {
      const {heard, state} = hear(after.get(keyOf(message)), message.seq!);
      after.set(keyOf(message), state);
      if (heard === 'repeat') heardBefore.push(message);
    }
    await this.#save(client, before, after, now);
    return {
      heardBefore,
      commit: () => {
        for (const [key, state] of after) if (state !== undefined) this.#cache.set(key, state);
      },
    };
  }

  /** Another process may have written what is remembered here. */
  forget(): void {
    this.#cache.clear();
  }

  async #load(client: Client, keys: readonly Key[]): Promise<Map<Key, SequenceState | undefined>> {
    const states = new Map<Key, SequenceState | undefined>(keys.map((key) => [key, this.#cache.get(key)]));
    const missing = keys.filter((key) => states.get(key) === undefined).map(parse);
    if (missing.length === 0) return states;
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
      [missing.map(([equipmentNo]) => equipmentNo), missing.map(([, boot]) => boot)],
    );
    for (const row of found.rows) {
      const gaps = row.gaps.map(([first, last]) => ({first, last}));
      states.set(`${row.equipment_no}:${row.boot}`, {first: row.first_seq, last: row.last_seq, gaps});
    }
    return states;
  }

  async #save(
    client: Client,
    before: ReadonlyMap<Key, SequenceState | undefined>,
    after: ReadonlyMap<Key, SequenceState | undefined>,
    now: EpochMs,
  ): Promise<void> {
    const moved = [...after].filter(([key, state]) => state !== before.get(key)) as [Key, SequenceState][];
    if (moved.length === 0) return;
    const ids = moved.map(([key]) => parse(key));
    await client.query(
      `INSERT INTO ingest.sequence_state (equipment_no, boot, first_seq, last_seq)
       SELECT * FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[])
       ON CONFLICT (equipment_no, boot) DO UPDATE SET first_seq = excluded.first_seq, last_seq = excluded.last_seq`,
      [
        ids.map((id) => id[0]),
        ids.map((id) => id[1]),
        moved.map(([, s]) => s.first),
        moved.map(([, s]) => s.last),
      ],
    );
    for (const [key, state] of moved) {
      if (state.gaps !== before.get(key)?.gaps)
        await this.#saveGaps(client, parse(key), before.get(key), state, now);
    }
  }

  async #saveGaps(
    client: Client,
    [equipmentNo, boot]: readonly [number, number],
    before: SequenceState | undefined,
    after: SequenceState,
    now: EpochMs,
  ): Promise<void> {
    const stays = new Set(after.gaps.map((gap) => gap.first));
    const closed = (before?.gaps ?? []).filter((gap) => !stays.has(gap.first)).map((gap) => gap.first);
    if (closed.length > 0) {
      await client.query(
        `UPDATE ingest.sequence_gap SET closed_at = $4 WHERE equipment_no = $1 AND boot = $2 AND first_missing = ANY($3::bigint[])`,
        [equipmentNo, boot, closed, timestamp(now)],
      );
    }
    await client.query(
      `INSERT INTO ingest.sequence_gap (equipment_no, boot, first_missing, last_missing, seen_at)
       SELECT $1, $2, f, l, $5 FROM unnest($3::bigint[], $4::bigint[]) AS g(f, l)
       ON CONFLICT (equipment_no, boot, first_missing) DO UPDATE SET last_missing = excluded.last_missing, closed_at = NULL`,
      [
        equipmentNo,
        boot,
        after.gaps.map((gap) => gap.first),
        after.gaps.map((gap) => gap.last),
        timestamp(now),
      ],
    );
  }
}

export interface SequenceChange {
  /** Messages whose number the equipment had used before. */
  readonly heardBefore: readonly Message[];
  commit(): void;
}
