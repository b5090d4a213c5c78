import {partitionOf} from '../../domain/partition.ts';
import type {Message} from '../../domain/reading.ts';
import {toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {EquipmentId} from '../../domain/ids.ts';
import type {Pool} from '../../platform/pg.ts';
import {contentHash} from '../core/content-hash.ts';
import {canonicalContent, identityText} from '../core/identity.ts';
import type {Content} from '../core/identity.ts';
import {sha256Key} from '../message-key.ts';
import {pgStoreDatabase} from './pg-database.ts';
import {SequenceLog} from './sequence-log.ts';
import {SignalSets} from './signal-sets.ts';
import {storeBatch} from './store-batch.ts';

/** One aggregated reading, or an event, of the time before the equipment was connected. */
export interface PastEntry {
  readonly equipmentId: string;
  readonly observedAt: EpochMs;
  readonly values?: Readonly<Record<string, number>>;
  readonly event?: {readonly type: 'error'; readonly code?: string; readonly positionId?: string};
}

const BATCH_MAX = 2000;

/**
 * The import path for history: the same store, identity and repeats as live messages, without a door.
 * Entries of equipment that is not in the installed base are left out and counted.
 */
export async function importHistory(
  pool: Pool,
  entries: Iterable<PastEntry>,
  {partitions, now}: {readonly partitions: number; readonly now: EpochMs},
): Promise<{readonly stored: number; readonly repeated: number; readonly unknown: number}> {
  const numbers = await equipmentNumbers(pool);
  const database = pgStoreDatabase(pool);
  const store = {
    database,
    signalSets: new SignalSets(database),
    sequences: new SequenceLog(),
    weeks: new Set<number>(),
  };
  const total = {stored: 0, repeated: 0, unknown: 0};
  let batch: {message: Message; partitionNo: number}[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const outcome = await storeBatch(store, batch, now);
    total.stored += outcome.stored;
    total.repeated += outcome.repeated;
    batch = [];
  };
  for (const entry of entries) {
    const equipmentNo = numbers.get(entry.equipmentId);
    if (equipmentNo === undefined) {
      total.unknown += 1;
      continue;
    }
    batch.push({
      message: toMessage(entry, equipmentNo, now),
      partitionNo: partitionOf(entry.equipmentId, partitions),
    });
    if (batch.length >= BATCH_MAX) await flush();
  }
  await flush();
  return total;
}

async function equipmentNumbers(pool: Pool): Promise<Map<string, number>> {
  const found = await pool.query<{equipment_id: string; equipment_no: number}>(
    'SELECT equipment_id, equipment_no FROM network.equipment',
  );
  return new Map(found.rows.map((row) => [row.equipment_id, row.equipment_no]));
}

function toMessage(
  {equipmentId, observedAt, values = {}, event}: PastEntry,
  equipmentNo: number,
  now: EpochMs,
): Message {
  const content: Content = event === undefined ? {kind: 'reading', values} : {kind: 'event', ...event};
  const origin = {
    equipmentId: equipmentId as EquipmentId,
    equipmentNo,
    observedAt,
    receivedAt: now,
    wallReceivedAt: now,
    messageKey: sha256Key(
      identityText(equipmentId, {
        topic: 'history',
        observedAtSent: toIso(observedAt),
        content: canonicalContent(content),
      }),
    ),
    contentHash: contentHash(observedAt, content),
  };
  return event === undefined
    ? {...origin, kind: 'reading', values: {...values}, historical: true}
    : {...origin, kind: 'event', ...event};
}
