import {ok, refused} from '../domain/result.ts';
import type {Result} from '../domain/result.ts';
import {toIso} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {canonicalJson} from './ids.ts';
import {inTransaction, timestamp} from './pg.ts';
import type {Client, Pool, Queryable} from './pg.ts';

/** What somebody stated of a tunable: fields by name; what it leaves out is as delivered. */
export type Stated = Readonly<Record<string, unknown>>;

/** One version of a tunable (B5). The newest one that has begun is in force. */
export interface ParameterVersion {
  readonly from: EpochMs;
  readonly value: Stated;
  readonly changedBy: string;
}

export interface ParameterChange {
  readonly key: string;
  /** Laid over what is in force at `from`; a field that is null goes back to what is delivered. */
  readonly change: Stated;
  /** World time; not before now. Left out: now, as the one clock reading of the change has it. */
  readonly from?: EpochMs | undefined;
  /** Fields that go with a change which alters something and does not state them itself. */
  readonly label?: (from: EpochMs) => Stated;
}

export interface ParameterChanged {
  readonly from: EpochMs;
  /** What was stated at `from` before. */
  readonly before: Stated;
  readonly value: Stated;
  /** False: that was in force already, and nothing was written. */
  readonly changed: boolean;
  /** A version that was scheduled before and takes over then, as it was stated; null where there is none. */
  readonly until: EpochMs | null;
}

/** Changes of tunables, with effective dates and an audit trail. */
export interface Parameters {
  /** Newest first, those still to come included. */
  versions(key: string, limit: number): Promise<readonly ParameterVersion[]>;
  /** What a change would come to; nothing is written. */
  preview(change: ParameterChange, check: Check): Promise<Result<ParameterChanged>>;
  /** States it; one change of a key at a time. */
  activate(
    change: ParameterChange & {readonly actor: string},
    check: Check,
  ): Promise<Result<ParameterChanged>>;
}

/** Whether a value may be stated; refused with everything that is wrong in it. */
export type Check = (value: Stated) => Result<unknown>;

/** @param pool Its connections work under the role `forestock_platform`. */
export function openParameters(pool: Pool, worldClock: {now(): EpochMs}): Parameters {
  const foresee = async (
    db: Queryable,
    now: EpochMs,
    {key, change, from = now, label = () => ({})}: ParameterChange,
    check: Check,
  ): Promise<Result<ParameterChanged>> => {
    if (from < now)
      return refused(
        'effective-in-past',
        `${key} from ${toIso(from)}: that has passed (it is ${toIso(now)}), and what was decided under it stays; leave the date out, or give a later one`,
      );
    const before = await parameterInForce(db, key, from);
    const asked = without(null, {...before, ...change});
    const changed = canonicalJson(before) !== canonicalJson(asked);
    const value = changed ? {...asked, ...label(from), ...without(null, change)} : asked;
    const checked = check(value);
    if (!checked.ok) return checked;
    const {rows} = await db.query<{until: EpochMs | null}>(
      `SELECT min(effective_from) AS until FROM platform.parameter WHERE key = $1 AND scope = '*' AND effective_from > $2`,
      [key, timestamp(from)],
    );
    return ok({from, before, value, changed, until: rows[0]!.until});
  };
  return {
    async versions(key, limit) {
      const {rows} = await pool.query<ParameterVersion>(
        `SELECT effective_from AS "from", value, changed_by AS "changedBy" FROM platform.parameter
          WHERE key = $1 AND scope = '*' ORDER BY effective_from DESC LIMIT $2`,
        [key, limit],
      );
      return rows;
    },
    preview: (change, check) => foresee(pool, worldClock.now(), change, check),
    activate: ({actor, ...change}, check) =>
      inTransaction(pool, async (client) => {
        await client.query(`SELECT pg_advisory_xact_lock(hashtext('parameter ' || $1))`, [change.key]);
        const now = worldClock.now();
        const seen = await foresee(client, now, change, check);
        if (seen.ok && seen.value.changed) {
          const {from, value} = seen.value;
          await state(client, {key: change.key, value, from, actor}, now);
        }
        return seen;
      }),
  };
}

/** States a whole value from an instant on, with its audit entry; the same instant again replaces it, an equal value changes nothing. */
export async function setParameter(
  pool: Pool,
  parameter: {readonly key: string; readonly value: Stated; readonly from: EpochMs; readonly actor: string},
): Promise<void> {
  await inTransaction(pool, (client) => state(client, parameter, parameter.from));
}

async function state(
  client: Client,
  {key, value, from, actor}: {key: string; value: Stated; from: EpochMs; actor: string},
  at: EpochMs,
): Promise<void> {
  const before = await parameterInForce(client, key, from);
  if (canonicalJson(before) === canonicalJson(value)) return;
  await client.query(
    `INSERT INTO platform.parameter (key, effective_from, value, changed_by) VALUES ($1, $2, $3, $4)
     ON CONFLICT (key, scope, effective_from) DO UPDATE SET value = excluded.value, changed_by = excluded.changed_by`,
    [key, timestamp(from), JSON.stringify(value), actor],
  );
  await client.query(`SELECT platform.record_audit($1, $2, 'parameter.set', $3, $4)`, [
    timestamp(at),
    actor,
    key,
    JSON.stringify({from: toIso(from), before, value}),
  ]);
}

/** What is stated of a tunable at an instant; {} where nothing is. */
export async function parameterInForce(db: Queryable, key: string, at: EpochMs): Promise<Stated> {
  const {rows} = await db.query<{value: Stated}>(`SELECT ${statedAt('$1', '$2')} AS value`, [
    key,
    timestamp(at),
  ]);
  return rows[0]!.value;
}

/** The same as a column of a query that is sent anyway: names of its parameters or columns in, an expression out. */
export function statedAt(key: string, at: string): string {
  return `coalesce((SELECT p.value FROM platform.parameter p WHERE p.key = ${key} AND p.scope = '*' AND p.effective_from <= ${at}
      AND (p.effective_to IS NULL OR p.effective_to > ${at}) ORDER BY p.effective_from DESC LIMIT 1), '{}')`;
}

function without(left: unknown, fields: Stated): Stated {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== left));
}
