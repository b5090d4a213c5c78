import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {FEED_KINDS, FeedName, FeedQuery, NETWORK_COMMANDS, listFeeds} from '../../../network/api.ts';
import {commandRoute} from '../network-command.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant} from '../wire.ts';

export const Feed = z.object({
  partyId: z.string(),
  kind: z.enum(FEED_KINDS),
  state: z.enum(['on-time', 'overdue']),
  expectedIntervalH: z.int(),
  graceH: z.int(),
  freshWithinH: z.int().nullable(),
  agreedAt: Instant.describe('Since when the schedule holds'),
  heardAt: Instant.nullable().describe('When something last arrived'),
  newestAt: Instant.nullable().describe('The newest instant it told of'),
  overdueSince: Instant.nullable(),
});

export const feedRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/feeds',
    tag: 'feeds',
    permission: 'feeds.read',
    summary: 'What parties have agreed to send, when it last came, and what is overdue',
    query: FeedQuery,
    reply: z.object({feeds: z.array(Feed)}),
    async handle({query}, {network}) {
      const feeds = await listFeeds(network.reads, query);
      return ok({
        feeds: feeds.map((feed) => ({
          ...feed,
          state: feed.overdueSince === null ? ('on-time' as const) : ('overdue' as const),
        })),
      });
    },
  }),
  commandRoute(NETWORK_COMMANDS.agreeFeed, {
    method: 'PUT',
    path: '/api/v1/feeds/{partyId}/{kind}',
    tag: 'feeds',
    permission: 'feeds.agree',
    summary: 'Agrees on when the feed of a party is to arrive; when it does not there is one alert',
    params: FeedName,
    refusals: ['unknown-party'],
  }),
  commandRoute(NETWORK_COMMANDS.endFeed, {
    method: 'DELETE',
    path: '/api/v1/feeds/{partyId}/{kind}',
    tag: 'feeds',
    permission: 'feeds.agree',
    summary: 'Expects nothing of the feed any more',
    params: FeedName,
    refusals: ['unknown-feed'],
  }),
];
