import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {parse} from 'csv-parse/sync';
import {DAY_MS} from '../../domain/time.ts';
import {messageOf} from '../../domain/fault.ts';
import {fileUnreadable} from '../input-file.ts';

/** The columns read; all others are left alone, above all those only known after the delivery. */
const COLUMNS = {
  id: 'ID',
  country: 'Country',
  via: 'Fulfill Via',
  mode: 'Shipment Mode',
  vendor: 'Vendor',
  scheduled: 'Scheduled Delivery Date',
} as const;
/** Of a line still to be forecast it is empty, or the file does without. */
const DELIVERED = 'Delivered to Client Date';
/** The programme of a country that the line is for; a file may do without. */
const PROGRAMME = 'Project Code';

/** A line of an order: what is known of it before it is delivered, and when it was. Days are whole ones since 1970. */
export interface DeliveryLine {
  readonly id: string;
  /** Way it is fulfilled and means of transport: 'Direct Drop · Air'. */
  readonly route: string;
  readonly vendor: string;
  readonly country: string;
  readonly programme: string | undefined;
  readonly scheduledDay: number;
  readonly deliveredDay: number | undefined;
}
export type DeliveredLine = DeliveryLine & {readonly deliveredDay: number};

export function isDelivered(line: DeliveryLine): line is DeliveredLine {
  return line.deliveredDay !== undefined;
}

/** The lines of a file that came, at least one. */
export function readDelivered(file: string): DeliveredLine[] {
  const delivered = readDeliveryLines(file).filter(isDelivered);
  if (delivered.length === 0) throw fileUnreadable(`${file}: no line has a '${DELIVERED}'`);
  return delivered;
}

/** @throws OperationalFault 'file-unreadable', naming every line that cannot be read, as far as it stays readable */
export function readDeliveryLines(file: string): DeliveryLine[] {
  const rows = readRows(file);
  const first = rows[0]?.record ?? {};
  const missing = Object.values(COLUMNS).filter((column) => first[column] === undefined);
  if (missing.length > 0)
    throw fileUnreadable(`${file}: column ${missing.map((name) => `'${name}'`).join(', ')} is missing`);
  const mistakes: string[] = [];
  const lineOf = new Map<string, number>();
  const lines = rows.map(({record, info}) => {
    const wrong = (what: string): void => void mistakes.push(`${file} line ${info.lines}: ${what}`);
    const line = parsed(record, wrong);
    const before = lineOf.get(line.id);
    if (before !== undefined) wrong(`${COLUMNS.id} '${line.id}' stands in line ${before} already`);
    lineOf.set(line.id, info.lines);
    return line;
  });
  if (mistakes.length > 0) throw fileUnreadable(listed(mistakes));
  return lines;
}

function parsed(record: Record<string, string>, wrong: (what: string) => void): DeliveryLine {
  const text = (column: string): string => {
    const found = record[column]!.trim();
    if (found === '') wrong(`${column} is empty`);
    return found;
  };
  const day = (column: string): number => {
    const found = dayOf(record[column]!.trim());
    if (found === undefined) wrong(`${column} '${record[column]!}' is no date such as 02-Jun-06`);
    return found ?? NaN;
  };
  return {
    id: text(COLUMNS.id),
    route: `${text(COLUMNS.via)} · ${text(COLUMNS.mode)}`,
    vendor: text(COLUMNS.vendor),
    country: text(COLUMNS.country),
    programme: record[PROGRAMME]?.trim(),
    scheduledDay: day(COLUMNS.scheduled),
    deliveredDay: (record[DELIVERED] ?? '').trim() === '' ? undefined : day(DELIVERED),
  };
}

interface Row {
  readonly record: Record<string, string>;
  /** `lines`: where it ends in the file. */
  readonly info: {readonly lines: number};
}

function readRows(file: string): Row[] {
  try {
    const raw = readFileSync(file);
    const text = file.endsWith('.gz') ? gunzipSync(raw) : raw;
    return parse(text, {columns: true, bom: true, skip_empty_lines: true, info: true}) as unknown as Row[];
  } catch (error) {
    throw fileUnreadable(
      `${file}: cannot be read as CSV: ${messageOf(error)}; name a CSV file of deliveries, plain or .gz`,
      error,
    );
  }
}

/** More of them would scroll the first ones away. */
const MISTAKES_MAX = 20;

function listed(mistakes: readonly string[]): string {
  const more = mistakes.length - MISTAKES_MAX;
  return [...mistakes.slice(0, MISTAKES_MAX), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Whole days since 1970 of a date such as 02-Jun-06; undefined also of one that no calendar has, such as 31-Feb-06. */
function dayOf(text: string): number | undefined {
  const [, day, name, year] = /^(\d{1,2})-([A-Za-z]{3})-(\d{2})$/.exec(text) ?? [];
  const month = MONTHS.indexOf((name ?? '').toLowerCase());
  if (month < 0) return undefined;
  const at = new Date(Date.UTC(2000 + Number(year), month, Number(day)));
  return at.getUTCMonth() === month && at.getUTCDate() === Number(day) ? at.getTime() / DAY_MS : undefined;
}
