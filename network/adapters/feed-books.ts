import {toIso} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {type Queryable, timestamp} from '../../platform/pg.ts';
import type {Feed} from '../core/feed.ts';
import type {FeedBooks} from '../ports.ts';

const ALERT = 'feed-overdue';
const TIMER = 'feed';

type Named = Pick<Feed, 'partyId' | 'kind'>;
/** An id has no slash. */
const nameOf = ({partyId, kind}: Named): string => `${partyId}/${kind}`;

export const FEED_COLUMNS = `f.party_id AS "partyId", f.kind, f.expected_interval_h AS "expectedIntervalH", f.grace_h AS "graceH",
  f.fresh_within_h AS "freshWithinH", f.agreed_at AS "agreedAt", f.heard_at AS "heardAt", f.newest_at AS "newestAt",
  f.overdue_since AS "overdueSince"`;

/** Notes words (party_id, kind, newest_at), heard at $1. A clock that is ahead makes nothing fresh for longer than what came now. */
const hear = (words: string): string => `
  WITH heard AS (
    UPDATE network.feed f SET heard_at = greatest(f.heard_at, $1), newest_at = greatest(f.newest_at, least(w.newest_at, $1))
      FROM (${words}) w WHERE w.party_id = f.party_id AND w.kind = f.kind
    RETURNING f.party_id, f.kind, f.overdue_since)
  INSERT INTO platform.world_timer (kind, key, due_at)
  SELECT '${TIMER}', party_id || '/' || kind, $1 FROM heard WHERE overdue_since IS NOT NULL
  ON CONFLICT (kind, key) DO UPDATE SET due_at = excluded.due_at`;
const HEAR_WORD = hear('SELECT $2::text AS party_id, $3::text AS kind, $4::timestamptz AS newest_at');
const HEAR_EQUIPMENT = hear(
  `SELECT e.customer_party_id AS party_id, 'equipment-events' AS kind, max(v.observed_at) AS newest_at
     FROM unnest($2::int[], $3::timestamptz[]) AS v(equipment_no, observed_at) JOIN network.equipment e USING (equipment_no)
    GROUP BY 1`,
);

const SAVE = `
  INSERT INTO network.feed AS f (party_id, kind, expected_interval_h, grace_h, fresh_within_h, agreed_at) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (party_id, kind) DO UPDATE SET expected_interval_h = excluded.expected_interval_h, grace_h = excluded.grace_h,
     fresh_within_h = excluded.fresh_within_h, agreed_at = excluded.agreed_at
   WHERE (f.expected_interval_h, f.grace_h, f.fresh_within_h)
         IS DISTINCT FROM (excluded.expected_interval_h, excluded.grace_h, excluded.fresh_within_h)`;

export function feedBooks(db: Queryable): FeedBooks {
  const setTimer = (feed: Named, at: number): Promise<unknown> =>
    db.query(
      `INSERT INTO platform.world_timer (kind, key, due_at) VALUES ('${TIMER}', $1, $2)
       ON CONFLICT (kind, key) DO UPDATE SET due_at = excluded.due_at`,
      [nameOf(feed), timestamp(at)],
    );
  const dropTimer = (feed: Named): Promise<unknown> =>
    db.query(`DELETE FROM platform.world_timer WHERE kind = '${TIMER}' AND key = $1`, [nameOf(feed)]);
  const clearAlert = (feed: Named, now: number): Promise<unknown> =>
    db.query('SELECT replenish.clear_alert($1, $2, $3, $4)', [ALERT, nameOf(feed), timestamp(now), '{}']);
  return {
    async hearFeed({partyId, kind, newestAt}, now) {
      await db.query(HEAR_WORD, [timestamp(now), partyId, kind, timestamp(newestAt)]);
    },
    async hearEquipment(events, now) {
      if (events.length === 0) return;
      await db.query(HEAR_EQUIPMENT, [
        timestamp(now),
        events.map(({equipmentNo}) => equipmentNo),
        events.map(({observedAt}) => timestamp(observedAt)),
      ]);
    },
    async saveFeed({partyId, kind, expectedIntervalH, graceH, freshWithinH}, now) {
      await db.query(SAVE, [partyId, kind, expectedIntervalH, graceH, freshWithinH, timestamp(now)]);
      await setTimer({partyId, kind}, now);
    },
    async removeFeed(feed, now) {
      const {rowCount} = await db.query('DELETE FROM network.feed WHERE party_id = $1 AND kind = $2', [
        feed.partyId,
        feed.kind,
      ]);
      await dropTimer(feed);
      await clearAlert(feed, now);
      return rowCount === 1;
    },
    async dueFeeds(now, {feedsMax}) {
      const {rows} = await db.query<Feed>(
        `SELECT ${FEED_COLUMNS} FROM platform.world_timer t JOIN network.feed f ON t.key = f.party_id || '/' || f.kind
          WHERE t.kind = '${TIMER}' AND t.due_at <= $1 ORDER BY t.key LIMIT $2`,
        [timestamp(now), feedsMax],
      );
      return rows;
    },
    async lookAgain(feed, at) {
      await (at === null ? dropTimer(feed) : setTimer(feed, at));
    },
    async raiseOverdue(feed, lapse, now) {
      await db.query('UPDATE network.feed SET overdue_since = $3 WHERE party_id = $1 AND kind = $2', [
        feed.partyId,
        feed.kind,
        timestamp(now),
      ]);
      const isoOf = (at: Feed['heardAt']): string | null => (at === null ? null : toIso(at));
      const body = {
        partyId: feed.partyId,
        feed: feed.kind,
        lapse,
        lastHeardAt: isoOf(feed.heardAt),
        newestAt: isoOf(feed.newestAt),
        expectedIntervalH: feed.expectedIntervalH,
        freshWithinH: feed.freshWithinH,
      };
      await db.query('SELECT replenish.open_alert($1, $2, $3, $4, $5, 1, 0, NULL, NULL, $6)', [
        causeId('alert', ALERT, nameOf(feed), now),
        ALERT,
        nameOf(feed),
        feed.partyId,
        timestamp(now),
        JSON.stringify(body),
      ]);
    },
    async clearOverdue(feed, now) {
      await db.query('UPDATE network.feed SET overdue_since = NULL WHERE party_id = $1 AND kind = $2', [
        feed.partyId,
        feed.kind,
      ]);
      await clearAlert(feed, now);
    },
  };
}
