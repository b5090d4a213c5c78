import {cp, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gunzipSync, gzipSync} from 'node:zlib';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {HOUR_MS} from '../../domain/time.ts';
import type {TrainingMachine} from '../../predict/training/dataset.ts';
import {FLEET_START, visitedFleet} from '../predict/visited-fleet.ts';
import {runCli} from './run-cli.ts';

/** Mean and deviation of each quantity as the set has them; each component moves one of them before it fails. */
const QUANTITIES = [
  ['volt', 171, 8],
  ['rotate', 447, 20],
  ['pressure', 101, 4],
  ['vibration', 40.5, 2],
] as const;
const stamp = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

let root: string;
const folder = (name: string): string => join(root, name);

/** A failure that no replacement answers, of each set's first machine. */
const UNANSWERED_AT = FLEET_START + 30 * HOUR_MS;

async function writeSet(name: string, machines: readonly TrainingMachine[], firstId: number): Promise<void> {
  await mkdir(folder(name));
  const write = async (file: string, lines: readonly string[]): Promise<void> =>
    writeFile(join(folder(name), `${file}.csv.gz`), gzipSync(`${lines.join('\n')}\n`));
  const columns = [
    ...QUANTITIES.map(([q]) => `${q}_rollingmean_3`),
    ...QUANTITIES.map(([q]) => `${q}_rollingstd_3`),
  ];
  const id = (nth: number): number => firstId + nth;
  await write('PdM_machines', [
    'machineID,model,age',
    ...machines.map(
      ({modelId, attributes}, nth) => `${id(nth)},${modelId},${String(attributes['age_years'])}`,
    ),
  ]);
  await write('telemetry_3h', [
    `datetime,machineID,${columns.join(',')}`,
    ...machines.flatMap(({hours, signals}, nth) =>
      Array.from(hours, (at, i) => {
        const means = QUANTITIES.map(([, mean, sd], q) =>
          (mean + sd * (signals[`signal_comp${q + 1}`]!.mean[i]! - 50)).toFixed(4),
        );
        return `${stamp(at)},${id(nth)},${means.join(',')},1,1,1,1`;
      }),
    ),
  ]);
  const replaced = machines.flatMap(({events}, nth) =>
    events.map(({at, positionId}) => `${stamp(at)},${id(nth)},${positionId!}`),
  );
  const failed = machines.flatMap(({lives}, nth) =>
    lives
      .filter(({end}) => end === 'failure')
      .map(({endedAt, positionId}) => `${stamp(endedAt!)},${id(nth)},${positionId}`),
  );
  await write('PdM_maint', ['datetime,machineID,comp', ...replaced]);
  const unanswered = `${stamp(UNANSWERED_AT)},${id(0)},comp2`;
  await write('PdM_failures', ['datetime,machineID,failure', unanswered, ...failed]);
  await write('PdM_errors', [
    'datetime,machineID,errorID',
    `${stamp(FLEET_START + HOUR_MS)},${id(0)},error1`,
  ]);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'forestock-azure-'));
  const fleet = visitedFleet({machines: 12, days: 40, everyH: 120, jitterH: 0, seed: 5});
  await writeSet('train', fleet.slice(0, 10), 1);
  await writeSet('test', fleet.slice(10), 11);
});
afterAll(async () => rm(root, {recursive: true}));

const evaluate = (train: string, test: string, out: string) =>
  runCli(
    [
      'evaluate',
      'azure-pdm',
      ...['--train', folder(train), '--test', folder(test), '--scores-out', folder(out), '--json'],
    ],
    {},
  );

describe('evaluate azure-pdm', () => {
  it('B1 forecasts every machine, component, stamp and horizon, and nothing that comes later moves a forecast', async () => {
    const run = await evaluate('train', 'test', 'scores.csv');
    expect(run.stderr).not.toContain('Error');
    expect(run.code).toBe(0);
    const [head, ...lines] = (await readFile(folder('scores.csv'), 'utf8')).trim().split('\n');
    expect(head).toBe('machineID,component,issuedAt,horizonHours,failureProbability');
    expect(lines).toHaveLength(2 * 4 * 320 * 4);
    expect(lines[0]).toMatch(/^11,comp1,2015-01-01T08:00:00.000Z,24,/); // the first stamp, 06:00, and two hours
    for (let i = 0; i < lines.length; i += 4) {
      const curve = lines.slice(i, i + 4).map((line) => Number(line.split(',')[4]));
      expect(curve).toEqual([...curve].sort((a, b) => a - b));
    }
    const {visits, quality, unanswered} = JSON.parse(run.stdout) as {
      unanswered: number;
      visits: {everyH: number};
      quality: {horizonH: number; averagePrecision: number}[];
    };
    expect(visits.everyH).toBe(120);
    expect(unanswered).toBe(1);
    expect(quality[0]!.averagePrecision).toBeGreaterThan(0.5);

    // The same machines without failures, and with all that comes after a stamp's data changed.
    await cp(folder('test'), folder('later'), {recursive: true});
    await rm(join(folder('later'), 'PdM_failures.csv.gz'));
    const cutAt = FLEET_START + 25 * 24 * HOUR_MS;
    const file = join(folder('later'), 'telemetry_3h.csv.gz');
    const changed = gunzipSync(await readFile(file))
      .toString()
      .split('\n')
      .map((line) =>
        line.slice(0, 19) > stamp(cutAt) && line.startsWith('2015')
          ? line.replace(/,1,1,1,1$/, ',9,9,9,9').replace(/,(\d+),\d+/, ',$1,250')
          : line,
      );
    await writeFile(file, gzipSync(changed.join('\n')));
    const again = await evaluate('train', 'later', 'later.csv');
    expect(again.code).toBe(0);
    const untilCut = (of: readonly string[]): string[] =>
      of.filter((line) => Date.parse(line.split(',')[2]!) <= cutAt + 2 * HOUR_MS);
    const laterLines = (await readFile(folder('later.csv'), 'utf8')).trim().split('\n').slice(1);
    expect(untilCut(laterLines)).toEqual(untilCut(lines));
    expect(laterLines).not.toEqual(lines);
    expect(JSON.parse(again.stdout)).not.toHaveProperty('quality');
  });

  it('B1 refuses a missing column, another unit and too few machines, and says what it takes', async () => {
    await cp(folder('train'), folder('bad'), {recursive: true});
    const file = join(folder('bad'), 'telemetry_3h.csv.gz');
    const good = gunzipSync(await readFile(file)).toString();
    await writeFile(file, gzipSync(good.replace('volt_rollingmean_3', 'volts')));
    const missing = await evaluate('bad', 'test', 'x.csv');
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('column volt_rollingmean_3 is missing');
    await writeFile(file, gzipSync(good.replace(/^(2015[^,]*,\d+),(\d+)\./gm, '$1,$2000.')));
    const units = await evaluate('bad', 'test', 'x.csv');
    expect(units.code).toBe(2);
    expect(units.stderr).toMatch(/volt_mean lie beyond .*155–187 V/);
    const few = await evaluate('test', 'test', 'x.csv');
    expect(few.code).toBe(2);
    expect(few.stderr).toMatch(/2 machines.*needs 10/);
  });
});
