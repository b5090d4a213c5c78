import {pbkdf2, randomBytes, timingSafeEqual} from 'node:crypto';
import {promisify} from 'node:util';
import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import type {EpochMs} from '../../domain/time.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import {isDeviceLogin, sparkplugNode} from '../core/device-rights.ts';
import type {Device} from '../core/device-rights.ts';
import type {DeviceLogins, IssuedLogin} from '../ports.ts';

const derive = promisify(pbkdf2);
const SECRET_BYTES = 32;
/** Mosquitto's own number. 32 random bytes cannot be guessed however fast a guess is. */
const ITERATIONS = 101;
const SALT_BYTES = 12;
const HASH_BYTES = 64;

/** @param pool Its connections work under the role `forestock_ingest`. */
export function openDeviceLogins(pool: Pool, worldClock: {now(): EpochMs}): DeviceLogins {
  const audit = (client: Client, actor: string, action: string, login: string, body: object) =>
    client.query('SELECT platform.record_audit($1, $2, $3, $4, $5)', [
      timestamp(worldClock.now()),
      actor,
      action,
      login,
      JSON.stringify(body),
    ]);
  const rowOf = async (login: string): Promise<(Device & {readonly secretHash: string}) | undefined> =>
    (
      await pool.query<Device & {readonly secretHash: string}>(
        `SELECT login, equipment_ids AS "equipmentIds", secret_hash AS "secretHash" FROM ingest.device_login WHERE login = $1`,
        [login],
      )
    ).rows[0];
  return {
    issue: ({login, equipmentIds}, actor) =>
      inTransaction(pool, async (client) => {
        const spokenFor = await whomFor(client, login, equipmentIds);
        if (!spokenFor.ok) return spokenFor;
        const secret = randomBytes(SECRET_BYTES).toString('base64url');
        await client.query(
          `INSERT INTO ingest.device_login (login, equipment_ids, secret_hash) VALUES ($1, $2, $3)
           ON CONFLICT (login) DO UPDATE SET equipment_ids = excluded.equipment_ids, secret_hash = excluded.secret_hash, made_wall = clock_timestamp()`,
          [login, spokenFor.value, await hashOf(secret, randomBytes(SALT_BYTES))],
        );
        await audit(client, actor, 'issue-device-login', login, {equipmentIds: spokenFor.value});
        return ok({login, equipmentIds: spokenFor.value, secret});
      }),
    revoke: (login, actor) =>
      inTransaction(pool, async (client) => {
        const gone = await client.query('DELETE FROM ingest.device_login WHERE login = $1', [login]);
        if (gone.rowCount === 0) return false;
        await audit(client, actor, 'revoke-device-login', login, {});
        return true;
      }),
    async list() {
      const {rows} = await pool.query<IssuedLogin>(
        `SELECT login, equipment_ids AS "equipmentIds", made_wall AS "madeAt", secret_hash AS "secretHash" FROM ingest.device_login ORDER BY login`,
      );
      return rows;
    },
    async holderOf(login, secret) {
      const row = await rowOf(login);
      if (row === undefined || !(await isSecretOf(row.secretHash, secret))) return null;
      return {login, equipmentIds: row.equipmentIds};
    },
    async named(login) {
      const row = await rowOf(login);
      return row === undefined ? null : {login, equipmentIds: row.equipmentIds};
    },
  };
}

/** The equipment that a login may speak for: it has to be there. A node that is an equipment itself speaks for itself too. */
async function whomFor(
  client: Client,
  login: string,
  named: readonly string[],
): Promise<Result<readonly string[]>> {
  if (!isDeviceLogin(login))
    return refused('unknown-equipment', `${login} is neither an equipment id nor a Sparkplug group/node`);
  const node = sparkplugNode(login);
  if (node === null && named.length > 0)
    return refused(
      'unknown-equipment',
      `${login} speaks for itself; only a Sparkplug node (group/node) speaks for others`,
    );
  const asked = node === null ? [login] : named;
  const {rows} = await client.query<{id: string}>(
    'SELECT equipment_id AS id FROM network.equipment WHERE equipment_id = ANY($1)',
    [[...asked, ...(node === null ? [] : [node.node])]],
  );
  const known = rows.map(({id}) => id).sort();
  const missing = asked.filter((id) => !known.includes(id));
  if (missing.length === 0 && known.length > 0) return ok(known);
  return refused(
    'unknown-equipment',
    missing.length === 0
      ? `node ${login} speaks for nobody: name its devices`
      : `equipment ${missing.join(', ')} is not known; add it to equipment.csv`,
  );
}

/** '$7$iterations$salt$hash', as mosquitto_passwd writes it: PBKDF2 with SHA-512. */
async function hashOf(secret: string, salt: Buffer, iterations = ITERATIONS): Promise<string> {
  const hash = await derive(secret, salt, iterations, HASH_BYTES, 'sha512');
  return `$7$${iterations}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

async function isSecretOf(kept: string, secret: string): Promise<boolean> {
  const [, , iterations, salt] = kept.split('$');
  const made = Buffer.from(await hashOf(secret, Buffer.from(salt!, 'base64'), Number(iterations)));
  return made.length === kept.length && timingSafeEqual(made, Buffer.from(kept));
}
