import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {readFile, readdir} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import pg from 'pg';
import {OperationalFault, messageOf} from '../domain/fault.ts';

export interface MigrationReport {
  /** Files applied by this call, in order. */
  readonly applied: readonly string[];
  /** Files that a newer release has applied and this one does not know. */
  readonly newer: readonly string[];
  readonly timescale: boolean;
  readonly serverVersion: number;
}

const SERVER_VERSION_MIN = 150_000;

/** The repository's root, from source (platform/) as well as from the build (dist/platform/). */
export function repositoryRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return folder;
}

/**
 * Brings the schema up to the newest numbered migration. Each file is one transaction; a file changed after it was applied is
 * refused. Two starters at once are safe: an advisory lock makes the second wait and find nothing to do. Only applying takes the
 * owner's login: where nothing is missing, a login that owns nothing is enough.
 */
export async function migrate(url: string): Promise<MigrationReport> {
  const client = new pg.Client({connectionString: url, application_name: 'forestock-migrate'});
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(hashtext('forestock.migrate'))`);
    const serverVersion = await refuseOldServer(client);
    const files = await migrationFiles();
    const sha256Of = await appliedBefore(client);
    const applied: string[] = [];
    if (files.some(({name, sha256}) => sha256Of.get(name) !== sha256)) {
      await prepare(client);
      for (const file of files) {
        if (await apply(client, file, sha256Of.get(file.name))) applied.push(file.name);
      }
    }
    const known = new Set(files.map(({name}) => name));
    const newer = [...sha256Of.keys()].filter((name) => !known.has(name)).sort();
    return {applied, newer, timescale: await hasTimescale(client), serverVersion};
  } finally {
    await client.end();
  }
}

interface MigrationFile {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

async function migrationFiles(): Promise<MigrationFile[]> {
  const folder = path.join(repositoryRoot(), 'deploy', 'migrations');
  const names = (await readdir(folder)).filter((name) => /^\d{4}_.*\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(folder, name), 'utf8');
      return {name, sql, sha256: createHash('sha256').update(sql).digest('hex')};
    }),
  );
}

async function apply(
  client: pg.Client,
  file: MigrationFile,
  appliedSha256: string | undefined,
): Promise<boolean> {
  if (appliedSha256 === file.sha256) return false;
  if (appliedSha256 !== undefined) {
    throw new OperationalFault(
      'migration-changed',
      `migration ${file.name} was changed after it was applied; restore the file, and put the change into a new one`,
      {retryable: false},
    );
  }
  try {
    await client.query('BEGIN');
    await client.query(file.sql);
    await client.query('INSERT INTO forestock_migrations.applied (name, sha256) VALUES ($1, $2)', [
      file.name,
      file.sha256,
    ]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    throw new OperationalFault('migration-failed', `migration ${file.name}: ${messageOf(cause)}`, {
      retryable: false,
      cause,
    });
  }
  return true;
}

async function refuseOldServer(client: pg.Client): Promise<number> {
  const result = await client.query<{version: string}>(
    `SELECT current_setting('server_version_num') AS version`,
  );
  const version = Number(result.rows[0]?.version);
  if (version < SERVER_VERSION_MIN) {
    throw new OperationalFault(
      'database-too-old',
      `PostgreSQL ${Math.floor(version / 10_000)} is too old; use 15 or newer`,
      {
        retryable: false,
      },
    );
  }
  return version;
}

/** Name → hash of what an earlier start applied; empty in a new database. */
async function appliedBefore(client: pg.Client): Promise<Map<string, string>> {
  const ledger = await client.query<{there: boolean}>(
    `SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'forestock_migrations' AND tablename = 'applied') AS there`,
  );
  if (ledger.rows[0]?.there !== true) return new Map();
  const known = await client.query<{name: string; sha256: string}>(
    'SELECT name, sha256 FROM forestock_migrations.applied',
  );
  return new Map(known.rows.map(({name, sha256}) => [name, sha256]));
}

/**
 * True where the server has loaded TimescaleDB: its setting has a value. Creating the extension where it is installed and
 * not loaded ends the connection.
 */
export const TIMESCALE_LOADED = `current_setting('timescaledb.disable_load', true) IS NOT NULL`;

/** What the files stand on. TimescaleDB is used when the server offers it; the schema runs without. */
async function prepare(client: pg.Client): Promise<void> {
  try {
    const offered = await client.query(
      `SELECT 1 FROM pg_available_extensions WHERE name = 'timescaledb' AND ${TIMESCALE_LOADED}`,
    );
    if (offered.rowCount !== 0) await client.query('CREATE EXTENSION IF NOT EXISTS timescaledb');
    await client.query(`CREATE SCHEMA IF NOT EXISTS forestock_migrations`);
    await client.query(`CREATE TABLE IF NOT EXISTS forestock_migrations.applied (
      name text PRIMARY KEY, sha256 text NOT NULL, applied_wall timestamptz NOT NULL DEFAULT clock_timestamp())`);
    // Names and hashes are no secret, and every starter compares them.
    await client.query(`GRANT USAGE ON SCHEMA forestock_migrations TO PUBLIC`);
    await client.query(`GRANT SELECT ON forestock_migrations.applied TO PUBLIC`);
  } catch (cause) {
    throw new OperationalFault(
      'migration-failed',
      `the schema is not that of this release, and this login may not change it (${messageOf(cause)}); run forestock migrate with the owner's DATABASE_URL first`,
      {retryable: false, cause},
    );
  }
}

async function hasTimescale(client: pg.Client): Promise<boolean> {
  const found = await client.query(`SELECT 1 FROM pg_extension WHERE extname = 'timescaledb'`);
  return found.rowCount !== 0;
}
