import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {KeptProcess} from '../../chaos/kept-process.ts';
import {freePort} from '../../test/support/tcp-proxy.ts';
import {startService} from '../service.ts';
import type {Peer, PeerServers} from './peer.ts';

/** Compiled beside the bench. */
const MAIN = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

/** The full connected chain in one process, every stage at work, as `npm start` runs it. Its database gets the bench's network first. */
export async function forestock(machines: number, servers: PeerServers): Promise<Peer> {
  await (await startService(machines, await environment(servers))).stop();
  return part(servers);
}

/** Some stages of it in a process of their own, on a database that has the network; all of them without `only`. */
export async function part(servers: PeerServers, only?: string): Promise<Peer> {
  const env = await environment(servers);
  const name = only === undefined ? 'forestock' : `forestock-${only}`;
  const command = only === undefined ? ['start'] : ['start', '--only', only];
  return {
    countSql: 'SELECT count(*)::int AS n FROM ingest.reading',
    process: new KeptProcess({
      name,
      logFile: join(servers.folder, `${name}.log`),
      readyText: '"msg":"running"',
      command: () => ({
        program: process.execPath,
        args: ['--max-semi-space-size=64', MAIN, ...command],
        options: {env: {PATH: process.env['PATH'], HOME: process.env['HOME'], ...env}},
      }),
    }),
  };
}

async function environment(servers: PeerServers): Promise<Record<string, string>> {
  return {
    MQTT_URL: servers.mqttUrl,
    NATS_URL: servers.natsUrl,
    DATABASE_URL: servers.databaseUrl,
    FORESTOCK_DATA_DIR: join(servers.folder, 'forestock'),
    FORESTOCK_BACKEND: 'wasm',
    HTTP_PORT: String(await freePort()),
    LOG_LEVEL: 'info',
  };
}
