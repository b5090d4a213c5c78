import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import copyStreams from 'pg-copy-streams';
import type {EquipmentEvent, Reading} from '../../domain/reading.ts';
import {toIso} from '../../domain/time.ts';
import {canonicalJson} from '../../platform/ids.ts';
import type {Client} from '../../platform/pg.ts';

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

const READING_COLUMNS =
  'equipment_no, observed_at, message_key, partition_no, log_seq, received_at, wall_received_at, boot, seq, historical, content_hash, signal_set_id, "values", texts';
const EVENT_COLUMNS =
  'equipment_no, observed_at, message_key, partition_no, log_seq, received_at, wall_received_at, boot, seq, content_hash, type, code, position_id, serial, body';

/** COPY in text format: tab between fields, \N for null, and \ escapes for what would break a line. */
export async function copyReadings(client: Client, rows: readonly ReadingRow[]): Promise<void> {
  const lines = rows.map((row) => {
    const {message} = row;
    const tail = [
      message.historical === true ? 't' : 'f',
      message.contentHash,
      row.signalSetId,
      `{${row.values.join(',')}}`,
      message.texts === undefined ? '\\N' : escape(canonicalJson(message.texts)),
    ];
    return `${head(row)}\t${tail.join('\t')}\n`;
  });
  await copy(client, `COPY ingest.reading (${READING_COLUMNS}) FROM STDIN`, lines);
}

export async function copyEvents(client: Client, rows: readonly LogRow<EquipmentEvent>[]): Promise<void> {
  const lines = rows.map((row) => {
    const {type, code, positionId, serial, body, contentHash} = row.message;
    const tail = [
      contentHash,
      type,
      optional(code),
      optional(positionId),
      optional(serial),
      escape(canonicalJson(body ?? {})),
    ];
    return `${head(row)}\t${tail.join('\t')}\n`;
  });
  await copy(client, `COPY ingest.equipment_event (${EVENT_COLUMNS}) FROM STDIN`, lines);
}

function head({message, partitionNo, logSeq}: LogRow<Reading | EquipmentEvent>): string {
  return [
    message.equipmentNo,
    toIso(message.observedAt),
    message.messageKey,
    partitionNo,
    logSeq,
    toIso(message.receivedAt),
    toIso(message.wallReceivedAt),
    message.boot ?? '\\N',
    message.seq ?? '\\N',
  ].join('\t');
}

function optional(text: string | undefined): string {
  return text === undefined ? '\\N' : escape(text);
}

function escape(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/\t/g, '\\t').replace(/\n/g, '\\n').replace(/\r/g, '\\r');
}

async function copy(client: Client, statement: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await pipeline(
    Readable.from([Buffer.from(lines.join(''))], {objectMode: false}),
    client.query(copyStreams.from(statement)),
  );
}
