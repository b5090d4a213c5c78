import {randomBytes} from 'node:crypto';
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import pg from 'pg';
import {onServer, withDatabase} from '../../test/support/on-server.ts';
import {startMosquitto} from '../../test/support/mosquitto.ts';
import {NatsServer} from '../../test/support/nats-server.ts';
import type {Peer, PeerServers} from './peer.ts';

/** A contender that stores nothing for so long has stored all that it ever will. */
const QUIET_MS = 15_000;
/** Counting costs the database as much as storing some hundred messages. */
const LOOK_MS = 200;

export interface Turn {
  readonly peer: Peer;
  readonly mqttUrl: string;
  /** Waits until `wanted` messages are committed, or no more come. @returns how many, and when the last was seen */
  readonly stored: (wanted: number) => Promise<{readonly count: number; readonly at: number}>;
}

/** Runs one contender on a broker, bus and database of its own, and removes all of them. */
export async function takeTurn<T>(
  where: {readonly adminUrl: string; readonly folder: string},
  open: (servers: PeerServers) => Promise<Peer>,
  measure: (turn: Turn) => Promise<T>,
): Promise<T> {
  return withOwnDatabase(where.adminUrl, async (databaseUrl, name) => {
    const folder = join(where.folder, name);
    mkdirSync(folder);
    const [broker, nats] = await Promise.all([startMosquitto(), NatsServer.start()]);
    const mqttUrl = `mqtt://127.0.0.1:${broker.port}`;
    const client = new pg.Client({connectionString: databaseUrl});
    await client.connect();
    try {
      const peer = await open({mqttUrl, natsUrl: nats.url, databaseUrl, folder});
      await peer.process.start();
      try {
        return await measure({peer, mqttUrl, stored: (wanted) => watchStored(client, peer.countSql, wanted)});
      } finally {
        await peer.process.end();
      }
    } finally {
      await client.end();
      await Promise.all([broker.stop(), nats.stop()]);
    }
  });
}

/** A database that nobody had before, dropped afterwards. */
export async function withOwnDatabase<T>(
  adminUrl: string,
  work: (url: string, name: string) => Promise<T>,
): Promise<T> {
  const name = `turn_${randomBytes(4).toString('hex')}`;
  await onServer(adminUrl, `CREATE DATABASE ${name}`);
  try {
    return await work(withDatabase(adminUrl, name), name);
  } finally {
    await onServer(adminUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  }
}

async function watchStored(
  client: pg.Client,
  countSql: string,
  wanted: number,
): Promise<{count: number; at: number}> {
  let last = {count: 0, at: Date.now()};
  for (;;) {
    const {rows} = await client.query<{n: number}>(countSql);
    const count = rows[0]!.n;
    if (count !== last.count) last = {count, at: Date.now()};
    if (count >= wanted || Date.now() - last.at > QUIET_MS) return last;
    await pause(LOOK_MS);
  }
}
