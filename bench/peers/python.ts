import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {KeptProcess} from '../../chaos/kept-process.ts';
import {repositoryRoot} from '../../platform/migrate.ts';
import {PEER_COUNT} from './peer.ts';
import type {Peer, PeerServers} from './peer.ts';

/** Debian's packages are for its own Python, which need not be the first of the PATH. */
const CANDIDATES = ['python3', '/usr/bin/python3'];
const SCRIPT = join(repositoryRoot(), 'bench/peers/batch_writer.py');

/** A Python that has paho and psycopg2, if there is one. */
export function findPython(): string | null {
  const has = (program: string): boolean => {
    try {
      execFileSync(program, ['-c', 'import paho.mqtt.client, psycopg2'], {stdio: 'ignore'});
      return true;
    } catch {
      return false;
    }
  };
  return CANDIDATES.find(has) ?? null;
}

export function pythonWriter(program: string, {mqttUrl, databaseUrl, folder}: PeerServers): Peer {
  return {
    countSql: PEER_COUNT,
    process: new KeptProcess({
      name: 'python',
      logFile: join(folder, 'python.log'),
      readyText: 'subscribed',
      command: () => ({
        program,
        args: [SCRIPT],
        options: {env: {PATH: process.env['PATH'], MQTT_URL: mqttUrl, DATABASE_URL: databaseUrl}},
      }),
    }),
  };
}
