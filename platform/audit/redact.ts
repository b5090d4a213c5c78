import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../pg.ts';
import type {Queryable} from '../pg.ts';

export interface Redaction {
  readonly auditId: number;
  readonly actor: string;
  readonly reason: string;
  /** World time. */
  readonly at: EpochMs;
}

/**
 * Takes the body out of an entry, which keeps its hash and its place in the chain, and records who did it and why.
 *
 * @returns whether there was a body to take.
 */
export async function redactAudit(db: Queryable, {auditId, actor, reason, at}: Redaction): Promise<boolean> {
  const {rows} = await db.query<{redacted: boolean}>(
    'SELECT platform.redact_audit($1, $2, $3, $4) AS redacted',
    [auditId, timestamp(at), actor, reason],
  );
  return rows[0]!.redacted;
}
