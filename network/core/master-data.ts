import type {Cell} from './cell.ts';
import {MASTER_TABLES, MASTER_TABLE_NAMES, type MasterTable, type TableSpec} from './master-tables.ts';
import type {Mistake} from './mistake.ts';

/** Rows as a program makes them: the simulator's network, a converter's output. Column names are those of the files. */
export type MasterData = Record<string, Record<string, string | number | boolean>[]>;

/** Rows as a file holds them. */
export interface RawRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}
export interface RawTable {
  readonly columns: readonly string[];
  readonly rows: readonly RawRow[];
}
/** Tables by name; names that are no master table are mistakes. */
export type RawFolder = Readonly<Record<string, RawTable>>;

export interface MasterRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, Cell>>;
}
/** Every table present, those without file empty. */
export type MasterFolder = Readonly<Record<MasterTable, readonly MasterRow[]>>;

/** Rows made by a program, as if they had been read from files. */
export function toRawFolder(data: MasterData): RawFolder {
  const folder: Record<string, RawTable> = {};
  for (const [name, rows] of Object.entries(data)) {
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    folder[name] = {
      columns,
      rows: rows.map((row, index) => ({
        line: index + 2,
        cells: Object.fromEntries(columns.map((column) => [column, String(row[column] ?? '')])),
      })),
    };
  }
  return folder;
}

export function isMasterTable(name: string): name is MasterTable {
  return (MASTER_TABLE_NAMES as readonly string[]).includes(name);
}

export interface ReadFolder {
  readonly folder: MasterFolder;
  /** Rows with a wrong cell, null there. Others may refer to them without being blamed. */
  readonly broken: MasterFolder;
  readonly mistakes: readonly Mistake[];
}

/** Every cell by its column's type; rows with a wrong cell are left out of `folder` and named in `mistakes`. */
export function readFolder(raw: RawFolder): ReadFolder {
  const mistakes: Mistake[] = [];
  const folder = {} as Record<MasterTable, readonly MasterRow[]>;
  const broken = {} as Record<MasterTable, readonly MasterRow[]>;
  for (const name of Object.keys(raw)) {
    if (!isMasterTable(name)) {
      mistakes.push({
        file: `${name}.csv`,
        line: 0,
        column: '',
        what: 'is no master-data file',
        nextStep: `take it out of the folder; the files are ${MASTER_TABLE_NAMES.join('.csv, ')}.csv`,
      });
    }
  }
  for (const name of MASTER_TABLE_NAMES) {
    const rows = readTable(name, raw[name], mistakes);
    folder[name] = rows.filter(({sound}) => sound).map(({row}) => row);
    broken[name] = rows.filter(({sound}) => !sound).map(({row}) => row);
  }
  return {folder, broken, mistakes};
}

interface Read {
  readonly row: MasterRow;
  readonly sound: boolean;
}

function readTable(name: MasterTable, table: RawTable | undefined, mistakes: Mistake[]): Read[] {
  if (table === undefined) return [];
  const spec = MASTER_TABLES[name];
  const missing = headerMistakes(name, spec, table.columns, mistakes);
  const attributes = table.columns.filter((column) => isAttribute(spec, column));
  // Said once for the file; saying it again for each of its rows would bury the rest.
  if (missing > 0)
    return table.rows.map((row) => ({...readRow(name, spec, attributes, row, []), sound: false}));
  return table.rows.map((row) => readRow(name, spec, attributes, row, mistakes));
}

function isAttribute(spec: TableSpec, column: string): boolean {
  return spec.attributePrefix !== undefined && column.startsWith(spec.attributePrefix);
}

function headerMistakes(
  name: MasterTable,
  spec: TableSpec,
  columns: readonly string[],
  mistakes: Mistake[],
): number {
  const file = `${name}.csv`;
  for (const column of columns) {
    if (column in spec.columns || isAttribute(spec, column)) continue;
    const nextStep = `take it out; the columns are ${Object.keys(spec.columns).join(', ')}`;
    mistakes.push({file, line: 1, column, what: `column ${column} is not known`, nextStep});
  }
  const missing = Object.entries(spec.columns).filter(
    ([column, {otherwise}]) => otherwise === undefined && !columns.includes(column),
  );
  for (const [column] of missing) {
    mistakes.push({
      file,
      line: 1,
      column,
      what: `column ${column} is missing`,
      nextStep: 'add it and fill every row',
    });
  }
  return missing.length;
}

function readRow(
  name: MasterTable,
  spec: TableSpec,
  attributes: readonly string[],
  row: RawRow,
  mistakes: Mistake[],
): Read {
  const cells: Record<string, Cell> = {};
  let sound = true;
  for (const [column, {type, otherwise}] of Object.entries(spec.columns)) {
    const sent = (row.cells[column] ?? '').trim();
    if (sent === '') {
      if (otherwise === undefined) {
        mistakes.push({
          file: `${name}.csv`,
          line: row.line,
          column,
          what: `${column} is empty`,
          nextStep: 'fill it in',
        });
        sound = false;
      }
      cells[column] = otherwise ?? null;
      continue;
    }
    const read = type.schema.safeParse(sent);
    if (read.success) {
      cells[column] = read.data;
    } else {
      const what = `${column} "${shorten(sent)}" ${read.error.issues[0]!.message}`;
      mistakes.push({file: `${name}.csv`, line: row.line, column, what, nextStep: 'correct the cell'});
      cells[column] = null;
      sound = false;
    }
  }
  if (spec.attributePrefix !== undefined)
    cells['attributes'] = readAttributes(spec.attributePrefix, attributes, row);
  return {row: {line: row.line, cells}, sound};
}

/** Numbers become numbers where that loses nothing: '1480' does, '007' stays text. */
function readAttributes(
  prefix: string,
  columns: readonly string[],
  row: RawRow,
): Record<string, string | number> {
  const attributes: Record<string, string | number> = {};
  for (const column of columns) {
    const sent = (row.cells[column] ?? '').trim();
    const number = Number(sent);
    const lossless = Number.isFinite(number) && String(number) === sent;
    if (sent !== '') attributes[column.slice(prefix.length)] = lossless ? number : sent;
  }
  return attributes;
}

function shorten(sent: string): string {
  return sent.length > 60 ? `${sent.slice(0, 57)}…` : sent;
}
