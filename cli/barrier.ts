import type {EpochMs} from '../domain/time.ts';
import {timestamp} from '../platform/pg.ts';
import type {Queryable} from '../platform/pg.ts';

/** Which stages have something left to do at this instant of world time. */
export interface Pending {
  readonly follow: boolean;
  readonly predict: boolean;
  readonly backorders: boolean;
  readonly decide: boolean;
  readonly expire: boolean;
  readonly deliver: boolean;
  readonly watch: boolean;
  readonly feeds: boolean;
  readonly contracts: boolean;
  readonly tell: boolean;
}

// A stage that has nothing to do needs a few statements to find out; thousands of steps of a replay cost minutes that way.
// Watching for silence is due with its timers, with equipment that is to be watched from now on or no longer, and as long as anything
// is silent: that may have spoken.
const PENDING = `
  SELECT EXISTS (SELECT FROM ingest.partition_head h LEFT JOIN network.checkpoint n ON n.stage = 'network' AND n.partition_no = h.partition_no
                  WHERE h.last_log_seq > coalesce(n.log_seq, 0)) AS follow,
         EXISTS (SELECT FROM network.checkpoint n LEFT JOIN predict.checkpoint p ON p.stage = 'predict' AND p.partition_no = n.partition_no
                  WHERE n.stage = 'network' AND n.log_seq > coalesce(p.log_seq, 0)) AS predict,
         EXISTS (SELECT FROM platform.world_timer WHERE kind IN ('backorder', 'override') AND due_at <= $1)
           OR EXISTS (SELECT FROM network.demand_line l WHERE l.state = 'open' AND l.qty > l.filled_qty AND l.needed_at < $1
                         AND NOT EXISTS (SELECT FROM replenish.backorder b WHERE b.demand_id = l.demand_id))
           OR EXISTS (SELECT FROM replenish.backorder b JOIN network.demand_line l USING (demand_id) WHERE b.closed_at IS NULL AND l.state <> 'open')
           OR EXISTS (SELECT FROM replenish.backorder b WHERE b.closed_at IS NULL AND b.policy_key <> (SELECT key FROM replenish.backorder_policy($1)))
           AS backorders,
         EXISTS (SELECT FROM replenish.demand_signal WHERE pending)
           OR EXISTS (SELECT FROM network.allocation WHERE kind = 'soft' AND expires_at <= $1) AS decide,
         EXISTS (SELECT FROM replenish.decision WHERE state = 'proposed' AND expires_at <= $1) AS expire,
         EXISTS (SELECT FROM platform.outbox WHERE state = 'pending' AND next_wall <= clock_timestamp() AND lease_until_wall <= clock_timestamp())
           AS deliver,
         EXISTS (SELECT FROM platform.world_timer WHERE kind = 'silence' AND (due_at <= $1 OR payload->>'silentSince' IS NOT NULL))
           OR (SELECT count(*) FROM platform.world_timer WHERE kind = 'silence')
              <> (SELECT count(*) FROM network.equipment WHERE monitored AND state = 'active') AS watch,
         EXISTS (SELECT FROM platform.world_timer WHERE kind IN ('feed', 'order-answer') AND due_at <= $1) AS feeds,
         NOT EXISTS (SELECT FROM platform.world_timer WHERE kind = 'contract-expiry' AND due_at > $1)
           OR EXISTS (SELECT FROM platform.world_timer WHERE kind = 'breach-notice' AND due_at <= $1) AS contracts,
         EXISTS (SELECT FROM notices.changed) OR EXISTS (SELECT FROM platform.world_timer
           WHERE kind IN ('alert', 'notices', 'customer-line', 'customer-notices') AND due_at <= $1) AS tell`;

/** The barrier between two steps of a stepped clock, in one query. @param db reads every stage's tables. */
export async function pendingWork(db: Queryable, now: EpochMs): Promise<Pending> {
  const found = await db.query<Pending>(PENDING, [timestamp(now)]);
  return found.rows[0]!;
}
