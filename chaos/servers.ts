import {chownSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {findBinaries} from '../platform/embedded-postgres/binaries.ts';
import {OWNER, prepareCluster} from '../platform/embedded-postgres/cluster.ts';
import {clearLeftoverServer} from '../platform/embedded-postgres/leftover-server.ts';
import {serverUser, spawnAs} from '../platform/embedded-postgres/server-user.ts';
import {findService} from '../test/support/services.ts';
import {KeptProcess} from './kept-process.ts';

/** Where a server lives: its port is free, its folder empty or its own. */
export interface Place {
  readonly port: number;
  readonly folder: string;
  readonly logFile: string;
}

/**
 * mosquitto, saving all that it has once a second: what it acknowledged since then its equipment sends again. Saving after each change, as
 * deploy/mosquitto.conf asks for, writes the whole backlog for each message.
 */
export function broker({port, folder, logFile}: Place): KeptProcess {
  const program = required('mosquitto');
  const config = join(folder, 'mosquitto.conf');
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'persistence true',
    `persistence_location ${folder}/`,
    'autosave_interval 1',
    'max_queued_messages 0',
    'max_inflight_messages 0',
    'max_packet_size 300000',
    'log_dest stderr',
    'log_type error',
    'log_type warning',
    'log_type notice',
    'log_type information',
    'connection_messages false',
    ...(process.getuid?.() === 0 ? ['user root'] : []),
  ];
  return new KeptProcess({
    name: 'broker',
    logFile,
    readyText: ' running',
    prepare: async () => {
      mkdirSync(folder, {recursive: true});
      writeFileSync(config, `${lines.join('\n')}\n`);
    },
    command: () => ({program, args: ['-c', config]}),
  });
}

/** nats-server with JetStream. Debian's 2.9 syncs every two minutes, as newer ones do by default. */
export function bus({port, folder, logFile}: Place): KeptProcess {
  const program = required('nats');
  const config = join(folder, 'nats.conf');
  const lines = [
    `listen: "127.0.0.1:${port}"`,
    // As deploy/nats.conf: above the stream's own limit, which the server holds against it whatever the disk has.
    `jetstream {store_dir: "${folder}", max_file_store: 20GB}`,
  ];
  return new KeptProcess({
    name: 'bus',
    logFile,
    readyText: 'Server is ready',
    prepare: async () => writeFileSync(config, lines.join('\n')),
    command: () => ({program, args: ['-c', config]}),
  });
}

/**
 * The PostgreSQL that npm brings, with the settings that keep a commit.
 *
 * @param env  Beside our own environment.
 * @returns its owner's URL beside it.
 */
export function database(
  {port, folder, logFile}: Place,
  env: Readonly<Record<string, string>>,
): {
  readonly server: KeptProcess;
  readonly url: string;
} {
  const user = serverUser();
  const binaries = findBinaries(user);
  mkdirSync(folder, {recursive: true});
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const {clusterDir, password} = prepareCluster(folder, binaries, user);
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'timezone=UTC',
    'max_connections=200',
    'max_wal_size=128MB',
  ];
  const server = new KeptProcess({
    name: 'database',
    logFile,
    readyText: 'ready to accept connections',
    prepare: () => clearLeftoverServer(clusterDir),
    command: () => ({
      program: binaries.postgres,
      args: ['-D', clusterDir, '-p', String(port), ...settings.flatMap((each) => ['-c', each])],
      options: {...spawnAs(user), env: {...process.env, ...env}},
    }),
  });
  return {server, url: `postgres://${OWNER}:${password}@127.0.0.1:${port}/postgres`};
}

function required(service: 'mosquitto' | 'nats'): string {
  const found = findService(service);
  if (found === null)
    throw new Error(
      `${service} is not installed; on Debian: apt-get install mosquitto nats-server, or name running servers by MQTT_URL and NATS_URL`,
    );
  return found;
}
