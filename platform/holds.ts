import {ok, refused} from '../domain/result.ts';
import type {Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';
import {toIso} from '../domain/time.ts';
import {inTransaction, timestamp} from './pg.ts';
import type {Client, Pool} from './pg.ts';

export const HOLD_KINDS = ['equipment', 'part', 'party'] as const;

/** Rows about something, of a span of world time, that no retention removes while the hold stands. */
export interface HoldRequest {
  readonly holdId: string;
  readonly kind: (typeof HOLD_KINDS)[number];
  readonly subjectId: string;
  readonly from: EpochMs;
  /** Not included. */
  readonly to: EpochMs;
  readonly reason: string;
}

export interface Hold extends HoldRequest {
  readonly placedAt: EpochMs;
  readonly placedBy: string;
  readonly liftedAt: EpochMs | null;
  readonly liftedBy: string | null;
}

/** Placing and lifting are acts of people, and entries of the audit trail. */
export interface Holds {
  place(hold: HoldRequest, actor: string): Promise<Result<Hold>>;
  /** Those that stand first, then the lifted ones, newest first; at most `limit`. */
  list(limit: number): Promise<readonly Hold[]>;
  lift(holdId: string, actor: string, reason: string): Promise<Result<Hold>>;
}

const COLUMNS = `hold_id AS "holdId", kind, subject_id AS "subjectId", from_at AS "from", to_at AS "to", reason,
  placed_at AS "placedAt", placed_by AS "placedBy", lifted_at AS "liftedAt", lifted_by AS "liftedBy"`;
/** Whether there is such a thing: a mistyped name would hold nothing, and nobody would know. */
const IS_KNOWN = {
  equipment: 'SELECT 1 FROM network.equipment WHERE equipment_id = $1',
  part: 'SELECT 1 FROM network.part WHERE part_id = $1',
  party: 'SELECT 1 FROM network.party WHERE party_id = $1',
};

/** @param pool Its connections work under the role `forestock_platform`. */
export function openHolds(pool: Pool, worldClock: {now(): EpochMs}): Holds {
  const audit = (
    client: Client,
    actor: string,
    action: string,
    holdId: string,
    body: object,
  ): Promise<unknown> =>
    client.query('SELECT platform.record_audit($1, $2, $3, $4, $5)', [
      timestamp(worldClock.now()),
      actor,
      action,
      holdId,
      JSON.stringify(body),
    ]);
  return {
    place: ({holdId, kind, subjectId, from, to, reason}, actor) =>
      inTransaction(pool, async (client) => {
        if (to <= from)
          return refused(
            'hold-span',
            `a hold from ${toIso(from)} to ${toIso(to)} holds nothing; give a later end`,
          );
        if ((await client.query(IS_KNOWN[kind], [subjectId])).rowCount === 0)
          return refused(
            'unknown-hold-subject',
            `there is no ${kind} ${subjectId}, so nothing would be held; correct its name`,
          );
        const {rows} = await client.query<Hold>(
          `INSERT INTO platform.legal_hold (hold_id, kind, subject_id, from_at, to_at, reason, placed_at, placed_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (hold_id) DO NOTHING RETURNING ${COLUMNS}`,
          [
            holdId,
            kind,
            subjectId,
            timestamp(from),
            timestamp(to),
            reason,
            timestamp(worldClock.now()),
            actor,
          ],
        );
        const [hold] = rows;
        if (hold === undefined)
          return refused(
            'hold-exists',
            `there is a hold ${holdId} already; its name stays taken, give another one`,
          );
        await audit(client, actor, 'hold.placed', holdId, {
          kind,
          subjectId,
          from: toIso(from),
          to: toIso(to),
          reason,
        });
        return ok(hold);
      }),
    async list(limit) {
      const {rows} = await pool.query<Hold>(
        `SELECT ${COLUMNS} FROM platform.legal_hold ORDER BY lifted_at DESC NULLS FIRST, placed_at DESC, hold_id LIMIT $1`,
        [limit],
      );
      return rows;
    },
    lift: (holdId, actor, reason) =>
      inTransaction(pool, async (client) => {
        const {rows} = await client.query<Hold>(
          `UPDATE platform.legal_hold SET lifted_at = $2, lifted_by = $3 WHERE hold_id = $1 AND lifted_at IS NULL RETURNING ${COLUMNS}`,
          [holdId, timestamp(worldClock.now()), actor],
        );
        const [hold] = rows;
        if (hold === undefined)
          return refused('unknown-hold', `no hold ${holdId} stands; forestock hold list shows which do`);
        await audit(client, actor, 'hold.lifted', holdId, {reason});
        return ok(hold);
      }),
  };
}
