import {judgeFeed} from './core/feed.ts';
import type {NetworkPorts} from './ports.ts';

/** Feeds judged in one transaction; the rest is still due in the next. */
const FEEDS_MAX = 500;

/**
 * Watches the feeds that parties have agreed on: an overdue one is one alert, cleared by its next word.
 *
 * `runOnce` judges the feeds that are due and returns how many there were; 0 means that none is due.
 */
export function createFeedWatch(ports: NetworkPorts): {runOnce(): Promise<number>} {
  return {
    runOnce: () =>
      ports.transaction(async (books) => {
        const now = ports.worldClock.now();
        const feeds = await books.dueFeeds(now, {feedsMax: FEEDS_MAX});
        for (const feed of feeds) {
          const {lapse, lookAt} = judgeFeed(feed, now);
          const wasOverdue = feed.overdueSince !== null;
          if (lapse !== null && !wasOverdue) await books.raiseOverdue(feed, lapse, now);
          if (lapse === null && wasOverdue) await books.clearOverdue(feed, now);
          await books.lookAgain(feed, lookAt);
        }
        return feeds.length;
      }),
  };
}
