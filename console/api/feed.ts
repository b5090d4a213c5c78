import {findAlert, findDecision} from '../../replenish/api.ts';
import type {AlertRecord, DecisionRecord} from '../../replenish/api.ts';
import type {Queryable} from '../../platform/pg.ts';

/** Something that happened to a decision or an alert, with the record as it is now. */
export type FeedEvent = {
  /** Of the audit entry: grows with every event, and a reader goes on after the last one it has. */
  readonly id: number;
  /** 'executed', 'proposed', 'approved', 'opened', 'cleared', … */
  readonly what: string;
} & (
  | {readonly kind: 'decision'; readonly record: DecisionRecord}
  | {readonly kind: 'alert'; readonly record: AlertRecord}
);

/** Events read at once. */
const PAGE = 200;

/**
 * How far the audit trail can be read without missing an entry.
 *
 * Ids are drawn before their transactions commit, so a smaller id may become visible after a larger one. The head seen in one
 * look is safe as soon as every transaction that was running then has ended.
 */
export class SafeHead {
  #safe: number | null = null;
  #seen: {readonly head: number; readonly nextXid: number} | null = null;

  /** Looks once; returns the last id that is safe to read, null while nothing is known to be. */
  async look(db: Queryable): Promise<number | null> {
    const found = await db.query<{head: number; oldest_xid: number; next_xid: number}>(
      `SELECT coalesce(max(audit_id), 0) AS head, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest_xid,
              pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next_xid FROM platform.audit_entry`,
    );
    const {head, oldest_xid: oldestXid, next_xid: nextXid} = found.rows[0]!;
    if (this.#seen !== null && oldestXid >= this.#seen.nextXid) {
      this.#safe = this.#seen.head;
      this.#seen = null;
    }
    if (oldestXid === nextXid) this.#safe = head;
    else this.#seen ??= {head, nextXid};
    return this.#safe;
  }
}

/** Events after one id up to another, oldest first, at most a page; `through` is how far the trail was read. */
export async function feedPage(
  db: Queryable,
  after: number,
  upTo: number,
): Promise<{readonly events: readonly FeedEvent[]; readonly through: number}> {
  const entries = await db.query<{id: number; action: string; subject: string}>(
    `SELECT audit_id AS id, action, subject FROM platform.audit_entry
      WHERE audit_id > $1 AND audit_id <= $2 AND action ~ '^(decision|alert)[.]' ORDER BY audit_id LIMIT $3`,
    [after, upTo, PAGE],
  );
  const events: FeedEvent[] = [];
  for (const {id, action, subject} of entries.rows) {
    const [kind, what] = action.split('.') as ['decision' | 'alert', string];
    if (kind === 'decision') {
      const record = await findDecision(db, subject);
      if (record !== null) events.push({id, what, kind, record});
    } else {
      const record = await findAlert(db, subject);
      if (record !== null) events.push({id, what, kind, record});
    }
  }
  const full = entries.rows.length === PAGE;
  return {events, through: full ? entries.rows.at(-1)!.id : upTo};
}
