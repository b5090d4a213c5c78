import {messageOf} from '../domain/fault.ts';
import type {EpochMs} from '../domain/time.ts';
import type {Logger} from './log.ts';
import {timestamp} from './pg.ts';
import type {Pool, Queryable} from './pg.ts';
import type {Role} from './principal.ts';

/** One request of the API. */
export interface Access {
  /** By which name the audit trail knows the caller; null: what it showed was refused. */
  readonly caller: string | null;
  readonly role: Role | null;
  /** The party that it speaks for. */
  readonly partyId: string | null;
  readonly method: string;
  /** As asked, with the parameters that its route knows; `PATH_MAX` characters at most. */
  readonly path: string;
  readonly status: number;
  /** Code of the refusal; null: it was answered. */
  readonly refusal: string | null;
  readonly address: string;
}

export interface AccessRecord extends Access {
  readonly accessNo: number;
  /** World time. */
  readonly at: EpochMs;
}

/** Characters of a path that are kept. */
export const PATH_MAX = 300;
const NAME_MAX = 200;

/** Rows that are written this long after their requests. */
const FLUSH_MS = 1000;
/** Requests that wait for the database: half a minute of 300 a second. What comes beyond leaves no row, and is counted. */
const WAITING_MAX = 10_000;
const BATCH_ROWS = 1000;

/** Who asked the API for what (K3). Adding costs no query: rows are written in batches, outside of every request. */
export interface AccessLog {
  add(access: Access): void;
  /** Requests that left no row since this process began: the database did not answer for too long, or to the end. */
  lost(): number;
  /** Writes what waits, once. What could not be written waits on; nothing is thrown. */
  flush(): Promise<void>;
  /** Writes what waits, and counts what could not be written as lost. */
  close(): Promise<void>;
}

interface Waiting extends Access {
  readonly at: EpochMs;
}

/** @param pool Its connections work under the role `forestock_platform`. */
export function openAccessLog(
  pool: Pool,
  {worldClock, log}: {readonly worldClock: {now(): EpochMs}; readonly log: Logger},
): AccessLog {
  let waiting: Waiting[] = [];
  let lost = 0;
  /** Of those, how many the audit trail knows of. */
  let told = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH_ROWS);
      await insert(pool, batch);
      waiting = waiting.slice(batch.length);
    }
    const gap = lost - told;
    if (gap === 0) return;
    await pool.query(`SELECT platform.record_audit($1, 'forestock', 'access-log.gap', '*', $2)`, [
      timestamp(worldClock.now()),
      JSON.stringify({requests: gap}),
    ]);
    told += gap;
  }
  function later(): void {
    timer ??= setTimeout(() => void flush(), FLUSH_MS).unref();
  }
  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing ??= write()
      .catch((error: unknown) => {
        log.warn(
          {waiting: waiting.length, lost, reason: messageOf(error)},
          'access log not written, and will try again',
        );
        later();
      })
      .finally(() => (writing = undefined));
    await writing;
  }

  return {
    add(access) {
      if (waiting.length < WAITING_MAX) waiting.push({...access, at: worldClock.now()});
      else lost += 1;
      later();
    },
    lost: () => lost,
    flush,
    async close() {
      await flush();
      if (waiting.length > 0) await flush(); // what came while that was under way
      clearTimeout(timer);
      if (waiting.length === 0) return;
      lost += waiting.length;
      log.error(
        {requests: waiting.length, lost},
        'requests leave no row in the access log; look at the database',
      );
      waiting = [];
    },
  };
}

/** What PostgreSQL takes as text: one odd name must not hold the rows behind it up. */
function plain(text: string, lengthMax: number): string {
  return text.toWellFormed().replaceAll('\0', '').slice(0, lengthMax);
}

async function insert(pool: Pool, rows: readonly Waiting[]): Promise<void> {
  const name = (text: string | null): string | null => (text === null ? null : plain(text, NAME_MAX));
  await pool.query(
    `INSERT INTO platform.access_log (at, caller, role, party_id, method, path, status, refusal, address)
     SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[])`,
    [
      rows.map(({at}) => timestamp(at)),
      rows.map(({caller}) => name(caller)),
      rows.map(({role}) => role),
      rows.map(({partyId}) => name(partyId)),
      rows.map(({method}) => plain(method, 20)),
      rows.map(({path}) => plain(path, PATH_MAX)),
      rows.map(({status}) => status),
      rows.map(({refusal}) => refusal),
      rows.map(({address}) => plain(address, 100)),
    ],
  );
}

export interface AccessFilter {
  readonly caller?: string | undefined;
  readonly partyId?: string | undefined;
  /** World time, from this instant on. */
  readonly from?: EpochMs | undefined;
  /** World time, before this instant. */
  readonly to?: EpochMs | undefined;
  /** What the path begins with. */
  readonly path?: string | undefined;
  /** Only what was refused, or only what was answered. */
  readonly refused?: boolean | undefined;
}

const WHERE = `($1::text IS NULL OR caller = $1) AND ($2::text IS NULL OR party_id = $2)
  AND ($3::timestamptz IS NULL OR at >= $3) AND ($4::timestamptz IS NULL OR at < $4)
  AND ($5::text IS NULL OR starts_with(path, $5)) AND ($6::bool IS NULL OR (refusal IS NOT NULL) = $6)`;

function valuesOf({caller, partyId, from, to, path, refused}: AccessFilter): unknown[] {
  const instant = (at: EpochMs | undefined): string | null => (at === undefined ? null : timestamp(at));
  return [caller ?? null, partyId ?? null, instant(from), instant(to), path ?? null, refused ?? null];
}

/** The newest first, behind `after`. @param db  Role forestock_api. */
export async function listAccess(
  db: Queryable,
  {
    after,
    limit,
    ...filter
  }: AccessFilter & {
    readonly after?: {readonly at: EpochMs; readonly accessNo: number} | undefined;
    readonly limit: number;
  },
): Promise<readonly AccessRecord[]> {
  const {rows} = await db.query<AccessRecord>(
    `SELECT access_no AS "accessNo", at, caller, role, party_id AS "partyId", method, path, status, refusal, address
       FROM platform.access_log WHERE ${WHERE} AND ($7::timestamptz IS NULL OR (at, access_no) < ($7, $8::bigint))
      ORDER BY at DESC, access_no DESC LIMIT $9`,
    [...valuesOf(filter), after === undefined ? null : timestamp(after.at), after?.accessNo ?? null, limit],
  );
  return rows;
}

/** How many requests the list of the same filter has. @param db  Role forestock_api. */
export async function countAccess(db: Queryable, filter: AccessFilter): Promise<number> {
  const {rows} = await db.query<{requests: number}>(
    `SELECT count(*) AS requests FROM platform.access_log WHERE ${WHERE}`,
    valuesOf(filter),
  );
  return rows[0]!.requests;
}
