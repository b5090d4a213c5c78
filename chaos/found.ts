import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {z} from 'zod';
import type {Pool} from '../platform/pg.ts';
import type {Found, Gap, Received, Stored} from './checker.ts';
import {keyOf, keyOfBytes} from './ledger.ts';

const Note = z.object({idempotencyKey: z.string(), decisionId: z.string().optional()});
/** What a dead letter says of its message, where that is readable. */
const Identity = z.object({boot: z.int(), seq: z.int()});

/** What a database that was given already holds of an earlier run. */
export interface Before {
  readonly decisions: ReadonlySet<string>;
  /** Idempotency keys. */
  readonly effects: ReadonlySet<string>;
}

export async function readBefore(db: Pool): Promise<Before> {
  const decisions = await db.query<{id: string}>('SELECT decision_id AS id FROM replenish.decision');
  const effects = await db.query<{key: string}>('SELECT idempotency_key AS key FROM platform.outbox');
  return {
    decisions: new Set(decisions.rows.map(({id}) => id)),
    effects: new Set(effects.rows.map(({key}) => key)),
  };
}

export interface Run {
  /** Of an earlier one's messages nothing is asked. */
  readonly boot: number;
  readonly before: Before;
  readonly noteFile: string;
}

/**
 * Reads what the service has made of a run.
 *
 * @param db  Reads every stage's tables.
 */
export async function readFound(db: Pool, {boot, before, noteFile}: Run): Promise<Found> {
  const decisions = await db.query<{id: string}>('SELECT decision_id AS id FROM replenish.decision');
  const executed = await db.query<{decisionId: string; ordered: boolean}>(
    `SELECT decision_id AS "decisionId",
            order_id IS NULL OR EXISTS (SELECT FROM network.supply_order o WHERE o.order_id = d.order_id) AS ordered
       FROM replenish.decision d WHERE state = 'executed' AND action <> 'nothing'`,
  );
  const orders = await db.query<{decision_id: string}>(
    'SELECT decision_id FROM network.supply_order WHERE decision_id IS NOT NULL',
  );
  const effects = await db.query<{key: string; state: string}>(
    `SELECT idempotency_key AS key, state FROM platform.outbox WHERE target_id = 'webhook'`,
  );
  return {
    stored: [...(await readings(db, boot)), ...(await events(db, boot))],
    letters: await letters(db),
    gaps: await gaps(db, boot),
    decisions: decisions.rows.filter(({id}) => !before.decisions.has(id)).length,
    executed: executed.rows.filter(({decisionId}) => !before.decisions.has(decisionId)),
    orders: orders.rows.map((row) => row.decision_id).filter((id) => !before.decisions.has(id)),
    effects: effects.rows.map(({key, state}) => ({
      idempotencyKey: key,
      delivered: state === 'delivered' && !before.effects.has(key),
    })),
    received: received(noteFile),
  };
}

async function readings(db: Pool, boot: number): Promise<Stored[]> {
  const {rows} = await db.query<{id: string; seq: number; names: string[]; values: number[]}>(
    `SELECT e.equipment_id AS id, r.seq, s.names, r."values" FROM ingest.reading r
       JOIN ingest.signal_set s USING (signal_set_id) JOIN network.equipment e USING (equipment_no) WHERE r.boot = $1`,
    [boot],
  );
  return rows.map(({id, seq, names, values}) => ({
    key: keyOf(id, boot, seq),
    content: names.map((name, i) => `${name}=${values[i]!}`).join(','),
  }));
}

async function events(db: Pool, boot: number): Promise<Stored[]> {
  const {rows} = await db.query<{id: string; seq: number; type: string; serial: string | null}>(
    `SELECT e.equipment_id AS id, v.seq, v.type, v.serial FROM ingest.equipment_event v
       JOIN network.equipment e USING (equipment_no) WHERE v.boot = $1`,
    [boot],
  );
  return rows.map(({id, seq, type, serial}) => ({
    key: keyOf(id, boot, seq),
    content: `${type}=${serial ?? ''}`,
  }));
}

/** Each by its bytes, and by its message where those can be read: the store keeps a letter in its own words. */
async function letters(db: Pool): Promise<Set<string>> {
  const {rows} = await db.query<{raw: Buffer; equipment_id: string | null}>(
    `SELECT raw, equipment_id FROM ingest.dead_letter WHERE reason <> ''`,
  );
  const keys = new Set<string>();
  for (const {raw, equipment_id: equipmentId} of rows) {
    keys.add(keyOfBytes(createHash('sha256').update(raw).digest('hex')));
    const identity = identityIn(raw);
    if (identity !== undefined && equipmentId !== null)
      keys.add(keyOf(equipmentId, identity.boot, identity.seq));
  }
  return keys;
}

function identityIn(raw: Buffer): z.infer<typeof Identity> | undefined {
  try {
    return Identity.safeParse(JSON.parse(raw.toString('utf8'))).data;
  } catch {
    return undefined; // no JSON, or nested deeper than a parser goes
  }
}

async function gaps(db: Pool, boot: number): Promise<Gap[]> {
  const {rows} = await db.query<Gap>(
    `SELECT e.equipment_id AS "equipmentId", g.boot, g.first_missing AS first, g.last_missing AS last
       FROM ingest.sequence_gap g JOIN network.equipment e USING (equipment_no) WHERE g.boot = $1 AND g.closed_at IS NULL`,
    [boot],
  );
  return rows;
}

function received(noteFile: string): Received[] {
  if (!existsSync(noteFile)) return [];
  const lines = readFileSync(noteFile, 'utf8').split('\n').slice(0, -1); // the last line's end; one cut short was not answered
  return lines.map((line) => {
    const {idempotencyKey, decisionId} = Note.parse(JSON.parse(line));
    return {idempotencyKey, ...(decisionId === undefined ? {} : {decisionId})};
  });
}
