import {spawn, spawnSync} from 'node:child_process';
import {chownSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {serverUser, spawnAs} from '../../platform/embedded-postgres/server-user.ts';
import {freePort} from './tcp-proxy.ts';

export type SystemPostgres = {
  readonly url: string;
  readonly version: string;
  readonly stop: () => Promise<void>;
};

/**
 * Runs the machine's own PostgreSQL on a throw-away cluster, as a stand-in for the server behind a DATABASE_URL.
 *
 * @param postgres  Full path of its `postgres`; `initdb` lies beside it.
 */
export async function startSystemPostgres(postgres: string): Promise<SystemPostgres> {
  const user = serverUser();
  const as = spawnAs(user);
  const folder = mkdtempSync(join(tmpdir(), 'forestock-system-postgres-'));
  const cluster = join(folder, 'cluster');
  mkdirSync(cluster);
  if (user !== null) for (const path of [folder, cluster]) chownSync(path, user.uid, user.gid);
  const flags = [
    '-D',
    cluster,
    '-U',
    'forestock_owner',
    '--auth',
    'trust',
    '--encoding',
    'UTF8',
    '--locale',
    'C.UTF-8',
    '--no-sync',
  ];
  const made = spawnSync(join(dirname(postgres), 'initdb'), flags, {...as, encoding: 'utf8'});
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'synchronous_commit=off',
  ];
  const server = spawn(
    postgres,
    ['-D', cluster, '-p', String(port), ...settings.flatMap((each) => ['-c', each])],
    {
      ...as,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let output = '';
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`${postgres}: ${output}`)));
  });
  const stop = async (): Promise<void> => {
    server.kill('SIGINT');
    await ended;
    rmSync(folder, {recursive: true});
  };
  const version = spawnSync(postgres, ['--version'], {encoding: 'utf8'}).stdout.trim();
  return {url: `postgres://forestock_owner@127.0.0.1:${port}/postgres`, version, stop};
}
