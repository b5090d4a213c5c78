import {spawn, type ChildProcess} from 'node:child_process';
import {mkdirSync, realpathSync} from 'node:fs';
import {createServer} from 'node:net';
import {setTimeout as delay} from 'node:timers/promises';
import pg from 'pg';
import {OperationalFault, messageOf} from '../domain/fault.ts';
import {findBinaries, type PostgresBinaries} from './embedded-postgres/binaries.ts';
import {OWNER, prepareCluster, type ClusterAccess} from './embedded-postgres/cluster.ts';
import {lockFolder} from './embedded-postgres/folder-lock.ts';
import {KeptServer} from './embedded-postgres/keep-running.ts';
import {clearLeftoverServer} from './embedded-postgres/leftover-server.ts';
import {serverUser, spawnAs, type ServerUser} from './embedded-postgres/server-user.ts';
import type {Logger} from './log.ts';

const DATABASE = 'forestock';
/** A free port may be taken between our look and the server's bind, and dying backends may hold shared memory a moment. */
const START_ATTEMPTS_MAX = 5;
const RETRY_WAIT_MS = 500;
/** Fast shutdown writes a checkpoint of at most shared_buffers; past this we abort, and the next start recovers from the log. */
const STOP_WAIT_MS = 30_000;
const LOG_LINES_KEPT_MAX = 20;

/** Sized for one machine with the stages beside it; given as flags, so they hold for clusters made by earlier releases too. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  shared_buffers: '128MB',
  max_connections: '100',
  synchronous_commit: 'on', // PUBACK promises that the row survives a power cut
  max_wal_size: '1GB',
};

export type EmbeddedPostgres = {
  /** Superuser of database `forestock`; migrations run here, the service itself works under the stages' roles. */
  readonly ownerUrl: string;
  readonly port: number;
  /** Settles when the server ended, was started again and again, and does not come back. */
  readonly lost: Promise<OperationalFault>;
  /** Fast shutdown; safe to call twice. */
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  readonly dataDir: string;
  /** TCP port on 127.0.0.1; a free one if absent. */
  readonly port?: number;
  readonly log: Logger;
  /** Further server settings, over ours: a test trades durability for speed with `{fsync: 'off'}`. */
  readonly settings?: Readonly<Record<string, string>>;
};

/**
 * Starts the PostgreSQL that comes with the npm packages, with its cluster under the data folder.
 *
 * A folder whose last owner was killed (SIGKILL, power cut) is taken over and recovered. A server that ends though nobody
 * stopped it is started again, on the same port.
 *
 * @throws OperationalFault `data-folder-in-use`, `data-folder-unusable`, `database-port-taken`, `database-major-differs`,
 *   `database-binaries-missing`, `database-cache-untrusted`, `database-start-failed`
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const {dataDir, unlock} = claimFolder(options.dataDir);
  let kept: KeptServer | undefined;
  try {
    const user = serverUser();
    const binaries = findBinaries(user);
    const access = prepareCluster(dataDir, binaries, user);
    await clearLeftoverServer(access.clusterDir);
    const how = {binaries, access, user, options};
    const {server, port} = await launch(how);
    const {clusterDir} = access;
    const watched = new KeptServer(server, {
      clusterDir,
      log: options.log,
      async launch() {
        await clearLeftoverServer(clusterDir);
        return (await launch({...how, options: {...options, port}})).server;
      },
    });
    kept = watched;
    const url = (database: string): string =>
      `postgres://${OWNER}:${access.password}@127.0.0.1:${port}/${database}`;
    await ensureDatabase(url('postgres'));
    options.log.info({port, clusterDir}, 'embedded PostgreSQL ready');
    return {
      ownerUrl: url(DATABASE),
      port,
      lost: watched.lost,
      stop: async () => stop(await watched.release()).finally(unlock),
    };
  } catch (error) {
    if (kept !== undefined) await stop(await kept.release());
    unlock();
    throw error;
  }
}

/** Makes the folder where it is missing, and locks it. */
function claimFolder(folder: string): {dataDir: string; unlock: () => void} {
  try {
    mkdirSync(folder, {recursive: true});
    const dataDir = realpathSync(folder);
    return {dataDir, unlock: lockFolder(dataDir)};
  } catch (cause) {
    if (cause instanceof OperationalFault) throw cause;
    throw new OperationalFault(
      'data-folder-unusable',
      `data folder ${folder}: ${messageOf(cause)}; let this user write there, or choose another with FORESTOCK_DATA_DIR`,
      {retryable: false, cause},
    );
  }
}

type Launch = {
  readonly binaries: PostgresBinaries;
  readonly access: ClusterAccess;
  readonly user: ServerUser;
  readonly options: EmbeddedPostgresOptions;
};

async function launch(how: Launch): Promise<{server: ChildProcess; port: number}> {
  for (let attempt = 1; ; attempt += 1) {
    const port = how.options.port ?? (await freePort());
    const started = await tryLaunch(how, port);
    if ('server' in started) return {server: started.server, port};
    const portTaken = /could not bind/.test(started.output);
    if (portTaken && how.options.port !== undefined) {
      throw new OperationalFault(
        'database-port-taken',
        `port ${port} on 127.0.0.1 is taken; stop what listens there, or give PostgreSQL another port`,
        {retryable: false},
      );
    }
    const passing = portTaken || /shared memory block/.test(started.output);
    if (!passing || attempt === START_ATTEMPTS_MAX) {
      throw new OperationalFault(
        'database-start-failed',
        `PostgreSQL in ${how.access.clusterDir}: ${started.output}`,
        {
          retryable: false,
        },
      );
    }
    await delay(RETRY_WAIT_MS);
  }
}

/** Resolves once the server accepts connections, or has given up. */
function tryLaunch(how: Launch, port: number): Promise<{server: ChildProcess} | {output: string}> {
  const {log, settings} = how.options;
  const flags = Object.entries({...SETTINGS, ...settings}).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  // A process group of its own: Ctrl-C in a terminal must reach us alone, so that the stages drain before the database goes.
  const server = spawn(how.binaries.postgres, ['-D', how.access.clusterDir, '-p', String(port), ...flags], {
    ...spawnAs(how.user),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const endWithUs = (): void => void server.kill('SIGINT');
  process.once('exit', endWithUs);
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    let ready = false;
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n').filter((each) => each !== '')) {
        lines.push(line);
        if (lines.length > LOG_LINES_KEPT_MAX) lines.shift();
        log.debug({line}, 'postgres');
      }
      if (ready || !text.includes('ready to accept connections')) return;
      ready = true;
      resolve({server});
    });
    server.once('error', reject);
    server.once('close', (code, signal) => {
      process.off('exit', endWithUs);
      if (!ready) resolve({output: lines.join('\n')});
      else if (code !== 0) log.warn({code, signal, lines}, 'embedded PostgreSQL ended unexpectedly');
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('no address')),
      );
    });
  });
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({connectionString: url});
  await client.connect();
  try {
    const {rowCount} = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const abort = setTimeout(() => server.kill('SIGQUIT'), STOP_WAIT_MS);
  server.kill('SIGINT');
  await ended;
  clearTimeout(abort);
}
