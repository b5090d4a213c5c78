import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {findService} from './services.ts';
import {freePort} from './tcp-proxy.ts';

const MOSQUITTO = findService('mosquitto');

export const mosquittoMissing = MOSQUITTO === null;

export interface Mosquitto {
  readonly port: number;
  /** PUBACKs that the broker got from this client; needs `watched`. */
  pubacksFrom(clientId: string): number;
  stop(): Promise<void>;
}

/** A real mosquitto on a free port, with the limits off that would drop queued messages. `watched`: it tells what it receives. */
export async function startMosquitto({watched = false} = {}): Promise<Mosquitto> {
  if (MOSQUITTO === null) throw new Error('mosquitto is not installed; on Debian: apt-get install mosquitto');
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'forestock-mosquitto-'));
  const config = join(folder, 'mosquitto.conf');
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'persistence false',
    'max_queued_messages 0',
    'max_inflight_messages 0',
  ];
  if (process.getuid?.() === 0) lines.push('user root');
  if (watched) lines.push('log_dest stderr', 'log_type debug');
  writeFileSync(config, `${lines.join('\n')}\n`);
  const child = spawn(MOSQUITTO, ['-c', config], {stdio: ['ignore', 'ignore', watched ? 'pipe' : 'ignore']});
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await reachable(port);
  return {
    port,
    pubacksFrom: (clientId) => log.split(`Received PUBACK from ${clientId} `).length - 1,
    stop: async () => {
      child.kill();
      await exited;
      rmSync(folder, {recursive: true});
    },
  };
}

export async function reachable(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.end());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`mosquitto did not open port ${port}`);
}
