import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {afterAll, describe, expect, it} from 'vitest';
import {seededGenerator} from '../../predict/training/seeded.ts';
import {runCli, type Run} from './run-cli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'forestock-spareparts-'));
afterAll(() => {
  rmSync(folder, {recursive: true});
});
const out = path.join(folder, 'out.csv');

const PERIODS = 24;
const ITEMS = 60;

/** Made up here: item i is asked for in about one period of three, for 1 to 4 pieces; the last one never, the one before it not recorded to the end. */
function syntheticLines(): string[] {
  const random = seededGenerator(20_260_107);
  const header = ['part', ...Array.from({length: PERIODS}, (_, i) => `m${i + 1}`)].join();
  const items = Array.from({length: ITEMS}, (_, item) => {
    const cells = Array.from({length: PERIODS}, (_, period) => {
      if (item === ITEMS - 1) return 0;
      if (item === ITEMS - 2 && period > 12) return '';
      return random() < 1 / 3 ? 1 + Math.floor(random() * 4) : 0;
    });
    return [`P-${item}`, ...cells].join();
  });
  return [header, ...items];
}

function evaluate(lines: readonly string[] | string, more: readonly string[] = []): Promise<Run> {
  const text = typeof lines === 'string' ? lines : `${lines.join('\n')}\n`;
  writeFileSync(path.join(folder, 'carparts.csv.gz'), gzipSync(text));
  return runCli(['evaluate', 'spareparts', '--set', 'carparts', '--dir', folder, '--out', out, ...more], {});
}

describe('forestock evaluate spareparts', () => {
  it('C1 writes ascending quantiles of every item over 1, 3 and 6 periods, and scores them beside the baselines', async () => {
    const {code, stdout} = await evaluate(syntheticLines(), ['--json']);
    expect(code).toBe(0);
    const [header, ...rows] = readFileSync(out, 'utf8').trim().split('\n');
    expect(header).toBe('item,periods,q0.5,q0.9,q0.95,q0.99');
    expect(rows).toHaveLength(ITEMS * 3);
    expect(rows.map((row) => row.split(',').slice(0, 2).join())).toEqual(
      Array.from({length: ITEMS}, (_, item) => [1, 3, 6].map((periods) => `P-${item},${periods}`)).flat(),
    );
    for (const row of rows) {
      const quantiles = row.split(',').slice(2).map(Number);
      expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b));
    }
    const result = JSON.parse(stdout) as {
      heldOutPeriods: number;
      forecasts: number;
      scores: {method: string; periods: number; coverage: number[]}[];
    };
    expect(result).toMatchObject({items: ITEMS, heldOutPeriods: 6, forecasts: ITEMS - 2});
    expect(result.scores.map(({method, periods}) => `${method} ${periods}`)).toEqual(
      ['forestock', 'negative binomial', 'empirical'].flatMap((name) => [1, 3, 6].map((n) => `${name} ${n}`)),
    );
    for (const {method, coverage} of result.scores)
      if (method === 'forestock') expect(coverage[3]).toBeGreaterThan(0.94); // 58 items: at most 3 outside
  });

  it('says the same twice, as a table for a person', async () => {
    const first = await evaluate(syntheticLines());
    const written = readFileSync(out, 'utf8');
    const second = await evaluate(syntheticLines());
    expect(second.stdout).toBe(first.stdout);
    expect(readFileSync(out, 'utf8')).toBe(written);
    expect(first.stdout).toContain('covered 0.95');
    expect(first.stderr).toContain('learning from all periods');
  });

  it('names file, line, column and the next step for a cell that is no quantity, and leaves with 2', async () => {
    const lines = syntheticLines();
    lines[3] = lines[3]!.replace(/[^,]*$/, 'many');
    const {code, stderr} = await evaluate(lines);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /carparts\.csv\.gz, line 4, column m24: "many" is no quantity; correct it, or fetch the file again/,
    );
  });

  it('names a line that is cut short, a set too short to learn from, and a file that is not there', async () => {
    const lines = syntheticLines();
    lines[5] = lines[5]!.split(',').slice(0, 9).join();
    const cut = await evaluate(lines);
    expect([cut.code, cut.stderr]).toEqual([2, expect.stringMatching(/carparts\.csv\.gz.*line 6/) as string]);
    const short = await evaluate(['part,m1,m2', 'P-1,0,1']);
    expect([short.code, short.stderr]).toEqual([
      2,
      expect.stringContaining('line 1: 2 period columns') as string,
    ]);
    const gone = await runCli(['evaluate', 'spareparts', '--set', 'oil', '--dir', folder, '--out', out], {});
    expect([gone.code, gone.stderr]).toEqual([
      2,
      expect.stringContaining('oil_consumption.csv.gz is not there; --dir names') as string,
    ]);
  });
});
