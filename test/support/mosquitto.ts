import {spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {findService} from './services.ts';
import {freePort} from './tcp-proxy.ts';

const MOSQUITTO = findService('mosquitto');

export const mosquittoMissing = MOSQUITTO === null;

export interface Mosquitto {
  readonly port: number;
  /** What it has said so far; needs `watched`. */
  log(): string;
  /** PUBACKs that the broker got from this client; needs `watched`. */
  pubacksFrom(clientId: string): number;
  /** kill -9: what was not on disk is gone. */
  kill(): Promise<void>;
  /** Resolves when all that it has acknowledged so far is on disk; needs `durable`. */
  save(): Promise<void>;
  /** Starts it again, on the same port and, when `durable`, with what was on disk. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A real mosquitto on a free port, with the limits off that would drop queued messages. `watched`: it tells what it receives.
 * `durable`: it has a store, written when told to; of itself (autosave_on_changes) it would leave out what is on its way to a
 * connected subscriber. `logins`: only who stands in these files may connect, and what is said there.
 */
export async function startMosquitto({
  watched = false,
  durable = false,
  logins,
}: {
  readonly watched?: boolean;
  readonly durable?: boolean;
  readonly logins?: {readonly passwords: string; readonly acl: string};
} = {}): Promise<Mosquitto> {
  if (MOSQUITTO === null) throw new Error('mosquitto is not installed; on Debian: apt-get install mosquitto');
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'forestock-mosquitto-'));
  const config = join(folder, 'mosquitto.conf');
  const lines = [
    `listener ${port} 127.0.0.1`,
    ...(logins === undefined
      ? ['allow_anonymous true']
      : ['allow_anonymous false', `password_file ${logins.passwords}`, `acl_file ${logins.acl}`]),
    ...(durable
      ? ['persistence true', `persistence_location ${folder}/`, 'autosave_interval 3600']
      : ['persistence false']),
    'max_queued_messages 1000000000', // 0 would have 2.0.11 end the connection of whose message is refused
    'max_inflight_messages 0',
  ];
  if (process.getuid?.() === 0) lines.push('user root');
  if (watched) lines.push('log_dest stderr', 'log_type debug');
  writeFileSync(config, `${lines.join('\n')}\n`);
  let log = '';
  let running: {readonly child: ChildProcess; readonly exited: Promise<void>} | undefined;
  const resume = async (): Promise<void> => {
    const child = spawn(MOSQUITTO, ['-c', config], {
      stdio: ['ignore', 'ignore', watched ? 'pipe' : 'ignore'],
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
    running = {child, exited: new Promise<void>((resolve) => child.once('exit', () => resolve()))};
    await reachable(port);
  };
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    running?.child.kill(signal);
    await running?.exited;
    running = undefined;
  };
  await resume();
  return {
    port,
    log: () => log,
    pubacksFrom: (clientId) => log.split(`Received PUBACK from ${clientId} `).length - 1,
    kill: () => end('SIGKILL'),
    save: async () => {
      const file = join(folder, 'mosquitto.db');
      const written = (): number | undefined => statSync(file, {throwIfNoEntry: false})?.ino;
      const before = written();
      running?.child.kill('SIGUSR1');
      await until(() => written() !== before && written() !== undefined, 'mosquitto did not save');
    },
    resume,
    stop: async () => {
      await end('SIGTERM');
      rmSync(folder, {recursive: true});
    },
  };
}

export async function reachable(port: number): Promise<void> {
  const opens = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.end());
    });
  await until(opens, `nothing opened port ${port}`);
}

async function until(done: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(otherwise);
}
