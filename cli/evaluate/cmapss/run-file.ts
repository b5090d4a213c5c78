import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import type {RunHistory} from '../../../predict/core/remaining-life/run-history.ts';
import {fileUnreadable, inputFault} from '../../input-file.ts';

/** As published: unit, cycle, three settings, 21 sensors; without a header, or with one that ours allows. */
const SETTINGS = 3;
const SENSORS = 21;
const COLUMNS = 2 + SETTINGS + SENSORS;

/** @throws OperationalFault 'file-unreadable', naming file, line and column */
export function readRuns(file: string): RunHistory[] {
  const runs = new Map<number, {from: number; settings: Float64Array[]; signals: Float64Array[]}>();
  let current: number | undefined;
  for (const {line, cells} of readCells(file, COLUMNS, 'unit, cycle, 3 settings and 21 sensors')) {
    const [unit, cycle] = [whole(file, line, cells, 0), whole(file, line, cells, 1)];
    const at = `${file}, line ${line}: unit ${unit}`;
    let run = runs.get(unit);
    if (unit !== current && run !== undefined)
      throw fileUnreadable(`${at} began further up already; keep each unit's cycles together`);
    if (run === undefined) runs.set(unit, (run = {from: cycle, settings: [], signals: []}));
    const expected = run.from + run.signals.length;
    if (cycle !== expected)
      throw fileUnreadable(`${at} has cycle ${cycle} where ${expected} comes next; sort its cycles, or fetch the file again`); // prettier-ignore
    run.settings.push(Float64Array.from(cells.slice(2, 2 + SETTINGS)));
    run.signals.push(Float64Array.from(cells.slice(2 + SETTINGS)));
    current = unit;
  }
  return [...runs].map(([unit, {from, settings, signals}]) => ({
    unit: String(unit),
    sinceNew: from === 1,
    settings,
    signals,
  }));
}

/**
 * The cycles that each unit had left: one number a line in the order of the units, as published, or `unit,RUL` below a header.
 *
 * @param units those of the test file, in its order
 */
export function readTruth(file: string, units: readonly string[]): number[] {
  const width = headerOf(file).includes(',') ? 2 : 1;
  const rows = readCells(file, width, width === 1 ? 'one number a line' : 'unit and RUL');
  if (rows.length !== units.length)
    throw fileUnreadable(`${file}: ${rows.length} answers for ${units.length} test units; name the answers of this test file`); // prettier-ignore
  return rows.map(({line, cells}, i) => {
    if (width === 2 && String(cells[0]) !== units[i])
      throw fileUnreadable(`${file}, line ${line}: unit ${cells[0]!} where the test file has ${units[i]!}`);
    return whole(file, line, cells, width - 1, 0);
  });
}

interface Line {
  readonly line: number;
  readonly cells: readonly number[];
}

/** Published files have blanks between cells and none of our commas. */
function readCells(file: string, width: number, form: string): Line[] {
  const lines = readText(file).split(/\r?\n/);
  const rows = lines.flatMap((text, i): Line[] => {
    if (text.trim() === '') return [];
    const cells = text.trim().split(text.includes(',') ? ',' : /\s+/);
    if (cells.length !== width)
      throw fileUnreadable(`${file}, line ${i + 1}: ${cells.length} columns instead of ${width} (${form}); fetch the file again`); // prettier-ignore
    if (i === 0 && /^["']?[a-z]/i.test(text)) return []; // a header
    const numbers = cells.map((cell) => (cell.trim() === '' ? NaN : Number(cell)));
    const wrong = numbers.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw fileUnreadable(`${file}, line ${i + 1}, column ${wrong + 1}: ${JSON.stringify(cells[wrong])} is no number; correct it, or fetch the file again`); // prettier-ignore
    return [{line: i + 1, cells: numbers}];
  });
  if (rows.length === 0) throw fileUnreadable(`${file}: holds no rows (${form}); fetch the file again`);
  return rows;
}

function headerOf(file: string): string {
  return readText(file).split('\n', 1)[0]!;
}

function readText(file: string): string {
  try {
    const raw = readFileSync(file);
    return (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw inputFault(file, 'a file of the C-MAPSS set, plain or .gz', cause);
  }
}

function whole(file: string, line: number, cells: readonly number[], column: number, from = 1): number {
  const value = cells[column]!;
  if (!Number.isSafeInteger(value) || value < from)
    throw fileUnreadable(`${file}, line ${line}, column ${column + 1}: ${value} is no whole number from ${from} on; correct it, or fetch the file again`); // prettier-ignore
  return value;
}
