import {rmSync} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import {startEmbeddedPostgres} from '../platform/embedded-postgres.ts';
import {silentLogger} from '../platform/log.ts';
import {openFolder} from '../test/support/open-folder.ts';
import {load, repeat} from './measure.ts';
import type {Effort, Figure} from './measure.ts';
import {forestock} from './peers/forestock.ts';
import {takeTurn} from './peers/turn.ts';
import type {Turn} from './peers/turn.ts';

const MACHINES = 2000;
const PER_SECOND = 2000;
const UP_S = 5;
/** Messages go on for at least so long after the start, and for a third of the outage. */
const AFTER_S = 90;
/** Messages of so long ago may be on their way, and the generator takes a moment to start. */
const ON_THE_WAY_S = 1.5;

/**
 * Messages go on while the program is dead; the broker keeps them. How long until a program started again has stored all of them and
 * those that came meanwhile, and how many times as fast as they come that is.
 *
 * @param seconds a sixth of the outage
 */
export async function drain({runs, seconds}: Effort): Promise<Figure[]> {
  const folder = openFolder('bench-drain');
  const database = await startEmbeddedPostgres({dataDir: openFolder('bench-drain-db'), log: silentLogger()});
  try {
    return await repeat(
      'drain',
      runs,
      () =>
        takeTurn(
          {adminUrl: database.ownerUrl, folder},
          (servers) => forestock(MACHINES, servers),
          (turn) => recover(turn, 6 * seconds),
        ),
      {
        lagZeroS: {
          unit: `s from the start until nothing waits, after ${6 * seconds} s down at ${PER_SECOND} messages/s`,
        },
        timesArrival: {unit: 'times as fast as messages come', goal: {atLeast: 2}},
        lost: {unit: 'messages', goal: {below: 1}},
      },
    );
  } finally {
    await database.stop();
    rmSync(folder, {recursive: true, force: true});
  }
}

async function recover({peer, mqttUrl, stored}: Turn, downS: number): Promise<Record<string, number>> {
  const startedAt = Date.now();
  const sendS = UP_S + downS + Math.max(AFTER_S, downS / 3);
  const sending = load({
    url: mqttUrl,
    connections: 8,
    inFlightMax: 500,
    machines: MACHINES,
    valuesPerMessage: 4,
    warmUpSeconds: 0,
    seconds: sendS,
    perSecond: PER_SECOND,
    boot: 1,
  });
  await pause(1000 * UP_S);
  await peer.process.kill();
  await pause(1000 * downS);
  const upAt = Date.now();
  await peer.process.start();
  const due = (): number => PER_SECOND * (Math.min(sendS, (Date.now() - startedAt) / 1000) - ON_THE_WAY_S);
  while ((await stored(0)).count < due()) await pause(100);
  const lagZeroS = (Date.now() - upAt) / 1000;
  const {acked} = await sending;
  return {
    lagZeroS,
    timesArrival: Number(((downS + lagZeroS) / lagZeroS).toFixed(2)),
    lost: acked - (await stored(acked)).count,
  };
}
