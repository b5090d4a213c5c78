import {epochMs, HOUR_MS} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';

/** What a party may have agreed to send regularly. */
export const FEED_KINDS = [
  'repair-reports',
  'equipment-events',
  'stock-counts',
  'order-confirmations',
] as const;
export type FeedKind = (typeof FEED_KINDS)[number];

export interface FeedSchedule {
  /** Something is to arrive at least this often. */
  readonly expectedIntervalH: number;
  /** How much later is not yet worth an alert. */
  readonly graceH: number;
  /** What arrives may be this old at most; null when that was not agreed. */
  readonly freshWithinH: number | null;
}

export interface Feed extends FeedSchedule {
  readonly partyId: string;
  readonly kind: FeedKind;
  /** Since when the schedule holds: nobody is late for what was not agreed. */
  readonly agreedAt: EpochMs;
  /** When something last arrived. */
  readonly heardAt: EpochMs | null;
  /** The newest instant that it told of. */
  readonly newestAt: EpochMs | null;
  readonly overdueSince: EpochMs | null;
}

export type FeedLapse = 'nothing-came' | 'only-old-entries';

export interface FeedVerdict {
  /** Why the feed is overdue; null while it keeps its schedule. */
  readonly lapse: FeedLapse | null;
  /** When to look again; null for an overdue feed, which only its own word can mend. */
  readonly lookAt: EpochMs | null;
}

/**
 * Whether a feed keeps what was agreed. It falls overdue a grace after its limit, and is on time again only within the limit
 * itself: what comes a little late each time neither alerts nor flickers.
 *
 * Example: every 24 h with 3 h of grace, last heard Monday 06:00 → overdue Tuesday 09:00; heard then, next look 27 h later.
 */
export function judgeFeed(feed: Feed, now: EpochMs): FeedVerdict {
  const {silentAt, staleAt} = limits(feed, feed.overdueSince === null ? feed.graceH : 0);
  if (now >= silentAt) return {lapse: 'nothing-came', lookAt: null};
  if (now >= staleAt) return {lapse: 'only-old-entries', lookAt: null};
  const next = limits(feed, feed.graceH);
  return {lapse: null, lookAt: epochMs(Math.min(next.silentAt, next.staleAt))};
}

/** When a feed that keeps silent from now on has gone without a word, or without a new one, for too long. */
function limits(
  {agreedAt, heardAt, newestAt, expectedIntervalH, freshWithinH}: Feed,
  graceH: number,
): {readonly silentAt: number; readonly staleAt: number} {
  const after = (last: EpochMs | null, hours: number): number =>
    Math.max(agreedAt, last ?? agreedAt) + (hours + graceH) * HOUR_MS;
  return {
    silentAt: after(heardAt, expectedIntervalH),
    // Before the first word there is nothing to be old.
    staleAt: freshWithinH === null || newestAt === null ? Infinity : after(newestAt, freshWithinH),
  };
}
