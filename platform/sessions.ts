import {randomBytes} from 'node:crypto';
import {epochMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {sha256} from './ids.ts';
import {inTransaction, timestamp} from './pg.ts';
import type {Pool} from './pg.ts';
import {auditName} from './principal.ts';
import type {Principal} from './principal.ts';
import {auditAccess, findPrincipal} from './standings.ts';

const HOUR_MS = 3_600_000;
/** A session nobody uses ends after so long, and every one after a working day. */
const IDLE_MS = 2 * HOUR_MS;
const WHOLE_MS = 12 * HOUR_MS;
/** Sessions of one person; a further one ends the oldest. */
const PER_HOLDER_MAX = 10;
/** That somebody was seen is written down once in so long: not at every request. */
const SEEN_EVERY_MS = 60_000;
const SECRET_BYTES = 32;

export interface OpenSession {
  readonly principal: Principal;
  /** Wall time at which it ends whatever happens. */
  readonly endsAt: EpochMs;
}

/** Sessions of browsers. They are rows, so that every process that serves the console knows them. */
export interface Sessions {
  /** @returns what the cookie carries; the database keeps its SHA-256. */
  open(principal: Principal): Promise<OpenSession & {readonly secret: string}>;
  /** Null: there is none, it has ended, or its user was disabled or changed. */
  find(secret: string): Promise<OpenSession | null>;
  close(secret: string): Promise<void>;
}

/** @param pool Its connections work under the role `forestock_platform`. */
export function openSessions(
  pool: Pool,
  {worldClock, wallClock}: {readonly worldClock: {now(): EpochMs}; readonly wallClock: {now(): EpochMs}},
): Sessions {
  return {
    async open(principal) {
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      const now = wallClock.now();
      const endsAt = epochMs(now + WHOLE_MS);
      const holder = auditName(principal);
      const isOurs = principal.kind === 'user';
      await inTransaction(pool, async (client) => {
        await client.query(
          `DELETE FROM platform.session WHERE ends_wall <= $1 OR seen_wall <= $2 OR session_hash IN (
             SELECT session_hash FROM platform.session WHERE holder = $3 ORDER BY started_wall DESC OFFSET $4)`,
          [timestamp(now), timestamp(now - IDLE_MS), holder, PER_HOLDER_MAX - 1],
        );
        await client.query(
          `INSERT INTO platform.session (session_hash, principal_id, stranger, holder, started_wall, seen_wall, ends_wall)
           VALUES ($1, $2, $3, $4, $5, $5, $6)`,
          [
            hashOf(secret),
            isOurs ? principal.name : null,
            isOurs ? null : JSON.stringify(principal),
            holder,
            timestamp(now),
            timestamp(endsAt),
          ],
        );
        await auditAccess(client, {
          at: worldClock.now(),
          actor: holder,
          action: 'session.opened',
          subject: holder,
          body: {role: principal.role},
        });
      });
      return {principal, endsAt, secret};
    },
    async find(secret) {
      const hash = hashOf(secret);
      const now = wallClock.now();
      const {rows} = await pool.query<{
        principal_id: string | null;
        stranger: Principal | null;
        seen_wall: EpochMs;
        ends_wall: EpochMs;
      }>(
        'SELECT principal_id, stranger, seen_wall, ends_wall FROM platform.session WHERE session_hash = $1 AND ends_wall > $2 AND seen_wall > $3',
        [hash, timestamp(now), timestamp(now - IDLE_MS)],
      );
      const [row] = rows;
      if (row === undefined) return null;
      const principal =
        strangerOf(row.stranger) ?? (await findPrincipal(pool, 'p.principal_id = $1', [row.principal_id]));
      if (principal === null) return null;
      if (row.seen_wall <= now - SEEN_EVERY_MS)
        await pool.query('UPDATE platform.session SET seen_wall = $2 WHERE session_hash = $1', [
          hash,
          timestamp(now),
        ]);
      return {principal, endsAt: row.ends_wall};
    },
    close: async (secret) => {
      await inTransaction(pool, async (client) => {
        const {rows} = await client.query<{holder: string}>(
          'DELETE FROM platform.session WHERE session_hash = $1 RETURNING holder',
          [hashOf(secret)],
        );
        for (const {holder} of rows)
          await auditAccess(client, {
            at: worldClock.now(),
            actor: holder,
            action: 'session.closed',
            subject: holder,
          });
      });
    },
  };
}

/** Sessions from before segments name none. */
function strangerOf(kept: (Omit<Principal, 'segments'> & Partial<Principal>) | null): Principal | null {
  return kept && {...kept, segments: kept.segments ?? null};
}

function hashOf(secret: string): string {
  return sha256(secret).toString('hex');
}
