import {z} from 'zod';
import {isId} from '../../domain/ids.ts';
import {INT4_MAX} from '../../domain/quantity.ts';

/** What a CSV cell becomes. Instants stay text: ISO 8601 in UTC, or the database's ±infinity. */
export type Cell = string | number | boolean | readonly string[] | Readonly<Record<string, unknown>> | null;

/** How a column is read from text, and which SQL type holds it. */
export interface CellType {
  readonly sql: 'text' | 'int' | 'bigint' | 'float8' | 'boolean' | 'timestamptz' | 'text[]' | 'jsonb';
  readonly schema: z.ZodType<Cell, string>;
}

const plain = z
  .string()
  .max(4096)
  .refine((text) => !text.includes('\u0000') && text.isWellFormed(), 'has a NUL or a broken character');

/** Every id of the product has one shape (domain/ids.ts). */
export const id: CellType = {
  sql: 'text',
  schema: z.string().refine(isId, 'is no id: 1 to 128 characters without blank, /, + or #'),
};
export const uuid: CellType = {sql: 'text', schema: z.uuid({error: 'is no UUID'})};
export const text: CellType = {sql: 'text', schema: plain};
export const currency: CellType = {
  sql: 'text',
  schema: z.string().regex(/^[A-Z]{3}$/, 'is no currency: write the three letters of ISO 4217, as in EUR'),
};

export function oneOf(...allowed: readonly string[]): CellType {
  return {
    sql: 'text',
    schema: z.string().refine((value) => allowed.includes(value), `is none of ${allowed.join(', ')}`),
  };
}

interface Range {
  readonly min?: number;
  /** Greater than, not equal. */
  readonly above?: number;
  readonly max?: number;
}

function inRange(value: number, {min, above, max}: Range): boolean {
  return (
    (min === undefined || value >= min) &&
    (above === undefined || value > above) &&
    (max === undefined || value <= max)
  );
}

function rangeText({min, above, max}: Range): string {
  const limits = [
    min === undefined ? '' : `at least ${min}`,
    above === undefined ? '' : `more than ${above}`,
    max === undefined ? '' : `at most ${max}`,
  ];
  return limits.filter((limit) => limit !== '').join(' and ');
}

/** A whole number; `bigint` for money in minor units. */
export function whole(range: Range, sql: 'int' | 'bigint' = 'int'): CellType {
  const limits = {max: sql === 'int' ? INT4_MAX : Number.MAX_SAFE_INTEGER, ...range};
  return {
    sql,
    schema: z
      .string()
      .regex(/^-?\d{1,16}$/, 'is no whole number')
      .transform(Number)
      .refine((value) => inRange(value, limits), `is out of range: ${rangeText(limits)}`),
  };
}

export function decimal(range: Range): CellType {
  return {
    sql: 'float8',
    schema: z
      .string()
      .regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/, 'is no number: digits with a decimal point')
      .transform(Number)
      .refine(
        (value) => Number.isFinite(value) && inRange(value, range),
        `is out of range: ${rangeText(range) || 'finite'}`,
      ),
  };
}

export const flag: CellType = {
  sql: 'boolean',
  schema: z
    .string()
    .regex(/^(true|false)$/, 'is neither true nor false')
    .transform((value) => value === 'true'),
};

/** UTC only: a local time without zone is refused with that hint. */
export const instant: CellType = {
  sql: 'timestamptz',
  schema: z.iso
    .datetime({error: 'is no UTC instant: write it as 2026-01-05T10:00:00.000Z'})
    .transform(withMilliseconds),
};

export const list: CellType = {
  sql: 'text[]',
  schema: plain.transform((value) => value.split('|').map((item) => item.trim())),
};

export const json: CellType = {
  sql: 'jsonb',
  schema: plain.transform((value, context) => {
    try {
      const parsed: unknown = JSON.parse(value);
      const object = z.record(z.string(), z.unknown()).safeParse(parsed);
      if (object.success) return object.data;
    } catch {
      // Said below: text that is no JSON and JSON that is no object are one mistake to whoever repairs it.
    }
    context.addIssue({code: 'custom', message: 'is no JSON object'});
    return z.NEVER;
  }),
};

/** One spelling for one instant, so that text order is time order. Example: '2026-01-05T10:00Z' → '2026-01-05T10:00:00.000Z'. */
function withMilliseconds(value: string): string {
  const match = /^(.{16})(?::(\d\d))?(?:\.(\d+))?Z$/.exec(value);
  if (match === null) return value;
  return `${match[1]!}:${match[2] ?? '00'}.${(match[3] ?? '').slice(0, 3).padEnd(3, '0')}Z`;
}

/** A cell in print. Example: ['a', 'b'] → 'a|b'. */
export function cellText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (isList(cell)) return cell.join('|');
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

/** Array.isArray does not narrow a readonly array out of a union. */
function isList(cell: Cell): cell is readonly string[] {
  return Array.isArray(cell);
}
