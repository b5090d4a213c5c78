import {z} from 'zod';
import type {CsvCell} from '../../platform/csv.ts';

/** One column of a list as CSV: its header names the unit, so that the sheet needs no manual. */
export interface CsvColumn {
  readonly header: string;
  /** The field of the row that it belongs to: of 'option.action', 'option'. */
  readonly field: string;
  /** The cell of one row as the API writes it. */
  cellOf(row: unknown): CsvCell;
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}

/** What the end of a field's name says about its unit. */
const UNITS: readonly (readonly [end: RegExp, unit: string])[] = [
  [/PerYear$/, '1/year'],
  [/(?<=[a-z])H$/, 'h'],
  [/Days$/, 'days'],
  [/Pct$/, '%'],
  [/Ppm$/, 'ppm'],
];
const PIECES = /^(qty|quantity|pieces)$|(Qty|Pieces)$/;
const MONEY = /Minor(PerH)?$/;

/**
 * The columns of a row schema, nested objects as `option.action`.
 *
 * Example: {ageH, openValueMinor, currency, neededAt} → 'age [h]', 'openValue [currency]', 'currency', 'neededAt [UTC]'.
 */
export function csvColumns(row: z.ZodType): CsvColumn[] {
  return columnsOf(z.toJSONSchema(row, {io: 'input'}) as Schema, []);
}

function columnsOf(schema: Schema, path: readonly string[]): CsvColumn[] {
  const properties = schema.properties ?? {};
  const hasCurrency = 'currency' in properties;
  return Object.entries(properties).flatMap(([name, property]) => {
    const own = withoutNull(property);
    const at = [...path, name];
    if (own.type === 'object' && Object.keys(own.properties ?? {}).length > 0) return columnsOf(own, at);
    const {header, cell} = columnOf(name, own, hasCurrency);
    return [{header: [...path, header].join('.'), field: at[0]!, cellOf: (row) => cell(valueAt(row, at))}];
  });
}

/** 'a number or null' is a column of numbers with holes. */
function withoutNull(schema: Schema): Schema {
  const others = schema.anyOf?.filter(({type}) => type !== 'null') ?? [];
  if (others.length === 1) return others[0]!;
  const types = Array.isArray(schema.type) ? schema.type.filter((type) => type !== 'null') : [];
  return types.length === 1 ? {...schema, type: types[0] as string} : schema;
}

function columnOf(
  name: string,
  schema: Schema,
  hasCurrency: boolean,
): {readonly header: string; readonly cell: (value: unknown) => CsvCell} {
  if (schema.format === 'date-time') return {header: `${name} [UTC]`, cell: timeCell};
  const isNumber = schema.type === 'integer' || schema.type === 'number';
  if (!isNumber) return {header: name, cell: textCell};
  if (hasCurrency && MONEY.test(name)) {
    const unit = name.endsWith('PerH') ? 'currency/h' : 'currency';
    return {header: `${name.replace(MONEY, '')} [${unit}]`, cell: majorCell};
  }
  if (PIECES.test(name)) return {header: `${name} [pieces]`, cell: textCell};
  const [end, unit] = UNITS.find(([pattern]) => pattern.test(name)) ?? [];
  return {
    header: end === undefined ? name : `${name.replace(end, '')} [${unit!}]`,
    cell: textCell,
  };
}

function valueAt(row: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (value as Record<string, unknown> | null)?.[name], row);
}

/** '2026-01-05T10:00:00.000Z' → '2026-01-05 10:00:00': spreadsheets read this as a time, and the other as a text. */
function timeCell(value: unknown): CsvCell {
  return typeof value === 'string' ? value.replace('T', ' ').replace(/(\.000)?Z$/, '') : null;
}

/** Minor units in print: 1203 → '12.03'. Every currency of this product has two decimals there. */
function majorCell(value: unknown): CsvCell {
  return typeof value === 'number' ? (value / 100).toFixed(2) : null;
}

/** Lists of sentences as one text; what has no other form as JSON. */
function textCell(value: unknown): CsvCell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  const texts = value.map((each: unknown) => textIn(each));
  return texts.includes(null) ? JSON.stringify(value) : texts.join('; ');
}

function textIn(value: unknown): string | null {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  const hasText = typeof value === 'object' && value !== null && 'text' in value;
  return hasText && typeof value.text === 'string' ? value.text : null;
}
