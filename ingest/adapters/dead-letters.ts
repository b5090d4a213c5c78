import {epochMs} from '../../domain/time.ts';
import {causeId, sha256} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {RejectionReason} from '../core/rejection.ts';
import type {
  DeadLetter,
  DeadLetterFilter,
  DeadLetterState,
  DeadLetterStore,
  QuarantinedEquipment,
  StoredDeadLetter,
} from '../ports.ts';

export interface QuarantineCaps {
  /** Letters kept for one unknown equipment. */
  readonly perEquipmentMax: number;
  /** Letters kept for all unknown equipment. */
  readonly overallMax: number;
}

const CAPS: QuarantineCaps = {perEquipmentMax: 1000, overallMax: 100_000};
const LIST_MAX = 1000;

interface LetterRow {
  readonly dead_letter_id: string;
  readonly received_at: number;
  readonly topic: string;
  readonly raw: Buffer;
  readonly reason: RejectionReason;
  readonly detail: string;
  readonly equipment_id: string | null;
  readonly party_id: string | null;
  readonly seen_count: number;
  readonly state: DeadLetterState;
}

/**
 * A repeat is counted, not kept again; a letter that was closed and comes once more is open again. A new quarantined letter is kept
 * only below both caps. Concurrent calls may overshoot a cap by the letters they have in hand.
 */
const ADD = `
  WITH letter AS (
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::int[])
      AS l(dead_letter_id, received_at, topic, raw, reason, detail, equipment_id, party_id, state, seen_count)),
  ranked AS (
    SELECT letter.*, row_number() OVER (PARTITION BY state, equipment_id) AS nth_of_equipment, row_number() OVER (PARTITION BY state) AS nth FROM letter)
  INSERT INTO ingest.dead_letter AS d (dead_letter_id, received_at, topic, raw, reason, detail, equipment_id, party_id, state, seen_count)
  SELECT dead_letter_id, received_at, topic, raw, reason, detail, equipment_id, party_id, state, seen_count
    FROM ranked
   WHERE state <> 'quarantined'
      OR EXISTS (SELECT 1 FROM ingest.dead_letter k WHERE k.dead_letter_id = ranked.dead_letter_id)
      OR (nth_of_equipment + (SELECT count(*) FROM (SELECT 1 FROM ingest.dead_letter k
             WHERE k.equipment_id = ranked.equipment_id AND k.state = 'quarantined' LIMIT $11) kept) <= $11
          AND nth + (SELECT count(*) FROM (SELECT 1 FROM ingest.dead_letter k WHERE k.state = 'quarantined' LIMIT $12) kept) <= $12)
  ON CONFLICT (dead_letter_id) DO UPDATE
     SET seen_count = d.seen_count + excluded.seen_count, state = excluded.state, detail = excluded.detail`;

const LETTER = `SELECT dead_letter_id, received_at, topic, raw, reason, detail, equipment_id, party_id, seen_count, state FROM ingest.dead_letter`;

export class PgDeadLetterStore implements DeadLetterStore {
  readonly #database: Queryable;
  readonly #caps: QuarantineCaps;

  constructor(database: Queryable, caps: QuarantineCaps = CAPS) {
    this.#database = database;
    this.#caps = caps;
  }

  async add(letters: readonly DeadLetter[]): Promise<{readonly kept: number; readonly dropped: number}> {
    const counted = countRepeats(letters);
    const column = <T>(value: (letter: DeadLetter) => T): T[] =>
      [...counted.values()].map(({letter}) => value(letter));
    const result = await this.#database.query(ADD, [
      [...counted.keys()],
      column((letter) => timestamp(letter.receivedAt)),
      column((letter) => storable(letter.topic)),
      column((letter) => Buffer.from(letter.raw)),
      column((letter) => letter.reason),
      column((letter) => storable(letter.detail)),
      column((letter) => letter.equipmentId ?? null),
      column((letter) => letter.partyId ?? null),
      column((letter) => letter.state),
      [...counted.values()].map(({count}) => count),
      this.#caps.perEquipmentMax,
      this.#caps.overallMax,
    ]);
    const kept = result.rowCount ?? 0;
    return {kept, dropped: counted.size - kept};
  }

  async list({state, equipmentId, limit}: DeadLetterFilter): Promise<readonly StoredDeadLetter[]> {
    const {rows} = await this.#database.query<LetterRow>(
      `${LETTER} WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR equipment_id = $2)
        ORDER BY received_at DESC, dead_letter_id LIMIT $3`,
      [state ?? null, equipmentId ?? null, Math.min(Math.max(limit, 1), LIST_MAX)],
    );
    return rows.map(toLetter);
  }

  async get(deadLetterId: string): Promise<StoredDeadLetter | undefined> {
    const {rows} = await this.#database.query<LetterRow>(`${LETTER} WHERE dead_letter_id::text = $1`, [
      deadLetterId,
    ]);
    return rows[0] && toLetter(rows[0]);
  }

  async quarantined(): Promise<readonly QuarantinedEquipment[]> {
    const {rows} = await this.#database.query<{
      equipment_id: string;
      letters: number;
      first_at: number;
      last_at: number;
      topic: string;
    }>(
      `SELECT equipment_id, count(*)::int AS letters, min(received_at) AS first_at, max(received_at) AS last_at,
              (array_agg(topic ORDER BY received_at DESC))[1] AS topic
         FROM ingest.dead_letter WHERE state = 'quarantined' GROUP BY equipment_id ORDER BY letters DESC, equipment_id LIMIT $1`,
      [LIST_MAX],
    );
    return rows.map((row) => ({
      equipmentId: row.equipment_id,
      letters: row.letters,
      firstReceivedAt: epochMs(row.first_at),
      lastReceivedAt: epochMs(row.last_at),
      lastTopic: row.topic,
    }));
  }

  async close(
    deadLetterIds: readonly string[],
    state: 'resubmitted' | 'dropped',
    resubmittedKey?: string,
  ): Promise<number> {
    const result = await this.#database.query(
      `UPDATE ingest.dead_letter SET state = $2, resubmitted_key = $3
        WHERE dead_letter_id = ANY ($1::uuid[]) AND state IN ('rejected', 'quarantined')`,
      [deadLetterIds, state, resubmittedKey ?? null],
    );
    return result.rowCount ?? 0;
  }
}

function countRepeats(
  letters: readonly DeadLetter[],
): ReadonlyMap<string, {letter: DeadLetter; count: number}> {
  const counted = new Map<string, {letter: DeadLetter; count: number}>();
  for (const letter of letters) {
    const id = causeId('dead-letter', letter.topic, sha256(letter.raw).toString('hex'), letter.reason);
    const before = counted.get(id);
    if (before) before.count += 1;
    else counted.set(id, {letter, count: 1});
  }
  return counted;
}

/** PostgreSQL's text holds neither NUL nor half a surrogate pair, and a topic may come with either. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd');
}

function toLetter(row: LetterRow): StoredDeadLetter {
  return {
    deadLetterId: row.dead_letter_id,
    receivedAt: epochMs(row.received_at),
    topic: row.topic,
    raw: row.raw,
    reason: row.reason,
    detail: row.detail,
    ...(row.equipment_id === null ? {} : {equipmentId: row.equipment_id}),
    ...(row.party_id === null ? {} : {partyId: row.party_id}),
    state: row.state,
    seenCount: row.seen_count,
  };
}
