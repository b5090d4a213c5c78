import {z} from 'zod';
import type {RawFolder} from '../../network/api.ts';

/** Tables by name, in the columns of the CSV files (docs/operations.md); every cell is text. */
export const WireTables = z.record(
  z.string(),
  z.object({columns: z.array(z.string()), rows: z.array(z.array(z.string()))}),
);
type WireTables = z.infer<typeof WireTables>;

/** The header would be line 1 of a file. */
export const FIRST_LINE = 2;

/** As if they had been read from files without a blank line: a row's line is its place. */
export function toRaw(tables: WireTables): RawFolder {
  return Object.fromEntries(
    Object.entries(tables).map(([name, {columns, rows}]) => [
      name,
      {
        columns,
        rows: rows.map((cells, index) => ({
          line: index + FIRST_LINE,
          cells: Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])),
        })),
      },
    ]),
  );
}

export function fromRaw(raw: RawFolder): WireTables {
  return Object.fromEntries(
    Object.entries(raw).map(([name, {columns, rows}]) => [
      name,
      {columns: [...columns], rows: rows.map(({cells}) => columns.map((column) => cells[column] ?? ''))},
    ]),
  );
}
