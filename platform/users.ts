import {ok, refused} from '../domain/result.ts';
import type {Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';
import {hashPassword, passwordFits, passwordProblem} from './passwords.ts';
import {inTransaction, timestamp} from './pg.ts';
import type {Client, Pool} from './pg.ts';
import {standingProblem} from './principal.ts';
import type {Principal, Standing} from './principal.ts';
import {STANDING, STANDING_FROM, auditAccess, findPrincipal, grantStanding} from './standings.ts';

export interface User extends Standing {
  readonly name: string;
  /** Wall times. */
  readonly createdAt: EpochMs;
  readonly disabledAt: EpochMs | null;
}

/** People who sign in with a name and a password. What changes one ends its sessions, and is an entry of the audit trail. */
export interface Users {
  /** @returns 'user-exists', 'password-weak' or 'role-mismatch' */
  add(
    user: Standing & {readonly name: string; readonly password: string},
    actor: string,
  ): Promise<Result<null>>;
  list(): Promise<readonly User[]>;
  /** Gives another role or other bounds. */
  change(name: string, standing: Standing, actor: string): Promise<Result<null>>;
  setPassword(name: string, password: string, actor: string): Promise<Result<null>>;
  /** A disabled user cannot sign in; its name stays taken, so that the audit trail knows one person by it. */
  disable(name: string, isDisabled: boolean, actor: string): Promise<Result<null>>;
  /** Null for a wrong password as for a name that nobody has; that takes equally long. */
  signIn(name: string, password: string): Promise<Principal | null>;
  /** Whether any user was ever made: from then on everybody signs in. */
  any(): Promise<boolean>;
}

/** @param pool Its connections work under the role `forestock_platform`. */
export function openUsers(
  pool: Pool,
  {worldClock, wallClock}: {readonly worldClock: {now(): EpochMs}; readonly wallClock: {now(): EpochMs}},
): Users {
  /** Works on one user; its sessions end with it. */
  const alter = (
    name: string,
    {actor, action, body}: {readonly actor: string; readonly action: string; readonly body?: object},
    work: (client: Client) => Promise<unknown>,
  ): Promise<Result<null>> =>
    inTransaction(pool, async (client) => {
      const found = await client.query(
        `SELECT FROM platform.principal WHERE principal_id = $1 AND kind = 'user' FOR UPDATE`,
        [name],
      );
      if (found.rowCount === 0)
        return refused('unknown-user', `there is no user ${name}; see the list of users`);
      await work(client);
      await client.query('DELETE FROM platform.session WHERE principal_id = $1', [name]);
      const at = worldClock.now();
      await auditAccess(client, {at, actor, action, subject: name, ...(body === undefined ? {} : {body})});
      return ok(null);
    });
  return {
    async add({name, password, ...standing}, actor) {
      const wrong = wrongWith(name, standing, password);
      if (wrong !== null) return wrong;
      const hash = await hashPassword(password);
      return inTransaction(pool, async (client) => {
        const made = await client.query(
          `INSERT INTO platform.principal (principal_id, kind, party_id, credential_hash) VALUES ($1, 'user', $2, $3)
           ON CONFLICT (principal_id) DO NOTHING`,
          [name, standing.partyId, hash],
        );
        if (made.rowCount === 0)
          return refused('user-exists', `there is a user or a token ${name} already; give another name`);
        await grantStanding(client, name, standing);
        const {role, partyId, depotIds, segments} = standing;
        const body = {role, partyId, depotIds, segments};
        await auditAccess(client, {at: worldClock.now(), actor, action: 'user.added', subject: name, body});
        return ok(null);
      });
    },
    async list() {
      const {rows} = await pool.query<User>(
        `SELECT ${STANDING}, p.created_wall AS "createdAt", p.disabled_wall AS "disabledAt" FROM ${STANDING_FROM} WHERE p.kind = 'user'
          GROUP BY p.principal_id ORDER BY name`,
      );
      return rows;
    },
    async change(name, standing, actor) {
      const {role, partyId, depotIds, segments} = standing;
      return (
        wrongWith(name, standing) ??
        alter(
          name,
          {actor, action: 'user.changed', body: {role, partyId, depotIds, segments}},
          async (client) => {
            await client.query('UPDATE platform.principal SET party_id = $2 WHERE principal_id = $1', [
              name,
              partyId,
            ]);
            await grantStanding(client, name, standing);
          },
        )
      );
    },
    async setPassword(name, password, actor) {
      const problem = passwordProblem(password, name);
      if (problem !== null) return refused('password-weak', `${problem}; choose another`);
      const hash = await hashPassword(password);
      return alter(name, {actor, action: 'user.password'}, (client) =>
        client.query('UPDATE platform.principal SET credential_hash = $2 WHERE principal_id = $1', [
          name,
          hash,
        ]),
      );
    },
    disable: (name, isDisabled, actor) =>
      alter(name, {actor, action: isDisabled ? 'user.disabled' : 'user.enabled'}, (client) =>
        client.query('UPDATE platform.principal SET disabled_wall = $2 WHERE principal_id = $1', [
          name,
          isDisabled ? timestamp(wallClock.now()) : null,
        ]),
      ),
    async signIn(name, password) {
      const {rows} = await pool.query<{hash: string}>(
        `SELECT credential_hash AS hash FROM platform.principal WHERE principal_id = $1 AND kind = 'user' AND disabled_wall IS NULL`,
        [name],
      );
      const fits = await passwordFits(password, rows[0]?.hash ?? null);
      return fits ? findPrincipal(pool, `p.kind = 'user' AND p.principal_id = $1`, [name]) : null;
    },
    async any() {
      const {rows} = await pool.query<{any: boolean}>(
        `SELECT EXISTS (SELECT FROM platform.principal WHERE kind = 'user') AS any`,
      );
      return rows[0]!.any;
    },
  };
}

function wrongWith(name: string, standing: Standing, password?: string): ReturnType<typeof refused> | null {
  const mismatch = standingProblem(standing);
  if (mismatch !== null) return refused('role-mismatch', `user ${name}: ${mismatch}`);
  const problem = password === undefined ? null : passwordProblem(password, name);
  return problem === null ? null : refused('password-weak', `${problem}; choose another`);
}
