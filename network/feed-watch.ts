import {judgeFeed} from './core/feed.ts';
import type {NetworkPorts} from './ports.ts';

/** Feeds, and orders, judged in one transaction; the rest is still due in the next. */
const FEEDS_MAX = 500;
const ORDERS_MAX = 500;

/**
 * Watches what parties have agreed to send: an overdue feed is one alert, cleared by its next word; an order that its supplier
 * has not answered in the agreed time is one, cleared by the answer.
 *
 * `runOnce` judges what is due and returns how much there was; 0 means that nothing is due.
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
        const orders = await books.dueAnswers(now, {ordersMax: ORDERS_MAX});
        for (const order of orders) await books.raiseUnanswered(order, now);
        return feeds.length + orders.length;
      }),
  };
}
