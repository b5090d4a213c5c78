import {rmSync} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import {startEmbeddedPostgres} from '../platform/embedded-postgres.ts';
import {silentLogger} from '../platform/log.ts';
import {onServer} from '../test/support/on-server.ts';
import {openFolder} from '../test/support/open-folder.ts';
import {load, repeat} from './measure.ts';
import type {Effort, Figure} from './measure.ts';
import {copyCeiling} from './peers/copy-ceiling.ts';
import {forestock} from './peers/forestock.ts';
import {installNodeRed, nodeRed} from './peers/node-red.ts';
import {PEER_TABLE} from './peers/peer.ts';
import type {Peer, PeerServers} from './peers/peer.ts';
import {findPython, pythonWriter} from './peers/python.ts';
import {takeTurn, withOwnDatabase} from './peers/turn.ts';
import type {Turn} from './peers/turn.ts';
import {startService} from './service.ts';

export const LOAD = {connections: 8, inFlightMax: 200, machines: 2000, warmUpSeconds: 0} as const;
/** Of one turn: some ten seconds of the fastest. */
const MESSAGES = 150_000;
/** Before it, so that code is compiled: a service runs for months. */
const WARM_UP = 20_000;
/** Under kill -9 they come whatever the contender does. */
const KILLED = {perSecond: 1500, seconds: 20, atS: [4, 9, 14]} as const;

type Open = (servers: PeerServers) => Promise<Peer>;

/**
 * Forestock beside what people build by themselves, on the same mosquitto, PostgreSQL (durable as shipped), load and machine: messages a
 * second from the first one sent until the last one is committed, and what is missing after three kill -9 of the program in between.
 */
export async function peers({runs, seconds}: Effort): Promise<Figure[]> {
  const folder = openFolder('bench-peers');
  const database = await startEmbeddedPostgres({dataDir: openFolder('bench-peers-db'), log: silentLogger()});
  const where = {adminUrl: database.ownerUrl, folder};
  const contenders = findContenders(folder);
  try {
    return await repeat(
      'peers',
      runs,
      async () => {
        const found: Record<string, number> = {
          embedded: await embeddedRate(seconds),
          copy: await withOwnDatabase(where.adminUrl, (url) => copyCeiling(url, seconds)),
          wide: await takeTurn(where, openForestock, (turn) => committedRate(turn, 20)),
        };
        for (const [name, open] of Object.entries(contenders)) {
          found[name] = await takeTurn(where, open, (turn) => committedRate(turn, 4));
          found[`${name} lost`] = await takeTurn(where, open, lostUnderKills);
        }
        return {...found, ...ratios(found)};
      },
      describe(Object.keys(contenders)),
    );
  } finally {
    await database.stop();
    rmSync(folder, {recursive: true, force: true});
  }
}

const openForestock: Open = (servers) => forestock(LOAD.machines, servers);

function findContenders(folder: string): Readonly<Record<string, Open>> {
  const root = installNodeRed(folder);
  const python = findPython();
  if (root === null) process.stderr.write('node-red@4 cannot be installed: it is left out\n');
  if (python === null)
    process.stderr.write(
      'no Python with paho and psycopg2: it is left out (Debian: apt-get install python3-paho-mqtt python3-psycopg2)\n',
    );
  const withTable =
    (open: (servers: PeerServers) => Peer): Open =>
    async (servers) => {
      await onServer(servers.databaseUrl, PEER_TABLE);
      return open(servers);
    };
  return {
    connected: openForestock,
    ...(root !== null && {'node-red': withTable((servers) => nodeRed(root, servers))}),
    ...(python !== null && {python: withTable((servers) => pythonWriter(python, servers))}),
  };
}

/** PUBACKs of the listener inside, each after its commit. */
async function embeddedRate(seconds: number): Promise<number> {
  const service = await startService(LOAD.machines);
  try {
    const plan = {...LOAD, inFlightMax: 500, valuesPerMessage: 4, warmUpSeconds: 3, seconds, boot: 1};
    return Math.round((await load({...plan, url: service.mqttUrl})).ackedPerSecond);
  } finally {
    await service.stop();
  }
}

/** @returns messages a second, from the first one sent until the last one is committed */
export async function committedRate({mqttUrl, stored}: Turn, valuesPerMessage: number): Promise<number> {
  const plan = {...LOAD, url: mqttUrl, valuesPerMessage, seconds: 0};
  await load({...plan, messages: WARM_UP, boot: 1});
  await stored(WARM_UP);
  const {startedAt} = await load({...plan, messages: MESSAGES, boot: 2});
  const {count, at} = await stored(WARM_UP + MESSAGES);
  return Math.round((1000 * (count - WARM_UP)) / (at - startedAt));
}

/** @returns messages that the broker took and nobody ever found in the database */
async function lostUnderKills({mqttUrl, peer, stored}: Turn): Promise<number> {
  const {perSecond, seconds, atS} = KILLED;
  const sending = load({...LOAD, url: mqttUrl, valuesPerMessage: 4, perSecond, seconds, boot: 1});
  let passedS = 0;
  for (const at of atS) {
    await pause(1000 * (at - passedS));
    passedS = at;
    await peer.process.crash();
  }
  const {acked} = await sending;
  await peer.process.ready();
  return acked - (await stored(acked)).count;
}

/** How many times as much; NaN beside a contender that is not there. */
function ratios(found: Readonly<Record<string, number>>): Record<string, number> {
  const times = (one: string, other: string): number =>
    Number(((found[one] ?? NaN) / (found[other] ?? NaN)).toFixed(3));
  return {
    'embedded / node-red': times('embedded', 'node-red'),
    'embedded / python': times('embedded', 'python'),
    'connected / node-red': times('connected', 'node-red'),
    'connected / python': times('connected', 'python'),
    'connected, 20 values / COPY': times('wide', 'copy'),
  };
}

function describe(names: readonly string[]): Parameters<typeof repeat>[3] {
  const durable = 'messages/s of 4 values, sent → committed';
  return {
    embedded: {unit: 'messages/s of 4 values, PUBACK after commit'},
    ...Object.fromEntries(
      names.flatMap((name) => [
        [name, {unit: durable}],
        [
          `${name} lost`,
          {
            unit: `of ${KILLED.perSecond * KILLED.seconds} after ${KILLED.atS.length} kill -9`,
            ...(name === 'connected' && {goal: {below: 1}}),
          },
        ],
      ]),
    ),
    wide: {unit: 'messages/s of 20 values, sent → committed'},
    copy: {unit: 'rows/s of 20 values, bare binary COPY'},
    ...Object.fromEntries(
      Object.entries({
        'embedded / node-red': 5,
        'embedded / python': 2,
        'connected / node-red': 2.5,
        'connected / python': 1.2,
        'connected, 20 values / COPY': 0.06,
      }).flatMap(([figure, atLeast]) =>
        names.some((name) => figure.endsWith(name)) || figure.endsWith('COPY')
          ? [[figure, {unit: 'times as many', goal: {atLeast}}]]
          : [],
      ),
    ),
  };
}
