import {TermScope} from '../../domain/contract-term.ts';
import type {Queryable} from '../../platform/pg.ts';
import {type Cell, cellText} from '../core/cell.ts';
import {
  type MasterFolder,
  type MasterRow,
  type RawFolder,
  type RawTable,
  readFolder,
} from '../core/master-data.ts';
import {MASTER_TABLE_NAMES, MASTER_TABLES, type MasterTable} from '../core/master-tables.ts';
import type {MasterBooks} from '../ports.ts';
import {FACT_TABLES, recordset, recordsetOf, selectCellsSql, upsertSql} from './master-sql.ts';

/** Rows of one statement: bounds the JSON that one parameter holds. */
const ROWS_MAX = 5000;

async function inChunks<T>(
  rows: readonly T[],
  work: (chunk: readonly T[]) => Promise<number>,
): Promise<number> {
  let sum = 0;
  for (let from = 0; from < rows.length; from += ROWS_MAX)
    sum += await work(rows.slice(from, from + ROWS_MAX));
  return sum;
}

export function masterBooks(db: Queryable): MasterBooks {
  const run = async (sql: string, rows: readonly unknown[]): Promise<number> =>
    inChunks(rows, async (chunk) => (await db.query(sql, [JSON.stringify(chunk)])).rowCount ?? 0);
  return {
    readMaster: (folder) => readMaster(db, folder),
    async writeMaster(folder, partitionOf) {
      const groups = [...new Set(folder.part.map(({cells}) => cells['group_id']))];
      await db.query(
        'INSERT INTO network.planning_group (group_id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING',
        [groups],
      );
      for (const table of MASTER_TABLE_NAMES) {
        if ((FACT_TABLES as readonly string[]).includes(table)) continue;
        const rows = table === 'depot' ? parentsFirst(folder.depot) : folder[table];
        const cells = rows.map((row) =>
          table === 'equipment'
            ? {...row.cells, partition_no: partitionOf(cellText(row.cells['equipment_id']))}
            : row.cells,
        );
        await run(upsertSql(table), cells);
        if (table === 'equipment')
          await run(
            INSERT_COMPONENTS,
            folder.installation.map((row) => row.cells),
          );
      }
    },
    async refreshStatistics() {
      await db.query('SELECT network.refresh_statistics()');
    },
    async equipmentNos(equipmentIds) {
      const {rows} = await db.query<{equipment_id: string; equipment_no: number}>(
        'SELECT equipment_id, equipment_no FROM network.equipment WHERE equipment_id = ANY($1::text[])',
        [equipmentIds],
      );
      return new Map(rows.map((row) => [row.equipment_id, row.equipment_no]));
    },
    async neverMoved(places) {
      const {rows} = await db.query<{place: string}>(
        `SELECT DISTINCT p.loc || ' ' || p.part_id AS place FROM unnest($1::text[], $2::text[]) AS p(loc, part_id)
          WHERE NOT EXISTS (SELECT 1 FROM network.stock_balance b WHERE b.loc = p.loc AND b.part_id = p.part_id)`,
        [places.map(({loc}) => loc), places.map(({partId}) => partId)],
      );
      return new Set(rows.map(({place}) => place));
    },
    addOrders: (rows) =>
      run(
        INSERT_ORDERS,
        rows.map(({cells}) => cells),
      ),
    addDemand: (rows, idOf) =>
      run(
        INSERT_DEMAND,
        rows.map(({cells}) => ({
          ...cells,
          demand_id: idOf(cellText(cells['source']), cellText(cells['source_key'])),
        })),
      ),
    async allGroups() {
      const {rows} = await db.query<{group_id: string}>(
        'SELECT group_id FROM network.planning_group ORDER BY group_id',
      );
      return rows.map((row) => row.group_id);
    },
  };
}

const INSERT_COMPONENTS = `INSERT INTO network.component (component_id, class_id, part_id, lot, inferred)
  SELECT DISTINCT ON (component_id) component_id, class_id, part_id, lot, inferred FROM ${recordsetOf('installation')} ON CONFLICT DO NOTHING`;

const INSERT_ORDERS = (() => {
  const columns = Object.keys(MASTER_TABLES.supply_order.columns);
  const values = columns.map((column) => (column === 'order_id' ? 'x.order_id::uuid' : `x.${column}`));
  return `WITH fresh AS (
    INSERT INTO network.supply_order (${columns.join(', ')}) SELECT ${values.join(', ')} FROM ${recordsetOf('supply_order')}
    ON CONFLICT DO NOTHING RETURNING order_id, qty, state, ordered_at)
  INSERT INTO network.supply_order_event (order_id, event_no, source, source_key, type, qty, world_at)
  SELECT order_id, 1, 'import', 'order:' || order_id, state, qty, ordered_at FROM fresh`;
})();

/** Where the file leaves out how a line went: with an instant of filling it is filled whole, without it is open. */
const INSERT_DEMAND = `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, equipment_no, customer_party_id, tier, qty,
    filled_qty, requested_at, needed_at, promised_at, filled_at, cancelled_at, state, cause, predicted)
  SELECT x.demand_id, x.source, x.source_key, x.part_id, x.depot_id, e.equipment_no, coalesce(x.customer_party_id, e.customer_party_id), x.tier, x.qty,
    coalesce(x.filled_qty, CASE WHEN x.filled_at IS NULL THEN 0 ELSE x.qty END), x.requested_at, coalesce(x.needed_at, x.requested_at),
    x.promised_at, x.filled_at, x.cancelled_at, coalesce(x.state, CASE WHEN x.cancelled_at IS NOT NULL THEN 'cancelled' WHEN x.filled_at IS NULL THEN 'open' ELSE 'filled' END), x.cause, x.predicted
  FROM ${recordset({
    demand_id: 'uuid',
    ...Object.fromEntries(
      Object.entries(MASTER_TABLES.demand_history.columns).map(([name, {type}]) => [name, type.sql]),
    ),
  })} LEFT JOIN network.equipment e ON e.equipment_id = x.equipment_id
  ON CONFLICT (source, source_key) DO NOTHING`;

/** A statement checks its foreign keys at its end, but chunks are statements: parents go first. */
function parentsFirst(rows: readonly MasterRow[]): MasterRow[] {
  const isRoot = ({cells}: MasterRow): boolean => cells['parent_depot_id'] === null;
  return [...rows.filter(isRoot), ...rows.filter((row) => !isRoot(row))];
}

/** Only what the folder can clash with: of large tables just the rows of the equipment that the folder names. */
async function readMaster(db: Queryable, folder: MasterFolder): Promise<MasterFolder> {
  const named = new Set<Cell>();
  for (const table of ['equipment', 'installation', 'service_area', 'demand_history'] as const) {
    for (const {cells} of folder[table]) named.add(cells['equipment_id'] ?? null);
  }
  for (const {cells} of folder.contract_term) {
    const scope = TermScope.safeParse(cells['scope']);
    for (const equipmentId of scope.data?.equipmentIds ?? []) named.add(equipmentId);
  }
  const components = folder.installation.map(({cells}) => cells['component_id']);
  const raw: Record<string, RawTable> = {};
  for (const table of MASTER_TABLE_NAMES) {
    if (table === 'opening_stock' || table === 'supply_order' || table === 'demand_history') continue;
    raw[table] =
      table === 'installation'
        ? await readCells(
            db,
            table,
            'WHERE t.equipment_id = ANY($1::text[]) OR t.component_id = ANY($2::text[])',
            [[...named], components],
          )
        : table === 'equipment' || table === 'service_area'
          ? await readCells(db, table, 'WHERE t.equipment_id = ANY($1::text[])', [[...named]])
          : await readCells(db, table);
  }
  return readFolder(raw).folder;
}

/** A table as its file would hold it, `line` 0 for every row: these rows stand in the database. */
async function readCells(
  db: Queryable,
  table: MasterTable,
  where = '',
  values: readonly unknown[] = [],
): Promise<RawTable> {
  const {rows} = await db.query<Record<string, string | Record<string, string | number>>>(
    selectCellsSql(table, where),
    [...values],
  );
  const prefix = MASTER_TABLES[table].attributePrefix;
  const names = new Set<string>();
  const cells = rows.map((row) => {
    if (prefix === undefined) return row as Record<string, string>;
    const {attributes, ...plain} = row as Record<string, string> & {
      attributes: Record<string, string | number>;
    };
    for (const [name, value] of Object.entries(attributes)) {
      names.add(prefix + name);
      plain[prefix + name] = String(value);
    }
    return plain;
  });
  const columns = [...Object.keys(MASTER_TABLES[table].columns), ...[...names].sort()];
  return {columns, rows: cells.map((row) => ({line: 0, cells: row}))};
}

/** The whole state that a folder can carry: re-imported into an empty database it exports to the same bytes. */
export async function exportFolder(db: Queryable): Promise<RawFolder> {
  const folder: Record<string, RawTable> = {};
  for (const table of MASTER_TABLE_NAMES) folder[table] = await readCells(db, table);
  return folder;
}
