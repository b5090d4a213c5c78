import {AGREEMENT_TABLES} from './agreement-tables.ts';
import {EQUIPMENT_TABLES} from './equipment-tables.ts';
import {LEDGER_TABLES} from './ledger-tables.ts';
import type {MasterTable, TableSpec} from './master-column.ts';
import {PART_TABLES} from './part-tables.ts';
import {SUPPLY_TABLES} from './supply-tables.ts';

export {MASTER_TABLE_NAMES} from './master-column.ts';
export type {MasterTable, TableSpec} from './master-column.ts';

/** One CSV file a table; file name = table name + '.csv'. Limits are those of the schema, said before it has to. */
export const MASTER_TABLES: Readonly<Record<MasterTable, TableSpec>> = {
  ...AGREEMENT_TABLES,
  ...SUPPLY_TABLES,
  ...EQUIPMENT_TABLES,
  ...PART_TABLES,
  ...LEDGER_TABLES,
};
