import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {createServer} from 'node:net';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import pg from 'pg';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {startEmbeddedPostgres, type EmbeddedPostgres} from '../../platform/embedded-postgres.ts';
import {emptyDataFolder} from '../../platform/embedded-postgres/empty-folder.ts';
import {silentLogger} from '../../platform/log.ts';
import {postmasterOf} from '../support/postmaster.ts';

const PATIENT = {timeout: 20_000, interval: 50};
const VICTIM = fileURLToPath(new URL('../support/embedded-postgres-victim.ts', import.meta.url));

describe('embedded PostgreSQL', () => {
  let dataDir: string;
  const running: EmbeddedPostgres[] = [];
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'forestock-embedded-')); // mode 0700: as root, `nobody` cannot enter
  });
  afterEach(async () => {
    for (const server of running.splice(0)) await server.stop();
    const {clusterDir} = access(dataDir) ?? {};
    for (const folder of [dataDir, clusterDir])
      if (folder !== undefined) rmSync(folder, {recursive: true, force: true});
  });

  async function start(port?: number): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({
      dataDir,
      log: silentLogger(),
      ...(port === undefined ? {} : {port}),
    });
    running.push(server);
    return server;
  }

  it('runs below a private folder, keeps its rows over a restart, and its password in a private file', async () => {
    const first = await start();
    await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await start();
    expect(await query(second.ownerUrl, 'SELECT answer FROM kept')).toEqual([{answer: 42}]);
    expect(statSync(join(dataDir, 'postgres-access.json')).mode & 0o777).toBe(0o600);
  });

  it('a start that fails leaves no server behind', async () => {
    await (await start()).stop();
    const file = join(dataDir, 'postgres-access.json');
    writeFileSync(file, JSON.stringify({...access(dataDir), password: 'another'}));
    await expect(start()).rejects.toMatchObject({code: '28P01'});
    expect(existsSync(join(access(dataDir)!.clusterDir, 'postmaster.pid'))).toBe(false);
  });

  it('is durable, checked and local: checksums, synchronous commit, scram, one address', async () => {
    const {ownerUrl} = await start();
    const settings = [
      'data_checksums',
      'synchronous_commit',
      'fsync',
      'password_encryption',
      'listen_addresses',
      'TimeZone',
    ];
    const rows = await query(
      ownerUrl,
      `SELECT name, setting FROM pg_settings WHERE name = ANY('{${settings.join()}}')`,
    );
    expect(Object.fromEntries(rows.map(({name, setting}) => [name, setting]))).toEqual({
      data_checksums: 'on',
      synchronous_commit: 'on',
      fsync: 'on',
      password_encryption: 'scram-sha-256',
      listen_addresses: '127.0.0.1',
      TimeZone: 'UTC',
    });
    await expect(query(ownerUrl.replace(/:[^:@]+@/, ':guess@'), 'SELECT 1')).rejects.toThrow(
      /password authentication failed/,
    );
  });

  it('takes over a folder whose owner was killed, with every committed row', async () => {
    const victim = spawn(process.execPath, ['--import', 'tsx', VICTIM, dataDir], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [ownerUrl] = (await once(victim.stdout, 'data')) as [Buffer];
    await query(ownerUrl.toString(), 'CREATE TABLE kept AS SELECT 42 AS answer');
    victim.kill('SIGKILL');
    await once(victim, 'exit');
    const next = await start();
    expect(await query(next.ownerUrl, 'SELECT answer FROM kept')).toEqual([{answer: 42}]);
  });

  it('a server that was killed comes back by itself, on the same port, with every committed row', async () => {
    const {ownerUrl} = await start();
    await query(ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const killed = postmasterOf(dataDir);
    process.kill(killed, 'SIGKILL');
    const kept = (): Promise<unknown> => query(ownerUrl, 'SELECT answer FROM kept');
    await vi.waitFor(async () => expect(await kept()).toEqual([{answer: 42}]), PATIENT);
    expect(postmasterOf(dataDir)).not.toBe(killed);
  });

  it('a stop that meets a killed server ends, and the next start recovers', async () => {
    const first = await start();
    await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    process.kill(postmasterOf(dataDir), 'SIGKILL');
    await first.stop();
    const next = await start();
    expect(await query(next.ownerUrl, 'SELECT answer FROM kept')).toEqual([{answer: 42}]);
  });

  it('is not misled by a stale process id that belongs to somebody else now', async () => {
    await (await start()).stop();
    writeFileSync(join(access(dataDir)!.clusterDir, 'postmaster.pid'), `${process.pid}\n`);
    writeFileSync(join(dataDir, 'forestock.lock'), JSON.stringify({pid: process.pid, startedTicks: '1'}));
    await expect(start()).resolves.toBeDefined();
  });

  it('refuses a data folder in use, and a taken port, with the way out', async () => {
    await start();
    await expect(start()).rejects.toThrow(/is in use by process \d+; stop it, or choose another/);
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const {port} = taken.address() as AddressInfo;
    await running.splice(0)[0]!.stop();
    await expect(start(port)).rejects.toMatchObject({
      code: 'database-port-taken',
      message: expect.stringContaining(String(port)) as string,
    });
    taken.close();
    await expect(start()).resolves.toBeDefined(); // the failed start let go of the folder
  });

  it('says in a sentence that a data folder cannot be used', async () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    const below = startEmbeddedPostgres({dataDir: join(file, 'below'), log: silentLogger()});
    await expect(below).rejects.toMatchObject({
      code: 'data-folder-unusable',
      message: expect.stringContaining('FORESTOCK_DATA_DIR') as string,
    });
  });

  it('empties a folder with the cluster outside it, but not under a server that runs', async () => {
    const server = await start();
    const {clusterDir} = access(dataDir)!;
    await expect(emptyDataFolder(dataDir)).rejects.toMatchObject({code: 'data-folder-in-use'});
    expect(existsSync(clusterDir)).toBe(true);
    await server.stop();
    await emptyDataFolder(dataDir);
    expect(existsSync(clusterDir)).toBe(false);
    expect(readdirSync(dataDir)).toEqual([]);
    await expect(start()).resolves.toBeDefined();
  });

  it('refuses a cluster of another major, with the way out', async () => {
    await (await start()).stop();
    writeFileSync(join(access(dataDir)!.clusterDir, 'PG_VERSION'), '16\n');
    await expect(start()).rejects.toMatchObject({
      code: 'database-major-differs',
      message: expect.stringMatching(/PostgreSQL 16.*forestock export.*DATABASE_URL/) as string,
    });
  });

  it('begins anew when an earlier first start was cut off', async () => {
    const clusterDir = join(dataDir, 'open', 'postgres');
    chmodSync(dataDir, 0o755);
    mkdirSync(join(`${clusterDir}.initializing`, 'base'), {recursive: true});
    writeFileSync(join(dataDir, 'postgres-access.json'), JSON.stringify({clusterDir, password: 'kept'}), {
      mode: 0o600,
    });
    const server = await start();
    expect(server.ownerUrl).toContain(':kept@');
  });
});

function access(dataDir: string): {clusterDir: string} | null {
  try {
    return JSON.parse(readFileSync(join(dataDir, 'postgres-access.json'), 'utf8')) as {clusterDir: string};
  } catch {
    return null;
  }
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({connectionString: url});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
