import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {RejectionReason} from '../core/rejection.ts';

export interface RefusedByStore {
  /** The same trouble has the same id, so that it is counted when it comes again. */
  readonly deadLetterId: string;
  readonly receivedAt: EpochMs;
  /** The message's kind, or 'readings' for an envelope: the packet's own topic is not known this far in. */
  readonly topic: string;
  readonly raw: Uint8Array;
  readonly reason: RejectionReason;
  readonly detail: string;
  readonly equipmentId: string | null;
}

/** A dead letter about what the door had let in and the store could not keep. */
export async function keepLetter(db: Queryable, letter: RefusedByStore): Promise<void> {
  await db.query(
    `INSERT INTO ingest.dead_letter (dead_letter_id, received_at, topic, raw, reason, detail, equipment_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (dead_letter_id) DO UPDATE SET seen_count = ingest.dead_letter.seen_count + 1`,
    [
      letter.deadLetterId,
      timestamp(letter.receivedAt),
      letter.topic,
      letter.raw,
      letter.reason,
      letter.detail,
      letter.equipmentId,
    ],
  );
}
