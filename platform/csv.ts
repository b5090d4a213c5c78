import {stringify} from 'csv-stringify/sync';
import {cellOf} from './csv-cell.ts';

export type CsvCell = string | number | null;

/**
 * Rows as CSV (RFC 4180): every file that leaves Forestock is written here, so that no cell of any is a formula (csv-cell.ts).
 *
 * @param lineEnd  'windows' (CRLF) is what RFC 4180 says and spreadsheets expect; 'unix' is for files under version control.
 *
 * Example: csvText([['part', 'say "no"'], ['A,1', 2]], 'unix') → 'part,"say ""no"""\n"A,1",2\n'.
 */
export function csvText(rows: readonly (readonly CsvCell[])[], lineEnd: 'windows' | 'unix'): string {
  return stringify(
    rows.map((row) => row.map((cell) => (typeof cell === 'string' ? cellOf(cell) : cell))),
    // By itself it quotes a line break only where it is the one that ends its rows.
    {record_delimiter: lineEnd, quoted_match: /[\r\n]/},
  );
}
