import type {EquipmentEvent, Reading} from '../../domain/reading.ts';
import {copyIn} from '../../platform/copy-in.ts';
import {canonicalJson} from '../../platform/ids.ts';
import type {Client} from '../../platform/pg.ts';
import {CopyBuffer} from './copy-buffer.ts';

/** A message with its place in the log. */
export interface LogRow<M> {
  readonly message: M;
  readonly partitionNo: number;
  readonly logSeq: number;
}
export interface ReadingRow extends LogRow<Reading> {
  readonly signalSetId: number;
  /** In the signal set's order. */
  readonly values: readonly number[];
}

export const READING_COLUMNS =
  'equipment_no, observed_at, message_key, partition_no, log_seq, received_at, wall_received_at, boot, seq, historical, content_hash, signal_set_id, "values", texts';
const EVENT_COLUMNS =
  'equipment_no, observed_at, message_key, partition_no, log_seq, received_at, wall_received_at, boot, seq, content_hash, type, code, position_id, serial, body';

export async function copyReadings(client: Client, rows: readonly ReadingRow[]): Promise<void> {
  if (rows.length === 0) return;
  const buffer = new CopyBuffer();
  for (const row of rows) {
    const {message} = row;
    head(buffer.row(14), row)
      .bool(message.historical === true)
      .int8(message.contentHash)
      .int4(row.signalSetId)
      .float8Array(row.values)
      .jsonb(message.texts === undefined ? undefined : canonicalJson(message.texts));
  }
  await copy(client, `ingest.reading (${READING_COLUMNS})`, buffer);
}

export async function copyEvents(client: Client, rows: readonly LogRow<EquipmentEvent>[]): Promise<void> {
  if (rows.length === 0) return;
  const buffer = new CopyBuffer();
  for (const row of rows) {
    const {type, code, positionId, serial, body, contentHash} = row.message;
    head(buffer.row(15), row)
      .int8(contentHash)
      .text(type)
      .text(code)
      .text(positionId)
      .text(serial)
      .jsonb(canonicalJson(body ?? {}));
  }
  await copy(client, `ingest.equipment_event (${EVENT_COLUMNS})`, buffer);
}

function head(
  buffer: CopyBuffer,
  {message, partitionNo, logSeq}: LogRow<Reading | EquipmentEvent>,
): CopyBuffer {
  return buffer
    .int4(message.equipmentNo)
    .timestamptz(message.observedAt)
    .uuid(message.messageKey)
    .int4(partitionNo)
    .int8(logSeq)
    .timestamptz(message.receivedAt)
    .timestamptz(message.wallReceivedAt)
    .int4(message.boot)
    .int8(message.seq);
}

async function copy(client: Client, target: string, buffer: CopyBuffer): Promise<void> {
  await copyIn(client, `COPY ${target} FROM STDIN WITH (FORMAT binary)`, buffer.end());
}
