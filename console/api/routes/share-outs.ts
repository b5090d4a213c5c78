import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {ShareAdviceQuery, ShareQuery, adviseShares, listShareOuts} from '../../../network/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant} from '../wire.ts';

const Share = z.object({
  demandId: z.string(),
  rank: z.int().describe('Place in the order of service'),
  open: z.int(),
  given: z.int(),
  customerPartyId: z.string().nullable(),
  tier: z.string(),
  perHourMinor: z.int().describe('Downtime and penalty of its machine; 0: not known'),
  ageFactor: z.int().describe('1, and one more for each month of waiting'),
  savedH: z.number().describe('Hours that pieces now are ahead of the next supply'),
  gainMinor: z.int().describe('What the given pieces save; 0 while they make no machine whole'),
  reason: z
    .string()
    .describe('enough, or what decided: money, tier, turn, need-date, distance, id, too-large, fits-best'),
});

export const ShareOut = z.object({
  shareOutId: z.string(),
  groupId: z.string(),
  depotId: z.string(),
  worldAt: Instant,
  nextSupplyAt: Instant.nullable(),
  supply: z.int(),
  asked: z.int(),
  shares: z.array(Share),
});

export const ShareAdvice = z.object({
  partId: z.string(),
  depotId: z.string(),
  supply: z.int(),
  asked: z.int(),
  shares: z.array(Share),
});

export const shareOutRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/share-outs',
    tag: 'demand',
    permission: 'demand.read',
    summary: 'Supplies that could not serve every waiting line: who got what, and why; newest first',
    query: ShareQuery,
    reply: z.object({shareOuts: z.array(ShareOut)}),
    handle: async ({query}, {network}) => ok({shareOuts: await listShareOuts(network.reads, query)}),
  }),
  route({
    method: 'GET',
    path: '/api/v1/share-outs/advice',
    tag: 'demand',
    permission: 'demand.read',
    summary: 'To whom the pieces on the shelf should go now',
    query: ShareAdviceQuery,
    reply: z.object({advice: z.array(ShareAdvice)}),
    handle: async ({query}, {network, clock}) =>
      ok({advice: await adviseShares(network.reads, query, clock)}),
  }),
];
