import type {Cell} from './cell.ts';
import type {MasterFolder, MasterRow} from './master-data.ts';
import type {MasterTable} from './master-tables.ts';
import type {Mistake} from './mistake.ts';

/** All that the rules look at: the folder's rows, and every table as it will stand after the import. */
export interface Look {
  readonly folder: MasterFolder;
  readonly after: (table: MasterTable) => readonly MasterRow[];
}

/** Says of each row of the folder that breaks it what is wrong. */
export type Rule = (look: Look) => Mistake[];

/** The text of a cell; '' where it holds none. */
export function textIn(cell: Cell | undefined): string {
  return typeof cell === 'string' ? cell : '';
}

export function mistakeAt(
  table: MasterTable,
  row: MasterRow,
  column: string,
  what: string,
  nextStep: string,
): Mistake {
  return {file: `${table}.csv`, line: row.line, column, what, nextStep};
}

/** Instants have one spelling, so text order is time order; ±infinity stand outside of it. */
export function isBefore(a: Cell, b: Cell): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (a === '-infinity' || b === 'infinity') return true;
  if (b === '-infinity' || a === 'infinity') return false;
  return textIn(a) < textIn(b);
}
