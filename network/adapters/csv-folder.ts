import {mkdir, readFile, readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {parse} from 'csv-parse/sync';
import {messageOf, OperationalFault} from '../../domain/fault.ts';
import {textOf} from '../../platform/csv-cell.ts';
import {csvText} from '../../platform/csv.ts';
import {whyUnreadable} from '../../platform/why-unreadable.ts';
import type {RawFolder, RawTable} from '../core/master-data.ts';
import type {Mistake} from '../core/mistake.ts';

/** Largest file taken: beyond it the text of one file would fill the memory of a small machine. */
const FILE_BYTES_MAX = 512 * 1024 * 1024;

/** Every `*.csv` of a folder. A file that is no CSV is a mistake with its line; a folder that cannot be read is a fault. */
export async function readCsvFolder(
  folder: string,
): Promise<{readonly raw: RawFolder; readonly mistakes: readonly Mistake[]}> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new OperationalFault(
      'folder-unreadable',
      `${whyUnreadable(folder, cause)}; name a folder of CSV files`,
      {
        retryable: false,
        cause,
      },
    );
  });
  const raw: Record<string, RawTable> = {};
  const mistakes: Mistake[] = [];
  for (const file of names.filter((name) => name.endsWith('.csv')).sort()) {
    const bytes = await readFile(path.join(folder, file));
    const table = parseTable(file, bytes, mistakes);
    if (table !== null) raw[file.slice(0, -'.csv'.length)] = table;
  }
  if (Object.keys(raw).length === 0 && mistakes.length === 0) {
    mistakes.push({
      file: folder,
      line: 0,
      column: '',
      what: 'holds no CSV file',
      nextStep: 'name a folder with party.csv, part.csv, …',
    });
  }
  return {raw, mistakes};
}

/** One CSV file: what can be read of it, and every line that cannot. A file that is not there is a fault. */
export async function readCsvFile(
  file: string,
): Promise<{readonly table: RawTable | null; readonly mistakes: readonly Mistake[]}> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new OperationalFault('file-unreadable', `${whyUnreadable(file, cause)}; name a CSV file`, {
      retryable: false,
      cause,
    });
  });
  const mistakes: Mistake[] = [];
  return {table: parseTable(path.basename(file), bytes, mistakes), mistakes};
}

/** Null when nothing of it can be read. */
function parseTable(file: string, bytes: Buffer, mistakes: Mistake[]): RawTable | null {
  const unreadable = (line: number, what: string, nextStep: string): null => {
    mistakes.push({file, line, column: '', what, nextStep});
    return null;
  };
  if (bytes.length > FILE_BYTES_MAX)
    return unreadable(0, `is larger than ${FILE_BYTES_MAX} bytes`, 'split the import');
  try {
    const text = new TextDecoder('utf-8', {fatal: true}).decode(bytes);
    const records = parse(text, {
      bom: true,
      info: true,
      skip_empty_lines: true,
      skip_records_with_error: true, // so that one reading names every bad line
      on_skip: (error) => {
        const {lines = 0} = (error ?? {}) as {lines?: number};
        unreadable(lines, `is no CSV: ${messageOf(error)}`, 'correct the line');
      },
    }) as unknown as {
      record: string[];
      info: {lines: number};
    }[];
    const [header, ...body] = records;
    const [bad] = mistakes.filter((mistake) => mistake.file === file);
    if (header === undefined && bad === undefined)
      return unreadable(1, 'is empty', 'write at least its header line');
    // Below a header that cannot be read, the first row would be taken for one.
    if (header === undefined || (bad !== undefined && bad.line < header.info.lines)) return null;
    const columns = header.record.map((name) => name.trim());
    const twice = columns.find((name, index) => columns.indexOf(name) !== index);
    if (twice !== undefined)
      return unreadable(1, `column ${twice} stands there twice`, 'keep one of the two');
    const rows = body.map(({record, info}) => ({
      line: info.lines,
      cells: Object.fromEntries(columns.map((column, index) => [column, textOf(record[index] ?? '')])),
    }));
    return {columns, rows};
  } catch (error) {
    if (error instanceof TypeError) return unreadable(0, 'is not in UTF-8', 'save it as UTF-8');
    throw error;
  }
}

/** One file a table, every table, columns and rows in a fixed order: equal states give equal bytes. No cell is a formula. */
export async function writeCsvFolder(folder: string, raw: RawFolder): Promise<void> {
  await mkdir(folder, {recursive: true});
  for (const [name, {columns, rows}] of Object.entries(raw)) {
    const lines = [columns, ...rows.map(({cells}) => columns.map((column) => cells[column] ?? ''))];
    await writeFile(path.join(folder, `${name}.csv`), csvText(lines, 'unix'));
  }
}
