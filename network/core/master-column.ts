import {type Cell, type CellType, decimal, id, instant, whole} from './cell.ts';

/** In the order in which rows must exist: a table refers only to earlier ones and to itself. */
export const MASTER_TABLE_NAMES = [
  'party',
  'calendar',
  'contract',
  'contract_term',
  'site',
  'depot',
  'equipment_class',
  'class_signal',
  'component_class',
  'equipment_model',
  'part',
  'lot',
  'part_xref',
  'uom_conversion',
  'part_relation',
  'bom_position',
  'equipment',
  'installation',
  'service_area',
  'lane',
  'sourcing',
  'sourcing_express',
  'part_depot',
  'opening_stock',
  'supply_order',
  'demand_history',
] as const;
export type MasterTable = (typeof MASTER_TABLE_NAMES)[number];

/** One column of a master-data file. Without `otherwise` the cell must be filled. */
export interface Column {
  readonly type: CellType;
  /** What an empty cell means. */
  readonly otherwise?: Cell;
  /** `table.column` that must hold the same value. */
  readonly refersTo?: {readonly table: MasterTable; readonly column: string};
}

export interface TableSpec {
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, Column>>;
  /** Columns that start so are attributes with names of the user's choice. */
  readonly attributePrefix?: string;
}

export const must = (type: CellType): Column => ({type});
export const may = (type: CellType, otherwise: Cell = null): Column => ({type, otherwise});
export const ref = (table: MasterTable, column: string): Column => ({type: id, refersTo: {table, column}});
export const mayRef = (table: MasterTable, column: string): Column => ({
  ...ref(table, column),
  otherwise: null,
});

export const minor = whole({min: 0}, 'bigint');
export const validity = {valid_from: may(instant, '-infinity'), valid_to: may(instant, 'infinity')};
/** More is a wrong unit or a slipped digit, and nothing that a plan can reckon with. */
export const HOURS_MAX = 8760;
export const duties = {duty_rate: may(decimal({min: 0, max: 10}), 0), handling_minor: may(minor, 0)};
