import {createHash, randomBytes} from 'node:crypto';
import {ok, refused} from '../domain/result.ts';
import type {Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';
import {inTransaction, timestamp} from './pg.ts';
import type {Client, Pool} from './pg.ts';
import type {Principal} from './principal.ts';

/** So that a token found in a log or a repository is known for one. */
export const TOKEN_PREFIX = 'fst_';
const TOKEN_BYTES = 32;
/** The only role that a token has today: it tells and reads its party's repair reports. */
const ROLE = 'repair-log';

export interface IssuedToken {
  readonly name: string;
  readonly partyId: string;
  /** Wall time. */
  readonly createdAt: EpochMs;
}

/** Tokens of parties. The database keeps the SHA-256 of each: 32 random bytes cannot be found again from it. */
export interface Tokens {
  /** @returns the token itself, which can never be read again; or 'token-exists' */
  issue(token: {readonly name: string; readonly partyId: string}, actor: string): Promise<Result<string>>;
  list(): Promise<readonly IssuedToken[]>;
  /** From now on nobody has it. @returns whether there was one. */
  revoke(name: string, actor: string): Promise<boolean>;
  /** For whom the token speaks; null when it is none of ours, or was revoked. */
  holderOf(token: string): Promise<Principal | null>;
}

/** @param pool Its connections work under the role `forestock_platform`. */
export function openTokens(pool: Pool, worldClock: {now(): EpochMs}): Tokens {
  const audit = (
    client: Client,
    actor: string,
    action: string,
    name: string,
    body: object,
  ): Promise<unknown> =>
    client.query('SELECT platform.record_audit($1, $2, $3, $4, $5)', [
      timestamp(worldClock.now()),
      actor,
      action,
      name,
      JSON.stringify(body),
    ]);
  return {
    issue: ({name, partyId}, actor) =>
      inTransaction(pool, async (client) => {
        const token = TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url');
        const made = await client.query(
          `INSERT INTO platform.principal (principal_id, kind, party_id, credential_hash) VALUES ($1, 'token', $2, $3)
           ON CONFLICT (principal_id) DO NOTHING`,
          [name, partyId, sha256(token)],
        );
        if (made.rowCount === 0)
          return refused(
            'token-exists',
            `there is a token ${name} already; give another name, or revoke it first`,
          );
        await client.query(
          `INSERT INTO platform."grant" (principal_id, role, scope_kind, scope_id) VALUES ($1, $2, 'party', $3)`,
          [name, ROLE, partyId],
        );
        await audit(client, actor, 'issue-token', name, {partyId, role: ROLE});
        return ok(token);
      }),
    async list() {
      const {rows} = await pool.query<IssuedToken>(
        `SELECT principal_id AS name, party_id AS "partyId", created_wall AS "createdAt" FROM platform.principal
          WHERE kind = 'token' ORDER BY party_id, principal_id`,
      );
      return rows;
    },
    revoke: (name, actor) =>
      inTransaction(pool, async (client) => {
        await client.query(
          `DELETE FROM platform."grant" g USING platform.principal p
            WHERE g.principal_id = p.principal_id AND p.principal_id = $1 AND p.kind = 'token'`,
          [name],
        );
        const gone = await client.query(
          `DELETE FROM platform.principal WHERE principal_id = $1 AND kind = 'token'`,
          [name],
        );
        if (gone.rowCount === 0) return false;
        await audit(client, actor, 'revoke-token', name, {});
        return true;
      }),
    async holderOf(token) {
      if (!token.startsWith(TOKEN_PREFIX)) return null;
      const {rows} = await pool.query<{name: string; partyId: string}>(
        `SELECT principal_id AS name, g.scope_id AS "partyId" FROM platform.principal p JOIN platform."grant" g USING (principal_id)
          WHERE p.credential_hash = $1 AND p.kind = 'token' AND g.role = $2 AND g.scope_kind = 'party'`,
        [sha256(token), ROLE],
      );
      const [holder] = rows;
      return holder === undefined ? null : {kind: 'party', partyId: holder.partyId, tokenName: holder.name};
    },
  };
}

function sha256(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
