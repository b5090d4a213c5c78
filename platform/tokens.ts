import {randomBytes} from 'node:crypto';
import {ok, refused} from '../domain/result.ts';
import type {Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';
import {sha256} from './ids.ts';
import {inTransaction} from './pg.ts';
import type {Pool} from './pg.ts';
import type {Principal, Standing} from './principal.ts';
import {STANDING, STANDING_FROM, auditAccess, findPrincipal, grantStanding} from './standings.ts';

/** So that a token found in a log or a repository is known for one. */
export const TOKEN_PREFIX = 'fst_';
const TOKEN_BYTES = 32;

export interface IssuedToken extends Standing {
  readonly name: string;
  /** Wall time. */
  readonly createdAt: EpochMs;
}

/** Tokens of programs and partners. The database keeps the SHA-256 of each: 32 random bytes cannot be found again from it. */
export interface Tokens {
  /** @returns the token itself, which can never be read again; or 'token-exists' */
  issue(token: Standing & {readonly name: string}, actor: string): Promise<Result<string>>;
  list(): Promise<readonly IssuedToken[]>;
  /** From now on nobody has it. @returns whether there was one. */
  revoke(name: string, actor: string): Promise<boolean>;
  /** For whom the token speaks; null when it is none of ours, or was revoked. */
  holderOf(token: string): Promise<Principal | null>;
}

/** @param pool Its connections work under the role `forestock_platform`. */
export function openTokens(pool: Pool, worldClock: {now(): EpochMs}): Tokens {
  return {
    issue: ({name, ...standing}, actor) =>
      inTransaction(pool, async (client) => {
        const token = TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url');
        const made = await client.query(
          `INSERT INTO platform.principal (principal_id, kind, party_id, credential_hash) VALUES ($1, 'token', $2, $3)
           ON CONFLICT (principal_id) DO NOTHING`,
          [name, standing.partyId, hashOf(token)],
        );
        if (made.rowCount === 0)
          return refused(
            'token-exists',
            `there is a token or a user ${name} already; give another name, or revoke it first`,
          );
        await grantStanding(client, name, standing);
        const {role, partyId, depotIds, segments} = standing;
        const body = {role, partyId, depotIds, segments};
        await auditAccess(client, {at: worldClock.now(), actor, action: 'issue-token', subject: name, body});
        return ok(token);
      }),
    async list() {
      const {rows} = await pool.query<IssuedToken>(
        `SELECT ${STANDING}, p.created_wall AS "createdAt" FROM ${STANDING_FROM} WHERE p.kind = 'token'
          GROUP BY p.principal_id ORDER BY "partyId" NULLS FIRST, name`,
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
        await auditAccess(client, {at: worldClock.now(), actor, action: 'revoke-token', subject: name});
        return true;
      }),
    holderOf: async (token) =>
      token.startsWith(TOKEN_PREFIX)
        ? findPrincipal(pool, `p.kind = 'token' AND p.credential_hash = $1`, [hashOf(token)])
        : null,
  };
}

function hashOf(token: string): string {
  return sha256(token).toString('hex');
}
