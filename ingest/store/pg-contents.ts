import type {Message} from '../../domain/reading.ts';
import {DAY_MS} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Client} from '../../platform/pg.ts';
import {byTable} from './message-tables.ts';

/** How far apart two uses of one number are looked for: the door takes messages of 400 days (DOOR_LIMITS). */
const REACH_MS = 400 * DAY_MS;

export async function contentsOf(
  client: Client,
  messages: readonly Message[],
): Promise<ReadonlyMap<Message, number>> {
  const contents = new Map<Message, number>();
  for (const [table, of] of byTable(messages)) {
    const times = of.map((m) => m.observedAt);
    // One look-up a key, never a join: with compressed chunks a join unpacked them for each batch, 700 against 20 ms. The
    // bounds repeat the times as constants, so that partitions without them are left out beforehand.
    const found = await client.query<{ord: number; content_hash: number}>(
      `SELECT k.ord, r.content_hash
         FROM unnest($1::int[], $2::timestamptz[], $3::uuid[]) WITH ORDINALITY AS k(equipment_no, observed_at, message_key, ord)
        CROSS JOIN LATERAL (SELECT l.content_hash FROM ${table} l
          WHERE l.equipment_no = k.equipment_no AND l.observed_at = k.observed_at AND l.message_key = k.message_key
            AND l.observed_at BETWEEN $4 AND $5 LIMIT 1) r`,
      [
        of.map((m) => m.equipmentNo),
        times.map(timestamp),
        of.map((m) => m.messageKey),
        timestamp(Math.min(...times)),
        timestamp(Math.max(...times)),
      ],
    );
    for (const row of found.rows) contents.set(of[row.ord - 1]!, row.content_hash);
  }
  return contents;
}

export async function keysUsed(client: Client, messages: readonly Message[]): Promise<ReadonlySet<Message>> {
  const used = new Set<Message>();
  for (const [table, of] of byTable(messages)) {
    const times = of.map((message) => message.observedAt);
    const found = await client.query<{ord: number}>(
      `SELECT k.ord FROM unnest($1::int[], $2::uuid[]) WITH ORDINALITY AS k(equipment_no, message_key, ord)
        WHERE EXISTS (SELECT FROM ${table} r
                       WHERE r.equipment_no = k.equipment_no AND r.message_key = k.message_key AND r.observed_at BETWEEN $3 AND $4)`,
      [
        of.map((message) => message.equipmentNo),
        of.map((message) => message.messageKey),
        timestamp(Math.min(...times) - REACH_MS),
        timestamp(Math.max(...times) + REACH_MS),
      ],
    );
    for (const {ord} of found.rows) used.add(of[ord - 1]!);
  }
  return used;
}
