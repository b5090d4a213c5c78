import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import path from 'node:path';
import {parse} from 'csv-parse/sync';
import {messageOf} from '../../domain/fault.ts';
import {fileUnreadable} from '../input-file.ts';

/** How the file of a set is laid out: attributes of the item first, then one column for each period, oldest first. */
interface SetLayout {
  readonly file: string;
  readonly attributeColumns: number;
  /** What an empty cell says. */
  readonly blank: 'no demand' | 'not recorded';
}

export const DEMAND_SETS = {
  raf: {file: 'raf.csv.gz', attributeColumns: 4, blank: 'not recorded'},
  auto: {file: 'auto.csv.gz', attributeColumns: 2, blank: 'not recorded'},
  man: {file: 'man.csv.gz', attributeColumns: 7, blank: 'not recorded'},
  oil: {file: 'oil_consumption.csv.gz', attributeColumns: 2, blank: 'no demand'},
  carparts: {file: 'carparts.csv.gz', attributeColumns: 1, blank: 'not recorded'},
} as const satisfies Record<string, SetLayout>;

export interface ItemHistory {
  readonly item: string;
  /** The cells before the periods, as they stand in the file; the first is the item. */
  readonly attributes: readonly string[];
  /** Pieces asked for in each recorded period, oldest first; a return is no demand and counts 0. */
  readonly demand: readonly number[];
}

export interface DemandSet {
  readonly items: readonly ItemHistory[];
  /** Names of the period columns, oldest first. */
  readonly periodNames: readonly string[];
  /** Periods of an item without a gap. */
  readonly periods: number;
}

/** Fewer periods leave none to learn on beside those held out. */
const PERIODS_MIN = 18;

/** @throws OperationalFault 'file-unreadable', naming file, line, column and what to do */
export function readDemandSet(folder: string, set: keyof typeof DEMAND_SETS): DemandSet {
  const {file, attributeColumns, blank}: SetLayout = DEMAND_SETS[set];
  const name = path.join(folder, file);
  const [header, ...rows] = readRows(name);
  const periods = (header?.length ?? 0) - attributeColumns;
  if (periods < PERIODS_MIN)
    throw fileUnreadable(
      `${name}, line 1: ${Math.max(0, periods)} period columns after ${attributeColumns} of attributes, at least ${PERIODS_MIN} are needed; fetch the file again`,
    );
  if (rows.length === 0)
    throw fileUnreadable(`${name}, line 2: no item follows the header; fetch the file again`);
  const items = rows.map((cells, index): ItemHistory => {
    const demand: number[] = [];
    for (let column = attributeColumns; column < cells.length; column += 1) {
      const text = cells[column]!.trim();
      if (text === '' && blank === 'not recorded') continue;
      const pieces = Number(text);
      if (!Number.isFinite(pieces))
        throw fileUnreadable(
          `${name}, line ${index + 2}, column ${header![column]!}: "${text}" is no quantity; correct it, or fetch the file again`,
        );
      demand.push(Math.max(0, pieces));
    }
    return {item: cells[0]!, attributes: cells.slice(0, attributeColumns), demand};
  });
  return {items, periodNames: header!.slice(attributeColumns), periods};
}

/** Rows of cells of a gzipped CSV. @throws OperationalFault 'file-unreadable' */
export function readRows(name: string): string[][] {
  try {
    return parse(gunzipSync(readFileSync(name)), {bom: true});
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw fileUnreadable(
      missing
        ? `${name} is not there; --dir names the folder of the spareparts set`
        : `${name}: ${messageOf(cause)}; correct the file, or fetch it again`,
      cause,
    );
  }
}
