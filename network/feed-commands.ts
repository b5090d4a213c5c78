import {z} from 'zod';
import {PartyId} from '../domain/ids.ts';
import {ok, refused} from '../domain/result.ts';
import {type Command, origin} from './command.ts';
import {FEED_KINDS, type FeedSchedule} from './core/feed.ts';

/** Ten years: a typing mistake, not a schedule. */
const HOURS_MAX = 87_660;
const hours = z.int().max(HOURS_MAX);

export const FeedName = z.object({
  partyId: PartyId.describe('Whose feed it is'),
  kind: z.enum(FEED_KINDS).describe('What it brings'),
});

const AgreeFeed = z.object({
  ...origin,
  ...FeedName.shape,
  expectedIntervalH: hours.min(1).describe('Something is to arrive at least every so many hours'),
  graceH: hours
    .min(0)
    .optional()
    .describe('Hours of delay that are not yet worth an alert; default a tenth of the interval, rounded up'),
  freshWithinH: hours
    .min(1)
    .optional()
    .describe('What arrives may be so many hours old; left out when only the arrival matters'),
});
type AgreeFeed = z.infer<typeof AgreeFeed>;

const EndFeed = z.object({...origin, ...FeedName.shape});
type EndFeed = z.infer<typeof EndFeed>;

/** Agrees on when a party's feed is to arrive. The same schedule said again starts nothing anew. */
export const agreeFeed: Command<AgreeFeed, FeedSchedule> = {
  kind: 'agree-feed',
  schema: AgreeFeed,
  quarantined: false,
  async work({partyId, kind, expectedIntervalH, ...more}, {books, now}) {
    if (!(await books.partyExists(partyId)))
      return refused('unknown-party', `party ${partyId} is not known; add it to party.csv`);
    const {graceH = Math.ceil(expectedIntervalH / 10), freshWithinH = null} = more;
    const schedule = {expectedIntervalH, graceH, freshWithinH};
    await books.saveFeed({partyId, kind, ...schedule}, now);
    return ok(schedule);
  },
};

/** Nothing is expected of the feed any more; its alert is cleared. */
export const endFeed: Command<EndFeed, z.infer<typeof FeedName>> = {
  kind: 'end-feed',
  schema: EndFeed,
  quarantined: false,
  async work({partyId, kind}, {books, now}) {
    if (await books.removeFeed({partyId, kind}, now)) return ok({partyId, kind});
    return refused('unknown-feed', `party ${partyId} has no feed ${kind} to end; see the list of feeds`);
  },
};
