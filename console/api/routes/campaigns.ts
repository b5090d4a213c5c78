import {z} from 'zod';
import {PartId} from '../../../domain/ids.ts';
import {ok} from '../../../domain/result.ts';
import {epochMs} from '../../../domain/time.ts';
import {listCampaigns, TAKE_STRENGTH} from '../../../replenish/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

const ids = (what: string): z.ZodDefault<z.ZodArray<z.ZodString>> =>
  z.array(z.string().min(1)).max(1000).default([]).describe(`Machines ${what}; empty: of all`);

const plan = {
  partId: PartId,
  modelIds: ids('of these models'),
  siteIds: ids('at these sites'),
  customerPartyIds: ids('of these customers'),
  lots: ids('with a component of these lots'),
  quantity: z.int().min(1).default(1).describe('Pieces that one machine takes'),
  takePpm: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(1_000_000)
    .describe('Of the machines, those that will really come, in parts per million'),
  takeStrength: z
    .number()
    .positive()
    .max(1_000_000)
    .default(TAKE_STRENGTH)
    .describe(
      'How sure that share is: as many machines as it is worth. What the campaign’s own machines do outweighs it once more of them were to come',
    ),
};
const campaignId = z.string().min(1).max(64);
const actor = z.string().min(1).max(64).default('planner');

export const CampaignRow = z.object({
  campaignId: z.string(),
  ...plan,
  partId: z.string(),
  startsAt: Instant,
  endsAt: Instant,
  machines: z.int().describe('Of the population, today'),
  served: z.int().describe('Machines whose planned work asked for the part in that time'),
});

export const campaignRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/campaigns',
    tag: 'demand',
    permission: 'demand.read',
    summary: 'Campaigns and how far they have come, the first to start first',
    query: z.object({partId: PartId.optional().describe('Only this part'), limit: pageLimit}),
    reply: z.object({campaigns: z.array(CampaignRow)}),
    handle: async ({query}, {db}) => ok({campaigns: await listCampaigns(db, query)}),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/campaigns/{campaignId}',
    tag: 'demand',
    permission: 'demand.change',
    summary: 'Plans pieces for each machine of a population between two days; said again it is planned anew',
    params: z.object({campaignId}),
    body: z.object({...plan, startsAt: z.iso.datetime(), endsAt: z.iso.datetime(), actor}),
    reply: CampaignRow,
    refusals: ['unknown-part', 'empty-period', 'population-missing'],
    handle: ({params, body: {startsAt, endsAt, actor: who, ...campaign}}, {campaigns}) =>
      campaigns.plan(
        {
          ...params,
          ...campaign,
          startsAt: epochMs(Date.parse(startsAt)),
          endsAt: epochMs(Date.parse(endsAt)),
        },
        who,
      ),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/campaigns/{campaignId}',
    tag: 'demand',
    permission: 'demand.change',
    summary: 'Ends a campaign now; what it has asked for stays out of the normal history',
    params: z.object({campaignId}),
    reply: z.object({campaignId: z.string()}),
    refusals: ['unknown-campaign'],
    handle: ({params}, {campaigns}) => campaigns.end(params.campaignId, 'planner'),
  }),
];
