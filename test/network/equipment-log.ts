import {type EpochMs, toIso} from '../../domain/time.ts';
import type {EventType} from '../../domain/reading.ts';
import {causeId} from '../../platform/ids.ts';
import type {TestDatabase} from '../support/database.ts';

/** Writes the log as the store does: rows and head in one transaction, log_seq without holes. */
export async function createEquipment(database: TestDatabase) {
  const pool = database.poolFor('forestock_ingest');
  const log = async (
    equipmentId: string,
    rows: number,
  ): Promise<{no: number; partition: number; seq: number}> => {
    const found = await pool.query<{no: number; partition: number}>(
      'SELECT equipment_no AS no, partition_no AS partition FROM network.equipment WHERE equipment_id = $1',
      [equipmentId],
    );
    const {no, partition} = found.rows[0]!;
    const head = await pool.query<{seq: number}>(
      `INSERT INTO ingest.partition_head (partition_no, last_log_seq) VALUES ($1, $2)
       ON CONFLICT (partition_no) DO UPDATE SET last_log_seq = partition_head.last_log_seq + $2 RETURNING last_log_seq AS seq`,
      [partition, rows],
    );
    return {no, partition, seq: head.rows[0]!.seq};
  };
  return {
    /** Rows that are readings: only the head moves. */
    pass: (equipmentId: string, rows: number) => log(equipmentId, rows),
    async send(
      equipmentId: string,
      at: EpochMs,
      type: EventType,
      {positionId, serial}: {positionId?: string; serial?: string} = {},
    ) {
      const {no, partition, seq} = await log(equipmentId, 1);
      await pool.query('SELECT ingest.ensure_partitions($1, $1)', [toIso(at)]);
      await pool.query(
        `INSERT INTO ingest.equipment_event (equipment_no, observed_at, message_key, partition_no, log_seq, received_at, wall_received_at,
                                             content_hash, type, position_id, serial)
         VALUES ($1, $2, $3, $4, $5, $2, $2, 0, $6, $7, $8) ON CONFLICT DO NOTHING`,
        [
          no,
          toIso(at),
          causeId('event', equipmentId, at, type, positionId ?? ''),
          partition,
          seq,
          type,
          positionId ?? null,
          serial ?? null,
        ],
      );
    },
  };
}
