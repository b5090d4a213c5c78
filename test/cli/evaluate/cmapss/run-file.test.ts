import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {afterAll, describe, expect, it} from 'vitest';
import {readRuns, readTruth} from '../../../../cli/evaluate/cmapss/run-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'forestock-runs-'));
afterAll(() => {
  rmSync(folder, {recursive: true});
});

function file(name: string, lines: readonly string[]): string {
  const at = path.join(folder, name);
  const text = `${lines.join('\n')}\n`;
  writeFileSync(at, name.endsWith('.gz') ? gzipSync(text) : text);
  return at;
}

/** A row as published: two blanks at its end. */
const row = (unit: number, cycle: number, first = '518.67'): string =>
  `${unit} ${cycle} -0.0007 0.0004 100.0 ${first} ${Array.from({length: 20}, (_, i) => i + 0.5).join(' ')}  `;

describe('files of engines that ran to failure', () => {
  it('B1 are read as published, with a header and commas, and compressed', () => {
    const lines = [row(1, 1), row(1, 2), row(7, 31)];
    const plain = readRuns(file('train.txt', lines));
    expect(plain.map(({unit, sinceNew, signals}) => [unit, sinceNew, signals.length])).toEqual([
      ['1', true, 2],
      ['7', false, 1],
    ]);
    expect(plain[0]!.settings[0]).toEqual(Float64Array.of(-0.0007, 0.0004, 100));
    expect([...plain[0]!.signals[1]!.slice(0, 3)]).toEqual([518.67, 0.5, 1.5]);
    const header = ['unit,cycle,setting1,setting2,setting3', ...Array.from({length: 21}, (_, i) => `s${i + 1}`)].join(); // prettier-ignore
    const commas = lines.map((line) => line.trim().split(' ').join());
    expect(readRuns(file('train.csv.gz', [header, ...commas]))).toEqual(plain);
    const odd = file('odd.csv', ['unit,cycle,setting1,setting2,setting3,s1', ...commas]);
    expect(() => readRuns(odd)).toThrow(/odd\.csv, line 1: 6 columns instead of 26/);
  });

  it.each([
    ['cut.txt', [row(1, 1), '1 2 0.1'], /cut\.txt, line 2: 3 columns instead of 26 .*fetch the file again/],
    ['word.txt', [row(1, 1, 'warm')], /word\.txt, line 1, column 6: "warm" is no number/],
    ['endless.txt', [row(1, 1, '1e999')], /column 6: "1e999" is no number/],
    ['back.txt', [row(1, 1), row(1, 2), row(1, 2)], /line 3: unit 1 has cycle 2 where 3 comes next/],
    ['gap.txt', [row(1, 1), row(1, 3)], /line 2: unit 1 has cycle 3 where 2 comes next/],
    ['torn.txt', [row(1, 1), row(2, 1), row(1, 2)], /line 3: unit 1 began further up already/],
    ['half.txt', [row(1.5, 1)], /line 1, column 1: 1\.5 is no whole number/],
    ['empty.txt', [''], /empty\.txt: holds no rows/],
  ])('B1 name what is wrong in %s', (name, lines, message) => {
    expect(() => readRuns(file(name, lines))).toThrow(message);
  });

  it('B1 go with their answers, one a line or beside the unit', () => {
    expect(readTruth(file('plain.txt', ['112 ', '98 ']), ['1', '2'])).toEqual([112, 98]);
    const beside = file('beside.csv', ['unit,RUL', '1,112', '2,98']);
    expect(readTruth(beside, ['1', '2'])).toEqual([112, 98]);
    expect(() => readTruth(beside, ['1'])).toThrow(/2 answers for 1 test units/);
    expect(() => readTruth(beside, ['1', '3'])).toThrow(/line 3: unit 2 where the test file has 3/);
    expect(() => readTruth(path.join(folder, 'gone.txt'), ['1'])).toThrow(
      /no file or folder at \S*gone\.txt; name a file of the C-MAPSS set/,
    );
  });
});
