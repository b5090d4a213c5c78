/** One row of a master-data file: column → value. Empty text means "not given", lists are joined with '|', instants are ISO UTC. */
export type MasterRow = Record<string, string | number | boolean>;

/** Rows by table; one CSV file each, named table + '.csv'. */
export type MasterData = Record<string, MasterRow[]>;

/** A table that must be there. */
export function rowsOf(data: MasterData, table: string): readonly MasterRow[] {
  const rows = data[table];
  if (!rows) throw new RangeError(`master data: no table ${table}; make it with referenceNetwork()`);
  return rows;
}

/** RFC 4180 text of one table, header first. Example: [{id: 'A', name: 'x,y'}] → 'id,name\nA,"x,y"\n'. */
export function toCsv(rows: readonly MasterRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => columns.map((column) => quoted(String(row[column] ?? ''))).join(','));
  return [columns.join(','), ...lines, ''].join('\n');
}

function quoted(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
