import type {Message} from '../../domain/reading.ts';
import {DAY_MS} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Client} from '../../platform/pg.ts';
import type {RejectionReason} from '../core/rejection.ts';
import {keepLetter} from './keep-letter.ts';
import {byTable} from './message-tables.ts';

/** How far apart two uses of one number are looked for: the door takes messages of 400 days (DOOR_LIMITS). */
const REACH_MS = 400 * DAY_MS;
const REASON: RejectionReason = 'sequence-conflict';

/**
 * Of messages whose number was heard before, those whose number is stored under another time. The rest is stored: the first
 * use was an event where this is telemetry (some devices count the two apart), or the row has been dropped since.
 */
export async function findConflicts(
  client: Client,
  heardBefore: readonly Message[],
): Promise<ReadonlySet<Message>> {
  const conflicts = new Set<Message>();
  for (const [table, of] of byTable(heardBefore)) {
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
    for (const {ord} of found.rows) conflicts.add(of[ord - 1]!);
  }
  return conflicts;
}

/** A conflict is a dead letter, counted when it comes again; what was stored first stays. */
export async function keepConflicts(
  client: Client,
  conflicts: readonly Message[],
  now: EpochMs,
): Promise<void> {
  for (const message of conflicts) {
    const detail =
      `${message.equipmentId} sent other content before under boot ${String(message.boot)}, seq ${String(message.seq)}; ` +
      'raise boot at each start of the device and never use a number twice';
    await keepLetter(client, {
      deadLetterId: causeId(REASON, message.messageKey, message.contentHash),
      receivedAt: now,
      topic: message.kind,
      raw: Buffer.from(JSON.stringify(message)),
      reason: REASON,
      detail,
      equipmentId: message.equipmentId,
    });
  }
}
