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
  const env = {
    MQTT_URL: servers.mqttUrl,
    NATS_URL: servers.natsUrl,
    DATABASE_URL: servers.databaseUrl,
    FORESTOCK_DATA_DIR: join(servers.folder, 'forestock'),
    FORESTOCK_BACKEND: 'wasm',
    HTTP_PORT: String(await freePort()),
    LOG_LEVEL: 'info',
  };
  await (await startService(machines, env)).stop();
  return {
    countSql: 'SELECT count(*)::int AS n FROM ingest.reading',
    process: new KeptProcess({
      name: 'forestock',
      logFile: join(servers.folder, 'forestock.log'),
      readyText: '"msg":"running"',
      command: () => ({
        program: process.execPath,
        args: ['--max-semi-space-size=64', MAIN, 'start'],
        options: {env: {PATH: process.env['PATH'], HOME: process.env['HOME'], ...env}},
      }),
    }),
  };
}
