import {groupBy} from '../../domain/group-by.ts';
import type {Upkeep} from '../../platform/maintenance.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';

/** Rows that go in one transaction, and how many of these a night has. */
const ROWS_MAX = 5000;
const ROUNDS_MAX = 200;

/** What is over: past the retention that was agreed, and of no party and time that is on legal hold. */
const REMOVE = `
  DELETE FROM partners.data_share_sent WHERE sent_no IN (
    SELECT s.sent_no FROM partners.data_share_sent s
     WHERE s.keep_until <= $1
       AND NOT EXISTS (SELECT FROM platform.legal_hold h WHERE h.kind = 'party' AND h.subject_id = s.party_id AND h.lifted_at IS NULL
                          AND h.from_at <= s.sent_at AND s.sent_at < h.to_at)
     ORDER BY s.keep_until LIMIT ${ROWS_MAX})
  RETURNING party_id AS "partyId", data`;

/**
 * The nightly end of what was sent: when the retention of its share is over, its entry and the state that was kept with it go (K4), with an
 * entry of the audit trail for each party and kind of data.
 *
 * @param pool  Its connections work under the role `forestock_partners`.
 */
export function shareUpkeep(pool: Pool): Upkeep {
  return {
    name: 'data-shares',
    async run(now) {
      let removed = 0;
      for (let round = 0; round < ROUNDS_MAX; round += 1) {
        const gone = await inTransaction(pool, async (client) => {
          const {rows} = await client.query<{partyId: string; data: string}>(REMOVE, [timestamp(now)]);
          const counts = groupBy(rows, ({partyId, data}) => JSON.stringify([partyId, data]));
          for (const of of counts.values())
            await client.query(`SELECT platform.record_audit($1, 'retention', 'remove-sent-data', $2, $3)`, [
              ...[timestamp(now), of[0]!.partyId, JSON.stringify({data: of[0]!.data, removed: of.length})],
            ]);
          return rows.length;
        });
        removed += gone;
        if (gone < ROWS_MAX) break;
      }
      return {removed};
    },
  };
}
