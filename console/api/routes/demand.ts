import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {DemandQuery, NETWORK_COMMANDS, listDemand, showDemand} from '../../../network/api.ts';
import {commandRoute} from '../network-command.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant} from '../wire.ts';

export const DemandLine = z.object({
  demandId: z.string(),
  partId: z.string(),
  depotId: z.string(),
  equipmentId: z.string().nullable(),
  customerPartyId: z.string().nullable(),
  tier: z.string().describe('Of the contract'),
  qty: z.int().describe('Asked for: the sum of the next three'),
  filledQty: z.int(),
  openQty: z.int(),
  cancelledQty: z.int(),
  requestedAt: Instant,
  neededAt: Instant,
  promisedAt: Instant.nullable().describe(
    'What the customer was told; else what supply keeps with `promiseConfidence`; else when the last piece comes by orders that their sources confirmed',
  ),
  promiseConfidence: z
    .number()
    .nullable()
    .describe('P(filled by promisedAt), where Forestock promised it; the history is in /api/v1/promises'),
  coveredBy: z
    .string()
    .nullable()
    .describe(
      '"agreed", "shelf" when pieces lie there, the order that brings the last one, or the source that will; null: nobody can',
    ),
  filledAt: Instant.nullable(),
  cancelledAt: Instant.nullable().describe(
    'Null with state cancelled: its need turned out to be another line’s',
  ),
  state: z.enum(['open', 'filled', 'cancelled']),
  cause: z.string(),
  ageH: z.number().describe('Hours since it was asked for, until now or until nothing of it was open'),
  impactH: z.number().describe('Hours past its need with pieces missing'),
  openValueMinor: z.int().describe('Of the open pieces, at the part’s unit cost'),
  currency: z.string(),
});

const DemandEvent = z.object({
  eventNo: z.int(),
  type: z.enum(['filled', 'returned', 'cancelled']),
  qty: z.int().describe('In pieces of the line’s part'),
  partId: z.string().nullable().describe('What went out: the line’s part, or a substitute'),
  pieces: z.int().nullable().describe('How many of that'),
  reason: z.string().nullable(),
  note: z.string().nullable(),
  source: z.string(),
  sourceKey: z.string().describe('With the source: the movement or the command that it comes from'),
  at: Instant,
});

const params = z.object({demandId: z.uuid()});

export const demandRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/demand',
    tag: 'demand',
    permission: 'demand.read',
    summary: 'Needs for parts, oldest first',
    query: DemandQuery,
    reply: z.object({demand: z.array(DemandLine)}),
    handle: async ({query}, {network, clock}) => ok({demand: await listDemand(network.reads, query, clock)}),
  }),
  route({
    method: 'GET',
    path: '/api/v1/demand/{demandId}',
    tag: 'demand',
    permission: 'demand.read',
    summary: 'One need and what became of it, step by step',
    params,
    reply: z.object({line: DemandLine, events: z.array(DemandEvent)}),
    refusals: ['unknown-demand'],
    handle: ({params: {demandId}}, {network, clock}) => showDemand(network.reads, demandId, clock),
  }),
  commandRoute(NETWORK_COMMANDS.cancelDemand, {
    path: '/api/v1/demand/{demandId}/cancel',
    tag: 'demand',
    permission: 'demand.change',
    summary: 'Calls off what a need still waits for; what it was given stays given',
    params,
    refusals: ['unknown-demand', 'demand-closed'],
  }),
];
