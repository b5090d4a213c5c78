import type {Message} from '../../../domain/reading.ts';
import {DAY_MS, epochMs} from '../../../domain/time.ts';
import type {EpochMs} from '../../../domain/time.ts';
import {pgStoreDatabase} from '../../../ingest/store/pg-database.ts';
import {SequenceLog} from '../../../ingest/store/sequence-log.ts';
import {SignalSets} from '../../../ingest/store/signal-sets.ts';
import {storeBatch} from '../../../ingest/store/store-batch.ts';
import type {StoreOutcome} from '../../../ingest/store/store-batch.ts';
import {storeUpkeep} from '../../../ingest/store/upkeep.ts';
import {silentLogger} from '../../../platform/log.ts';
import {Maintenance} from '../../../platform/maintenance.ts';
import type {MaintenanceReport} from '../../../platform/maintenance.ts';
import type {Pool} from '../../../platform/pg.ts';

/** 2026-01-05T10:00:00Z, a Monday: a week's partition begins with it. */
export const NOW = epochMs(Date.UTC(2026, 0, 5, 10));
export const daysAgo = (days: number): EpochMs => epochMs(NOW - days * DAY_MS);

/** The only store process of a database: everything goes into partition 2. */
export function openStore(pool: Pool): (...messages: readonly Message[]) => Promise<StoreOutcome> {
  const store = {
    database: pgStoreDatabase(pool),
    signalSets: new SignalSets(pgStoreDatabase(pool)),
    sequences: new SequenceLog(),
    weeks: new Set<number>(),
  };
  return (...messages) =>
    storeBatch(
      store,
      messages.map((message) => ({message, partitionNo: 2})),
      NOW,
    );
}

export const KEPT = {
  keepReadingsDays: 90,
  keepEventsDays: 400,
  keepDeadLettersDays: 60,
  compressAfterDays: 35,
};

/** The store's nightly round, as a process makes it. */
export function storeMaintenance(pool: Pool): Maintenance {
  return new Maintenance(pool, {stage: 'store', upkeeps: storeUpkeep(pool, KEPT), log: silentLogger()});
}

/** What the row says of the last round. */
export async function lastRound(pool: Pool): Promise<MaintenanceReport & {readonly dueAt: number}> {
  const {rows} = await pool.query<{due_at: number; payload: MaintenanceReport}>(
    `SELECT due_at, payload FROM platform.world_timer WHERE kind = 'maintenance' AND key = 'store'`,
  );
  return {...rows[0]!.payload, dueAt: rows[0]!.due_at};
}
