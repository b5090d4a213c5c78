import {existsSync} from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import {OperationalFault, messageOf} from '../../domain/fault.ts';
import type {Configuration} from '../../platform/configuration.ts';
import {startEmbeddedPostgres} from '../../platform/embedded-postgres.ts';
import {findBinaries} from '../../platform/embedded-postgres/binaries.ts';
import {serverUser} from '../../platform/embedded-postgres/server-user.ts';
import {silentLogger} from '../../platform/log.ts';
import {fine, look, note, problem} from './finding.ts';
import type {Finding} from './finding.ts';

/** The oldest PostgreSQL that the schema runs on (platform/migrate.ts). */
const MAJOR_MIN = 15;

/** The database that the service will use: its kind, version, and whether TimescaleDB is there. Changes nothing in it. */
export function databaseFinding({databaseUrl, dataDir}: Configuration): Promise<Finding> {
  if (databaseUrl !== undefined) {
    return look('database', 'check DATABASE_URL, the server and the login', () =>
      inspect(databaseUrl, 'DATABASE_URL'),
    );
  }
  const folder = path.resolve(dataDir);
  if (!existsSync(path.join(folder, 'postgres-access.json')))
    return look('database', 'run npm ci again', () => notYet(folder));
  return look('database', 'the message says what to do', () => existing(folder));
}

async function notYet(folder: string): Promise<Finding> {
  const {major} = findBinaries(serverUser());
  return fine('database', `embedded PostgreSQL ${major}, to be made in ${folder} at the first start`);
}

async function existing(dataDir: string): Promise<Finding> {
  try {
    const server = await startEmbeddedPostgres({dataDir, log: silentLogger()});
    try {
      return await inspect(server.ownerUrl, `embedded in ${dataDir}`);
    } finally {
      await server.stop();
    }
  } catch (error) {
    if (!(error instanceof OperationalFault) || error.code !== 'data-folder-in-use') throw error;
    return fine('database', `embedded: ${messageOf(error).split(';')[0]!}`);
  }
}

async function inspect(url: string, where: string): Promise<Finding> {
  const client = new pg.Client({connectionString: url, connectionTimeoutMillis: 5000});
  await client.connect();
  try {
    const found = await client.query<{
      version: string;
      number: string;
      timescale: string | null;
      offered: boolean;
    }>(
      `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number,
              (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS timescale,
              EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'timescaledb') AS offered`,
    );
    const {version, number, timescale, offered} = found.rows[0]!;
    const kind = `PostgreSQL ${version}, ${where}`;
    if (Number(number) < MAJOR_MIN * 10_000)
      return problem('database', kind, `use PostgreSQL ${MAJOR_MIN} or newer`);
    if (timescale !== null) return fine('database', `${kind}, TimescaleDB ${timescale}`);
    if (offered)
      return note(
        'database',
        `${kind}, TimescaleDB offered and not created`,
        'a new database gets it at its first start',
      );
    return fine('database', `${kind}, without TimescaleDB: native partitions`);
  } finally {
    await client.end();
  }
}
