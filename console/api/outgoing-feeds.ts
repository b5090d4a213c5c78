import {SafeHead, feedPage} from './feed.ts';
import {feedMessage} from './feed-messages.ts';
import type {FeedStream} from '../../platform/feed-stream.ts';
import {inTransaction} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';

export interface OutgoingFeedsOptions {
  /** Role forestock_api: reads the trail and the records. */
  readonly db: Pool;
  /** Role forestock_platform: keeps the place. */
  readonly platform: Pool;
  readonly stream: FeedStream;
}

const FEED = 'nats';

/**
 * Tells decisions and alerts to integrators on the bus, in the order of the audit trail and at least once. The trail is the queue:
 * a bus that is away for a day costs nothing but the day. A first start begins with what happens from then on.
 */
export class OutgoingFeeds {
  readonly #options: OutgoingFeedsOptions;
  readonly #trail = new SafeHead();

  constructor(options: OutgoingFeedsOptions) {
    this.#options = options;
  }

  /** Publishes one page of events at most. @returns how many; 0 too where another process holds the place. */
  async runOnce(): Promise<number> {
    const {db, platform, stream} = this.#options;
    const head = await this.#trail.look(db);
    if (head === null) return 0;
    return inTransaction(platform, async (client) => {
      await client.query(
        'INSERT INTO platform.feed_cursor (feed, audit_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        [FEED, head],
      );
      const held = await client.query<{audit_id: number}>(
        'SELECT audit_id FROM platform.feed_cursor WHERE feed = $1 FOR UPDATE SKIP LOCKED',
        [FEED],
      );
      const after = held.rows[0]?.audit_id;
      if (after === undefined || head <= after) return 0;
      const {events, through} = await feedPage(db, after, head);
      for (const event of events) {
        const {subject, body} = feedMessage(event);
        await stream.publish(subject, `${FEED}:${event.id}`, body);
      }
      await client.query('UPDATE platform.feed_cursor SET audit_id = $2 WHERE feed = $1', [FEED, through]);
      return events.length;
    });
  }
}
