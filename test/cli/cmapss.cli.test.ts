import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {afterAll, describe, expect, it} from 'vitest';
import {cutHistory, type RunHistory} from '../../predict/core/remaining-life/run-history.ts';
import {wearingFleet} from '../predict/wearing-fleet.ts';
import {runCli, type Run} from './run-cli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'forestock-cmapss-'));
afterAll(() => {
  rmSync(folder, {recursive: true});
});
const at = (name: string): string => path.join(folder, name);

/** Made up here, in the columns of the set: one setting moves, and four of the 21 sensors. */
function write(name: string, fleet: readonly RunHistory[]): string {
  const lines = fleet.flatMap(
    ({unit, settings, signals}) =>
    signals.map((row, i) => [unit, i + 1, settings[i]![0], 0.84, 100, ...row, ...Array.from({length: 17}, () => 5)].join(' ')), // prettier-ignore
  );
  writeFileSync(at(name), gzipSync(`${lines.join('\n')}\n`));
  return at(name);
}

const TRAIN = write('train.txt.gz', wearingFleet({units: 24, seed: 1, conditions: 1}));
const LIVES = wearingFleet({units: 6, seed: 2, conditions: 1});
const CUT = LIVES.map((life, i) => cutHistory(life, life.signals.length - 5 - 8 * i));
const TEST = write('test.txt.gz', CUT);
const out = at('out.csv');

const evaluate = (...more: string[]): Promise<Run> => runCli(['evaluate', 'cmapss', '--train', TRAIN, ...more], {}); // prettier-ignore

describe('forestock evaluate cmapss', () => {
  it.each(['FD001', 'FD002', 'FD003', 'FD004'])(
    'B1 answers for the units of another test file of %s',
    async (subset) => {
      const conditions = subset === 'FD001' || subset === 'FD003' ? 1 : 6;
      const train = write(`train_${subset}.txt.gz`, wearingFleet({units: 24, seed: 3, conditions}));
      const others = wearingFleet({units: 9, seed: 4, conditions}).map((life, i) => ({
        ...cutHistory(life, [1, 2, 25][i] ?? life.signals.length - 4 * i),
        unit: String(401 + 3 * i),
      }));
      const test = write(`test_${subset}.txt.gz`, others);
      const scores = at(`${subset}.csv`);
      const {code, stderr} = await runCli(['evaluate', 'cmapss', '--subset', subset, '--train', train, '--test', test, '--scores-out', scores], {}); // prettier-ignore
      expect([code, stderr]).toEqual([0, expect.stringContaining('10 of 10 members trained') as string]);
      const rows = readFileSync(scores, 'utf8').trim().split('\n').slice(1).map((row) => row.split(',').map(Number)); // prettier-ignore
      expect(rows.map(([unit]) => unit)).toEqual(others.map(({unit}) => Number(unit)));
      for (const [, predicted, lower, upper] of rows)
        expect([0, lower!, predicted!, upper!, 125]).toEqual([0, lower!, predicted!, upper!, 125].sort((a, b) => a - b)); // prettier-ignore
    },
  );

  it('B1 says how long each unit lasts, with an interval, twice the same on one thread and on two', async () => {
    writeFileSync(at('truth.txt'), `${LIVES.map((_, i) => 5 + 8 * i).join('\n')}\n`);
    const args = ['--subset', 'FD001', '--test', TEST, '--scores-out', out];
    const first = await evaluate(...args, '--truth', at('truth.txt'), '--json', '--threads', '1');
    expect(first.stderr).toContain('10 of 10 members trained');
    expect(first.code).toBe(0);
    const {engines, score, joinedScore} = JSON.parse(first.stdout) as Record<string, Record<string, number>>;
    expect(engines).toBe(6);
    // A constant guess of the mean, 25, is off by 14.
    expect(score!['rmse']).toBeLessThan(5);
    expect(joinedScore!['rmse']).toBeLessThan(6);
    const written = readFileSync(out, 'utf8');
    const [header, ...rows] = written.trim().split('\n');
    expect(header).toBe('unit,predictedRul,lower90,upper90');
    expect(rows.map((row) => row.split(',')[0])).toEqual(['1', '2', '3', '4', '5', '6']);
    for (const row of rows) {
      const [, predicted, lower, upper] = row.split(',').map(Number);
      expect([0, lower!, predicted!, upper!, 125]).toEqual([0, lower!, predicted!, upper!, 125].sort((a, b) => a - b)); // prettier-ignore
    }
    const second = await evaluate(...args, '--threads', '2');
    expect(second.stdout).toContain(`6 engines in ${out}; RMSE of engines held back`);
    expect(second.stdout.trim().split('\n')).toHaveLength(1); // nothing to score against
    expect(readFileSync(out, 'utf8')).toBe(written);
  });

  it('B1 refuses too few units, lives without a beginning, a foreign subset and half a question', async () => {
    const few = write('few.txt.gz', wearingFleet({units: 19, seed: 1, conditions: 1}));
    const args = ['evaluate', 'cmapss', '--subset', 'FD001', '--test', TEST, '--scores-out', out];
    const refused = async (...more: string[]): Promise<[number | null, string]> => {
      const {code, stderr} = await runCli([...args, ...more], {});
      return [code, stderr];
    };
    expect(await refused('--train', few)).toEqual([2, expect.stringContaining('19 units ran to failure, but') as string]); // prettier-ignore
    const late = at('late.txt');
    writeFileSync(late, `1 5 ${Array.from({length: 24}, () => 1).join(' ')}\n`);
    expect(await refused('--train', late)).toEqual([2, expect.stringContaining('unit 1 does not begin at cycle 1') as string]); // prettier-ignore
    const foreign = await runCli(['evaluate', 'cmapss', '--subset', 'FD009', '--train', TRAIN], {});
    expect([foreign.code, foreign.stderr]).toEqual([2, expect.stringContaining('FD001, FD002, FD003, FD004') as string]); // prettier-ignore
    const other = await evaluate('--subset', 'FD004', '--folds', '5');
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('1 operating conditions, but FD004 has 6') as string]); // prettier-ignore
    const parts = await evaluate('--subset', 'FD001', '--folds', '25');
    expect([parts.code, parts.stderr]).toEqual([2, expect.stringContaining('24 engines do not make 25 parts') as string]); // prettier-ignore
    const half = await evaluate('--subset', 'FD001');
    expect([half.code, half.stderr]).toEqual([2, expect.stringContaining('--test and --scores-out are both needed') as string]); // prettier-ignore
  });
});
