import {z} from 'zod';
import {ok} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import {csvText} from '../../platform/csv.ts';
import {csvColumns} from './csv-columns.ts';
import type {CsvColumn} from './csv-columns.ts';
import type {Route} from './route.ts';

/** Rows of one file: it is made in memory, and a sheet of more is no longer read by a person. */
export const CSV_ROWS_MAX = 10_000;
/** Rows that are asked for at once, where the list goes on by a cursor. */
const PAGE_ROWS = 500;
/** Without it Excel takes the file for the code page of the machine. */
const BYTE_ORDER_MARK = '\uFEFF';

/** A list of the API that is also to be had as a file for a spreadsheet. */
export interface CsvList {
  /** The field of the reply with the rows, and the file's name: 'orders'. */
  readonly name: string;
  readonly columns: readonly CsvColumn[];
  readonly hasLimit: boolean;
  readonly hasCursor: boolean;
}

/** Every GET whose reply begins with a list of things is one; null for all others. */
export function csvListOf({method, reply, query}: Pick<Route, 'method' | 'reply' | 'query'>): CsvList | null {
  if (method !== 'GET' || !(reply instanceof z.ZodObject)) return null;
  const [name, rows] = (Object.entries(reply.shape) as [string, z.ZodType][])[0] ?? ['', null];
  if (!(rows instanceof z.ZodArray) || !(rows.element instanceof z.ZodObject)) return null;
  const shape = query?.shape ?? {};
  return {name, columns: csvColumns(rows.element), hasLimit: 'limit' in shape, hasCursor: 'cursor' in shape};
}

/** 'Accept: text/csv' before any JSON. */
export function prefersCsv(accept: string | undefined): boolean {
  const kinds = (accept ?? '').split(',').map((kind) => kind.split(';')[0]!.trim().toLowerCase());
  const csv = kinds.indexOf('text/csv');
  const json = kinds.findIndex((kind) => kind === 'application/json' || kind === '*/*');
  return csv >= 0 && (json < 0 || csv < json);
}

/** The limit that a file was asked with: 1 to 10,000, else as many; null where it is no such number. */
export function csvLimit(asked: unknown): number | null {
  if (asked === undefined) return CSV_ROWS_MAX;
  const limit = typeof asked === 'string' && /^\d{1,5}$/.test(asked) ? Number(asked) : 0;
  return limit >= 1 && limit <= CSV_ROWS_MAX ? limit : null;
}

export interface CsvPage {
  /** As the API writes them. */
  readonly rows: readonly unknown[];
  /** Where the next page begins; null at the end, and in lists without. */
  readonly next: unknown;
}

/**
 * The whole file, page by page of at most 500 rows where the list has a cursor.
 *
 * @param page  Asks for so many rows, from a cursor on.
 * @returns the text, and whether the limit ended it: then there may be more.
 */
export async function csvFile(
  {columns, hasCursor, hasLimit}: CsvList,
  limit: number,
  page: (limit: number, cursor: unknown) => Promise<Result<CsvPage>>,
): Promise<Result<{readonly text: string; readonly isCut: boolean}>> {
  const texts = [BYTE_ORDER_MARK + csvText([columns.map(({header}) => header)], 'windows')];
  let left = limit;
  let cursor: unknown;
  for (;;) {
    const asked = hasCursor ? Math.min(left, PAGE_ROWS) : left;
    const answer = await page(asked, cursor);
    if (!answer.ok) return answer;
    const rows = answer.value.rows.slice(0, left);
    texts.push(
      csvText(
        rows.map((row) => columns.map((column) => column.cellOf(row))),
        'windows',
      ),
    );
    left -= rows.length;
    const hasMore = hasCursor ? answer.value.next !== null : hasLimit && left === 0;
    if (!hasCursor || !hasMore || left === 0) return ok({text: texts.join(''), isCut: hasMore});
    cursor = answer.value.next;
  }
}
