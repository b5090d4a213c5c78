import path from 'node:path';
import {fileUnreadable} from '../../input-file.ts';
import {readDemandSet, readRows, type ItemHistory} from '../demand-set.ts';

/** A part whose stock is simulated; periods are those of its set. */
export interface StockItem {
  readonly item: string;
  readonly demand: readonly number[];
  readonly price: number;
  /** From order to shelf, in whole periods, rounded up; undefined where the set does not say. */
  readonly leadPeriods: number | undefined;
  /** Least pieces an order. */
  readonly minimum: number;
  /** What holding a piece for a year costs, in the money of the price; undefined where the set does not say. */
  readonly holdingPerYear: number | undefined;
  /** What stands in the books of its owner. */
  readonly incumbent: {readonly min: number; readonly max: number} | undefined;
}

export interface StockSet {
  readonly items: readonly StockItem[];
  readonly study: Study;
  /** Periods before the simulated ones: the last of the file, as many as the study simulated. */
  readonly trainingPeriods: number;
  readonly periods: number;
}

/** The published study: which set it is there, and what it simulated. */
interface Study {
  readonly name: string;
  /** Items that were left after its cleaning. */
  readonly items: number;
  /** The last 30 % of its periods. */
  readonly simulatedPeriods: number;
}

/** Fewer periods teach no forecast. */
const TRAINING_MIN = 10;
/** The study left out items with fewer periods of demand in its training part. */
const DEMANDS_MIN = 2;

interface Layout {
  readonly study: Study;
  readonly price: number;
  readonly attributesOf: (cells: readonly string[]) => Partial<StockItem>;
}

const DAYS_A_MONTH = 365.25 / 12;

export const STOCK_SETS = {
  raf: {
    study: {name: 'BRAF', items: 5000, simulatedPeriods: 25},
    price: 3,
    attributesOf: (cells) => ({leadPeriods: Math.ceil(Number(cells[2]))}),
  },
  auto: {study: {name: 'AUTO', items: 3000, simulatedPeriods: 7}, price: 1, attributesOf: () => ({})},
  man: {
    study: {name: 'MAN', items: 1392, simulatedPeriods: 45},
    price: 2,
    attributesOf: (cells) => ({
      leadPeriods: Number(cells[5]),
      minimum: Number(cells[6]),
      holdingPerYear: Number(cells[4]),
    }),
  },
  oil: {study: {name: 'OIL', items: 7644, simulatedPeriods: 17}, price: 1, attributesOf: () => ({})},
} as const satisfies Record<string, Layout>;

/** The source itself calls this month of `oil` unreliable, and the study leaves it out. */
const UNRELIABLE_MONTH = '1997-11';

/** @throws OperationalFault 'file-unreadable', naming file, line, column and what to do */
export function readStockSet(folder: string, set: keyof typeof STOCK_SETS): StockSet {
  const {study, price, attributesOf}: Layout = STOCK_SETS[set];
  const {items, periodNames} = readDemandSet(folder, set);
  const kept = periodNames.flatMap((name, at) => (set === 'oil' && name === UNRELIABLE_MONTH ? [] : [at]));
  const materials = set === 'oil' ? readMaterials(folder) : new Map<string, Material>();
  const trainingPeriods = kept.length - study.simulatedPeriods;
  if (trainingPeriods < TRAINING_MIN)
    throw fileUnreadable(
      `set ${set}: ${kept.length} periods leave ${trainingPeriods} before the ${study.simulatedPeriods} simulated ones, at least ${TRAINING_MIN} are needed; fetch the file again`,
    );
  const stocked = items.flatMap((history): StockItem[] => {
    const material = materials.get(history.item);
    const demand = kept.map((at) => Math.min(history.demand[at]!, material?.installed ?? Infinity));
    const demands = demand.slice(0, trainingPeriods).filter((pieces) => pieces > 0).length;
    if (demands < DEMANDS_MIN) return [];
    const item: StockItem = {
      item: history.item,
      demand,
      price: priceOf(history, price),
      leadPeriods: material?.leadPeriods,
      minimum: 0,
      holdingPerYear: undefined,
      incumbent: material?.incumbent,
    };
    return [{...item, ...attributesOf(history.attributes)}];
  });
  return {items: stocked, study, trainingPeriods, periods: kept.length};
}

function priceOf({item, attributes}: ItemHistory, column: number): number {
  const price = Number(attributes[column]);
  if (attributes[column]?.trim() === '' || !(price >= 0))
    throw fileUnreadable(
      `item ${item}: '${attributes[column] ?? ''}' is no price; correct it, or fetch the file again`,
    );
  return price;
}

interface Material {
  readonly leadPeriods: number;
  readonly incumbent: {readonly min: number; readonly max: number};
  /** Pieces installed in all equipment: no month can use more. Undefined where the books do not say. */
  readonly installed: number | undefined;
}

function readMaterials(folder: string): Map<string, Material> {
  const [, ...rows] = readRows(path.join(folder, 'oil_materials_1b.csv.gz'));
  return new Map(
    rows.map((cells) => {
      const [item = '', days, min, max] = cells;
      const installed = cells[9]?.trim() ?? '';
      return [
        item,
        {
          leadPeriods: Math.ceil(Number(days) / DAYS_A_MONTH),
          incumbent: {min: Number(min), max: Number(max)},
          installed: installed === '' ? undefined : Number(installed),
        },
      ];
    }),
  );
}
