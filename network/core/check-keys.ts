import {type Cell, cellText} from './cell.ts';
import {MASTER_TABLES, MASTER_TABLE_NAMES, type MasterTable} from './master-tables.ts';
import type {MasterFolder, MasterRow} from './master-data.ts';
import type {Mistake} from './mistake.ts';

const SEPARATOR = '\u001f'; // no id or text of a key can hold it unnoticed: cells are printable

export function keyOf(columns: readonly string[], cells: Readonly<Record<string, Cell>>): string {
  return columns.map((column) => cellText(cells[column])).join(SEPARATOR);
}

/** The same key twice in one file. The first row stands; every further one is a mistake that names it. */
export function duplicateKeys(folder: MasterFolder): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const table of MASTER_TABLE_NAMES) {
    const {key} = MASTER_TABLES[table];
    const firstLine = new Map<string, number>();
    for (const {line, cells} of folder[table]) {
      const value = keyOf(key, cells);
      const first = firstLine.get(value);
      if (first === undefined) {
        firstLine.set(value, line);
        continue;
      }
      const named = key.map((column) => `${column} "${cellText(cells[column])}"`).join(', ');
      const what = `${named} stands already in line ${first}`;
      mistakes.push({file: `${table}.csv`, line, column: key[0]!, what, nextStep: 'keep one of the two'});
    }
  }
  return mistakes;
}

/** Values that point to nothing, neither in the folder nor in what the database holds already. */
export function brokenReferences(folder: MasterFolder, existing: MasterFolder): Mistake[] {
  const mistakes: Mistake[] = [];
  const values = new Map<string, Set<Cell>>();
  const valuesOf = (table: MasterTable, column: string): Set<Cell> => {
    const name = `${table}.${column}`;
    let known = values.get(name);
    if (known === undefined) {
      known = new Set([...existing[table], ...folder[table]].map(({cells}) => cells[column]!));
      values.set(name, known);
    }
    return known;
  };
  for (const table of MASTER_TABLE_NAMES) {
    for (const [column, {refersTo}] of Object.entries(MASTER_TABLES[table].columns)) {
      if (refersTo === undefined) continue;
      const known = valuesOf(refersTo.table, refersTo.column);
      for (const {line, cells} of folder[table]) {
        const value = cells[column] ?? null;
        if (value !== null && !known.has(value))
          mistakes.push(unknownReference(table, line, column, value, refersTo.table));
      }
    }
  }
  return mistakes;
}

export function unknownReference(
  table: string,
  line: number,
  column: string,
  value: Cell,
  target: string,
): Mistake {
  const what = `${column} "${cellText(value)}" is not in ${target}.csv`;
  return {file: `${table}.csv`, line, column, what, nextStep: 'add it there or correct the id'};
}

/** What holds after the import: the database's rows, overruled by the folder's of the same key. */
export function afterImport(table: MasterTable, folder: MasterFolder, existing: MasterFolder): MasterRow[] {
  const {key} = MASTER_TABLES[table];
  const rows = new Map<string, MasterRow>();
  for (const row of existing[table]) rows.set(keyOf(key, row.cells), row);
  for (const row of folder[table]) rows.set(keyOf(key, row.cells), row);
  return [...rows.values()];
}
