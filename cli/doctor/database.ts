import {existsSync} from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import {OperationalFault, messageOf} from '../../domain/fault.ts';
import type {Configuration} from '../../platform/configuration.ts';
import {startEmbeddedPostgres} from '../../platform/embedded-postgres.ts';
import {TIMESCALE_LOADED} from '../../platform/migrate.ts';
import {findBinaries} from '../../platform/embedded-postgres/binaries.ts';
import {serverUser} from '../../platform/embedded-postgres/server-user.ts';
import {silentLogger} from '../../platform/log.ts';
import {fine, look, note, problem} from './finding.ts';
import {maintenanceFinding} from './maintenance.ts';
import type {Finding} from './finding.ts';

/** The oldest PostgreSQL that the schema runs on (platform/migrate.ts). */
const MAJOR_MIN = 15;

/**
 * The database that the service will use: its kind, version, whether TimescaleDB is used, and when maintenance last ran.
 * Changes nothing in it.
 */
export async function databaseFindings({
  databaseUrl,
  dataDir,
}: Pick<Configuration, 'databaseUrl' | 'dataDir'>): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const lookInto = (next: string, work: () => Promise<readonly Finding[]>): Promise<Finding> =>
    look('database', next, async () => {
      const [database, ...more] = await work();
      findings.push(...more);
      return database!;
    });
  const folder = path.resolve(dataDir);
  const database =
    databaseUrl !== undefined
      ? await lookInto('check DATABASE_URL, the server and the login', () =>
          inspect(databaseUrl, 'DATABASE_URL'),
        )
      : existsSync(path.join(folder, 'postgres-access.json'))
        ? await lookInto('the message says what to do', () => existing(folder))
        : await look('database', 'run npm ci again', () => notYet(folder));
  return [database, ...findings];
}

async function notYet(folder: string): Promise<Finding> {
  const {major} = findBinaries(serverUser());
  return fine('database', `embedded PostgreSQL ${major}, to be made in ${folder} at the first start`);
}

async function existing(dataDir: string): Promise<readonly Finding[]> {
  try {
    const server = await startEmbeddedPostgres({dataDir, log: silentLogger()});
    try {
      return await inspect(server.ownerUrl, `embedded in ${dataDir}`);
    } finally {
      await server.stop();
    }
  } catch (error) {
    if (!(error instanceof OperationalFault) || error.code !== 'data-folder-in-use') throw error;
    return [fine('database', `embedded: ${messageOf(error).split(';')[0]!}`)];
  }
}

async function inspect(url: string, where: string): Promise<readonly Finding[]> {
  const client = new pg.Client({connectionString: url, connectionTimeoutMillis: 5000});
  await client.connect();
  try {
    return [await inspectServer(client, where), await maintenanceFinding(client)];
  } finally {
    await client.end();
  }
}

async function inspectServer(client: pg.Client, where: string): Promise<Finding> {
  const found = await client.query<{
    version: string;
    number: string;
    timescale: string | null;
    offered: boolean;
    loaded: boolean;
    hypertable: boolean | null;
  }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number,
            (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS timescale,
            EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'timescaledb') AS offered,
            ${TIMESCALE_LOADED} AS loaded,
            (SELECT c.relkind = 'r' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = 'ingest' AND c.relname = 'reading') AS hypertable`,
  );
  const {version, number, timescale, offered, loaded, hypertable} = found.rows[0]!;
  const kind = `PostgreSQL ${version}, ${where}`;
  if (Number(number) < MAJOR_MIN * 10_000)
    return problem('database', kind, `use PostgreSQL ${MAJOR_MIN} or newer`);
  if (timescale !== null) {
    const tables =
      hypertable === false ? 'there and not used: the tables were made before it came' : 'in use';
    return fine('database', `${kind}, TimescaleDB ${timescale} ${tables}`);
  }
  if (offered && !loaded)
    return note(
      'database',
      `${kind}, TimescaleDB installed and not loaded: native partitions`,
      'add timescaledb to shared_preload_libraries and restart the server; a new database then uses it',
    );
  if (offered && hypertable === null)
    return fine('database', `${kind}, TimescaleDB offered: created at the first start`);
  return fine('database', `${kind}, without TimescaleDB: native partitions`);
}
