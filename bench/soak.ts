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
import {residentBytes} from './resident.ts';

const MACHINES = 500;
const PER_SECOND = 200;
const SAMPLE_MS = 5000;
/** What a collector takes only now and then is not counted: the least of so many samples stands for all of them. */
const SAMPLES_A_FLOOR = 60;
/** Caches fill and code is compiled in the first part of the time. */
const SETTLED_FROM = 0.25;

/**
 * Memory of the connected chain in one process under a steady load: how fast the floor rises once caches are full.
 *
 * @param seconds a 360th of the soak
 */
export async function soak({seconds}: Effort): Promise<Figure[]> {
  const folder = openFolder('bench-soak');
  const database = await startEmbeddedPostgres({dataDir: openFolder('bench-soak-db'), log: silentLogger()});
  const lengthS = 360 * seconds;
  try {
    return await repeat(
      'soak',
      1,
      () =>
        takeTurn(
          {adminUrl: database.ownerUrl, folder},
          (servers) => forestock(MACHINES, servers),
          (turn) => watch(turn, lengthS),
        ),
      {
        slopeMbPerHour: {
          unit: `MB an hour, least of each ${(SAMPLES_A_FLOOR * SAMPLE_MS) / 60_000} min over ${Math.round(lengthS / 60)} min at ${PER_SECOND} messages/s`,
          goal: {below: 1},
        },
        settledMb: {unit: 'MB resident once caches are full, least'},
        endMb: {unit: 'MB resident at the end, least'},
        lost: {unit: 'messages', goal: {below: 1}},
      },
    );
  } finally {
    await database.stop();
    rmSync(folder, {recursive: true, force: true});
  }
}

async function watch({peer, mqttUrl, stored}: Turn, lengthS: number): Promise<Record<string, number>> {
  const sending = load({
    url: mqttUrl,
    connections: 8,
    inFlightMax: 500,
    machines: MACHINES,
    valuesPerMessage: 4,
    warmUpSeconds: 0,
    seconds: lengthS,
    perSecond: PER_SECOND,
    boot: 1,
  });
  const samples: number[] = [];
  for (let taken = 0; taken < (1000 * lengthS) / SAMPLE_MS; taken += 1) {
    await pause(SAMPLE_MS);
    samples.push(residentBytes(peer.process.pid!) / 1e6);
  }
  const {acked} = await sending;
  const floors = floorsOf(samples);
  const settled = floors.slice(Math.ceil(SETTLED_FROM * floors.length));
  const hoursEach = (SAMPLES_A_FLOOR * SAMPLE_MS) / 3_600_000;
  return {
    slopeMbPerHour: Number((slopeOf(settled) / hoursEach).toFixed(2)),
    settledMb: Math.round(settled[0]!),
    endMb: Math.round(settled.at(-1)!),
    lost: acked - (await stored(acked)).count,
  };
}

function floorsOf(samples: readonly number[]): number[] {
  return Array.from({length: Math.floor(samples.length / SAMPLES_A_FLOOR)}, (_, nth) =>
    Math.min(...samples.slice(nth * SAMPLES_A_FLOOR, (nth + 1) * SAMPLES_A_FLOOR)),
  );
}

/** Of the line of least squares through equally spaced values, per step. Example: 1, 3, 5 → 2. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const spread = values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return values.reduce((sum, value, i) => sum + (i - middle) * value, 0) / spread;
}
