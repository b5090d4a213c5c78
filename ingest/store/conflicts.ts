import type {Message} from '../../domain/reading.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import type {RejectionReason} from '../core/rejection.ts';
import type {StoreTransaction} from './database.ts';

const REASON: RejectionReason = 'sequence-conflict';

/** A conflict is a dead letter, counted when it comes again; what was stored first stays. */
export async function keepConflicts(
  rows: StoreTransaction,
  conflicts: readonly Message[],
  now: EpochMs,
): Promise<void> {
  for (const message of conflicts) {
    const detail =
      `${message.equipmentId} sent other content before under boot ${String(message.boot)}, seq ${String(message.seq)}; ` +
      'raise boot at each start of the device and never use a number twice';
    await rows.keepLetter({
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
