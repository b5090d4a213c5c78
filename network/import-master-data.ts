import {partitionOf} from '../domain/partition.ts';
import type {EpochMs} from '../domain/time.ts';
import {cellText} from './core/cell.ts';
import {checkFolder} from './core/check-folder.ts';
import type {MasterFolder, MasterRow, RawFolder} from './core/master-data.ts';
import {readFolder} from './core/master-data.ts';
import {MASTER_TABLE_NAMES, type MasterTable} from './core/master-tables.ts';
import type {Mistake} from './core/mistake.ts';
import type {PositionFact} from './core/position-timeline.ts';
import type {PositionRef} from './core/position-change.ts';
import type {NetworkBooks, NetworkPorts} from './ports.ts';
import {settlePositions} from './settle.ts';

/** From so many rows on, an import changes what the database's statistics say of the tables. */
const STATISTICS_FROM_ROWS = 1000;

export type ImportOutcome =
  | {
      readonly ok: true;
      /** Rows read, by table. */
      readonly rows: Readonly<Record<MasterTable, number>>;
      /** Rows of opening_stock left alone: their part has moved at that depot before; a difference is a count. */
      readonly stockKept: number;
    }
  | {readonly ok: false; readonly mistakes: readonly Mistake[]};

/**
 * Imports a whole folder in one transaction, or changes nothing and says everything that is wrong with it.
 * Master data is inserted or updated; installations, opening stock, orders and demand are facts: new ones are added, known
 * ones stay as history has made them. Importing the same folder again changes nothing.
 */
export async function importMasterData(
  ports: NetworkPorts,
  raw: RawFolder,
  {actor, unreadable = []}: {readonly actor: string; readonly unreadable?: readonly Mistake[]},
): Promise<ImportOutcome> {
  return ports.transaction((books) => importInto(ports, books, raw, {actor, unreadable}));
}

/** What an import would say; writes nothing. */
export async function checkMasterData(
  ports: NetworkPorts,
  raw: RawFolder,
  {unreadable = []}: {readonly unreadable?: readonly Mistake[]} = {},
): Promise<ImportOutcome> {
  return ports.transaction(async (books) => {
    const existing = await books.readMaster(readFolder(raw).folder);
    const {folder, mistakes} = checkFolder(raw, existing);
    if (mistakes.length + unreadable.length > 0) return {ok: false, mistakes: [...unreadable, ...mistakes]};
    return {ok: true, rows: rowsOf(folder), stockKept: await stockKept(books, folder)};
  });
}

/** The import on open books. A refusal has written nothing. */
export async function importInto(
  ports: NetworkPorts,
  books: NetworkBooks,
  raw: RawFolder,
  {actor, unreadable}: {readonly actor: string; readonly unreadable: readonly Mistake[]},
): Promise<ImportOutcome> {
  const existing = await books.readMaster(readFolder(raw).folder);
  const {folder, mistakes} = checkFolder(raw, existing);
  if (mistakes.length + unreadable.length > 0) return {ok: false, mistakes: [...unreadable, ...mistakes]};
  const now = ports.worldClock.now();
  await books.writeMaster(folder, (equipmentId) => partitionOf(equipmentId, ports.partitions));
  await importInstallations(ports, books, folder.installation);
  const stockKept = await importStock(ports, books, folder, now);
  await importOrders(ports, books, folder.supply_order, now);
  await books.addDemand(folder.demand_history, (source, key) => ports.causeId('demand', source, key));
  const rows = rowsOf(folder);
  if (Object.values(rows).reduce((sum, count) => sum + count, 0) >= STATISTICS_FROM_ROWS)
    await books.refreshStatistics();
  await signalAll(ports, books, now);
  await books.audit({
    worldAt: now,
    actor,
    action: 'import-master-data',
    subject: 'network',
    body: {rows, stockKept},
  });
  return {ok: true, rows, stockKept};
}

function rowsOf(folder: MasterFolder): Record<MasterTable, number> {
  return Object.fromEntries(MASTER_TABLE_NAMES.map((name) => [name, folder[name].length])) as Record<
    MasterTable,
    number
  >;
}

/** Where a stock row goes, and of which part. */
function placesOf(folder: MasterFolder): {readonly loc: string; readonly partId: string}[] {
  return folder.opening_stock.map((row) => ({
    loc: `depot:${textOf(row, 'depot_id')}`,
    partId: textOf(row, 'part_id'),
  }));
}

async function stockKept(books: NetworkBooks, folder: MasterFolder): Promise<number> {
  const places = placesOf(folder);
  const fresh = await books.neverMoved(places);
  return places.filter(({loc, partId}) => !fresh.has(`${loc} ${partId}`)).length;
}

const textOf = (row: MasterRow, column: string): string => cellText(row.cells[column]);

async function importInstallations(
  ports: NetworkPorts,
  books: NetworkBooks,
  rows: readonly MasterRow[],
): Promise<void> {
  const numbers = await books.equipmentNos([...new Set(rows.map((row) => textOf(row, 'equipment_id')))]);
  const facts = rows.flatMap((row): (PositionRef & PositionFact)[] => {
    const equipmentId = textOf(row, 'equipment_id');
    const positionId = textOf(row, 'position_id');
    const at = parseInstant(textOf(row, 'installed_at'));
    const seat = {equipmentNo: numbers.get(equipmentId)!, positionId};
    const key = `import:${equipmentId}:${positionId}:${textOf(row, 'installed_at')}`;
    const serial = textOf(row, 'component_id');
    const installed = {...seat, key, at, type: 'installed', serial, partId: null, cause: null} as const;
    if (row.cells['removed_at'] === null) return [installed];
    const cause = (row.cells['removal_cause'] ?? 'planned') as 'failure' | 'planned' | 'swap';
    const removedAt = parseInstant(textOf(row, 'removed_at'));
    return [
      installed,
      {...installed, key: `${key}:removed`, at: removedAt, type: 'removed', serial: null, cause},
    ];
  });
  await settlePositions(ports, books, await books.recordFacts(facts));
}

/** Cells of an instant have passed the schema: ISO 8601 in UTC. */
function parseInstant(iso: string): EpochMs {
  return Date.parse(iso) as EpochMs;
}

async function importStock(
  ports: NetworkPorts,
  books: NetworkBooks,
  folder: MasterFolder,
  now: EpochMs,
): Promise<number> {
  const rows = folder.opening_stock;
  const places = placesOf(folder);
  const fresh = await books.neverMoved(places);
  let kept = 0;
  for (const [index, row] of rows.entries()) {
    const {loc, partId} = places[index]!;
    if (!fresh.has(`${loc} ${partId}`)) {
      kept += 1;
      continue;
    }
    const sourceKey = ['depot_id', 'part_id', 'owner_party_id', 'condition', 'lot']
      .map((column) => textOf(row, column))
      .join('|');
    await books.post({
      movementId: ports.causeId('movement', 'opening', sourceKey),
      source: 'opening',
      sourceKey,
      partId,
      lot: textOf(row, 'lot'),
      serial: '',
      ownerPartyId: textOf(row, 'owner_party_id'),
      condition: textOf(row, 'condition'),
      fromLoc: 'adjustment:opening',
      loc,
      qty: Number(row.cells['qty']),
      worldAt: now,
    });
  }
  return kept;
}

/** Pieces that had shipped and not arrived are in transit again. */
async function importOrders(
  ports: NetworkPorts,
  books: NetworkBooks,
  rows: readonly MasterRow[],
  now: EpochMs,
): Promise<void> {
  await books.addOrders(rows);
  for (const row of rows) {
    const qty = Number(row.cells['shipped_qty']) - Number(row.cells['received_qty']);
    if (qty === 0) continue;
    const orderId = textOf(row, 'order_id');
    await books.post({
      movementId: ports.causeId('movement', 'opening', orderId),
      source: 'opening',
      sourceKey: `transit:${orderId}`,
      partId: textOf(row, 'part_id'),
      lot: '',
      serial: '',
      ownerPartyId: textOf(row, 'owner_party_id'),
      condition: 'new',
      fromLoc: 'adjustment:opening',
      loc: `transit:${orderId}`,
      qty,
      worldAt: now,
    });
  }
}

/** Master data can touch any group: all look again once. */
async function signalAll(ports: NetworkPorts, books: NetworkBooks, now: EpochMs): Promise<void> {
  const causeRef = String(now);
  await books.raiseSignals(
    (await books.allGroups()).map((groupId) => ({
      signalId: ports.causeId('signal', 'import', causeRef, groupId),
      groupId,
      causeKind: 'import',
      causeRef,
      worldAt: now,
    })),
  );
}
