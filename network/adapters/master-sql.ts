import type {Cell} from '../core/cell.ts';
import {MASTER_TABLES, type MasterTable} from '../core/master-tables.ts';

/** Tables whose rows are facts: added by their own writers, never overwritten by an import. */
export const FACT_TABLES = ['installation', 'opening_stock', 'supply_order', 'demand_history'] as const;

const ATTRIBUTES = {attributes: 'jsonb'};
const EQUIPMENT_NO = `(SELECT equipment_no FROM network.equipment e WHERE e.equipment_id = x.equipment_id)`;

function sqlTypes(table: MasterTable): Record<string, string> {
  const types = Object.fromEntries(
    Object.entries(MASTER_TABLES[table].columns).map(([name, {type}]) => [name, type.sql]),
  );
  return table === 'equipment' ? {...types, ...ATTRIBUTES, partition_no: 'int'} : types;
}

/** Where a file's column is another in the database: its name there and the expression that makes it. */
const TRANSLATED: Partial<
  Record<MasterTable, {readonly drop: readonly string[]; readonly add: Readonly<Record<string, string>>}>
> = {
  contract: {drop: ['valid_from', 'valid_to'], add: {valid: 'tstzrange(x.valid_from, x.valid_to)'}},
  service_area: {drop: ['equipment_id'], add: {equipment_no: EQUIPMENT_NO}},
};

/** A partition is for good: an import never moves an equipment to another. */
const KEPT: Partial<Record<MasterTable, readonly string[]>> = {equipment: ['partition_no']};

/** Tables that another folder writes take their rows, one JSON array, through its functions (decision 0011). */
const PUT: Partial<Record<MasterTable, string>> = {
  calendar: 'SELECT partners.put_calendars($1::jsonb)',
  contract_term: 'SELECT partners.put_contract_terms($1::jsonb)',
};

/** Upserts rows given as one JSON array: one statement and one parameter, whatever the table. */
export function upsertSql(table: MasterTable): string {
  const put = PUT[table];
  if (put !== undefined) return put;
  const types = sqlTypes(table);
  const translated = TRANSLATED[table] ?? {drop: [], add: {}};
  const plain = Object.keys(types).filter((column) => !translated.drop.includes(column));
  const target = [...plain, ...Object.keys(translated.add)];
  const key = MASTER_TABLES[table].key.map((column) =>
    translated.drop.includes(column) ? 'equipment_no' : column,
  );
  const updated = target.filter((column) => !key.includes(column) && !(KEPT[table] ?? []).includes(column));
  const values = [...plain.map((column) => `x.${column}`), ...Object.values(translated.add)];
  const action =
    updated.length === 0
      ? 'NOTHING'
      : `UPDATE SET ${updated.map((column) => `${column} = excluded.${column}`).join(', ')}`;
  return `INSERT INTO network.${table} (${target.join(', ')}) SELECT ${values.join(', ')} FROM ${recordset(types)}
    ON CONFLICT (${key.join(', ')}) DO ${action}`;
}

/** `$1`, a JSON array of objects, as rows `x`. */
export function recordset(types: Readonly<Record<string, string>>): string {
  const columns = Object.entries(types).map(([name, type]) => `${name} ${type}`);
  return `jsonb_to_recordset($1::jsonb) AS x(${columns.join(', ')})`;
}

export function recordsetOf(table: MasterTable): string {
  return recordset(sqlTypes(table));
}

/** How a table reads back as the columns of its file. */
const SOURCES: Partial<Record<MasterTable, string>> = {
  calendar: 'partners.calendar t',
  contract_term: `(SELECT *, lower(effective) AS valid_from, upper(effective) AS valid_to FROM partners.contract_term) t`,
  contract: `(SELECT *, lower(valid) AS valid_from, upper(valid) AS valid_to FROM network.contract) t`,
  service_area: `(SELECT e.equipment_id, s.* FROM network.service_area s JOIN network.equipment e USING (equipment_no)) t`,
  installation: `(SELECT e.equipment_id, i.position_id, i.installed_at, i.removed_at, i.removal_cause, i.component_id, c.class_id, c.part_id,
      c.lot, c.inferred FROM network.installation i JOIN network.equipment e USING (equipment_no) JOIN network.component c USING (component_id)) t`,
  opening_stock: `(SELECT substr(loc, 7) AS depot_id, part_id, owner_party_id, condition, lot, qty FROM network.stock_balance
      WHERE loc LIKE 'depot:%' AND qty > 0) t`,
  demand_history: `(SELECT d.*, e.equipment_id FROM network.demand_line d LEFT JOIN network.equipment e USING (equipment_no)) t`,
};

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

/** One column as the text of its cell; empty where it says what an empty cell says. */
function cellSql(name: string, sql: string, otherwise: Cell | undefined): string {
  switch (sql) {
    case 'timestamptz':
      return `CASE WHEN isfinite(t.${name}) THEN to_char(t.${name} AT TIME ZONE 'UTC', ${ISO}) ELSE '' END`;
    case 'text[]':
      return `array_to_string(t.${name}, '|')`;
    case 'jsonb':
      return otherwise === undefined ? `t.${name}::text` : `coalesce(nullif(t.${name}::text, '{}'), '')`;
    default:
      return `coalesce(t.${name}::text, '')`;
  }
}

/** Every row of a table as text cells under its file's column names, in key order. */
export function selectCellsSql(table: MasterTable, where = ''): string {
  const {columns, key} = MASTER_TABLES[table];
  const cells = Object.entries(columns).map(
    ([name, {type, otherwise}]) => `${cellSql(name, type.sql, otherwise)} AS "${name}"`,
  );
  if (table === 'equipment') cells.push('t.attributes AS "attributes"');
  const order = key.map((column) =>
    columns[column]!.type.sql === 'text' ? `t.${column}::text COLLATE "C"` : `t.${column}`,
  );
  return `SELECT ${cells.join(', ')} FROM ${SOURCES[table] ?? `network.${table} t`} ${where} ORDER BY ${order.join(', ')}`;
}
