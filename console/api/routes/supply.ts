import {z} from 'zod';
import {DepotId, PartId} from '../../../domain/ids.ts';
import {ok} from '../../../domain/result.ts';
import {listAvailable, listLeadTimes, listPromises} from '../../../replenish/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

const place = {
  partId: PartId.optional().describe('Only this part'),
  depotId: DepotId.optional().describe('Only this depot'),
  limit: pageLimit,
};

export const Available = z.object({
  partId: z.string(),
  depotId: z.string(),
  onHand: z.int().describe('Usable pieces on the shelf that no transfer takes away'),
  committed: z.int().describe('Pieces that open needs wait for'),
  firm: z
    .array(
      z.object({
        orderId: z.string(),
        dueAt: Instant,
        quantity: z.int(),
        free: z.int().describe('Not needed for commitments'),
      }),
    )
    .describe(
      'Receipts that their sources confirmed or sent and that are not overdue, the first to come first',
    ),
  unconfirmed: z.int().describe('Pieces on order that nobody has confirmed: they add nothing'),
  overdue: z
    .int()
    .describe('Pieces on order past their date: they add nothing until they are confirmed anew'),
  now: z.int().describe('Free today'),
  available: z.int().describe('Available to promise: free today or with a firm receipt'),
  uncovered: z.int().describe('Pieces owed that neither the shelf nor a firm receipt brings'),
  reserved: z.int().describe('Pieces softly reserved for machines that are expected to fail; not taken off'),
  predicted28d: z.number().describe('Pieces expected to be asked for within 28 days; not taken off'),
});

export const PromiseRow = z.object({
  demandId: z.string(),
  promiseNo: z.int().describe('1 is what was promised first'),
  partId: z.string(),
  depotId: z.string(),
  promisedAt: Instant,
  confidence: z.number().describe('P(filled by then), as stated when it was made'),
  promisedBy: z.string().describe('"shelf", the order that brings the last piece, or the source that will'),
  madeAt: Instant,
  filledAt: Instant.nullable(),
  kept: z.boolean().nullable().describe('Null while nobody knows, and of a line that was called off'),
});

export const LeadTime = z.object({
  partId: z.string(),
  depotId: z.string(),
  source: z.string().describe('supplier:… or depot:…'),
  kind: z.string().describe('normal, emergency or repair terms'),
  learnedAt: Instant,
  planDays: z.number().describe('Of the master data'),
  meanDays: z.number(),
  sdDays: z.number(),
  evidence: z
    .number()
    .describe('Deliveries of the source behind it, and orders late by now; half for each year of age'),
  enough: z.boolean().describe('Whether decisions use it; else the plan stands'),
});

export const supplyRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/atp',
    tag: 'stock',
    permission: 'stock.read',
    summary: 'What can be promised to a further customer, by part and depot',
    query: z.object(place),
    reply: z.object({available: z.array(Available)}),
    handle: async ({query}, {db, clock}) => ok({available: await listAvailable(db, query, clock.now())}),
  }),
  route({
    method: 'GET',
    path: '/api/v1/promises',
    tag: 'demand',
    permission: 'demand.read',
    summary: 'Dates promised to open needs and what became of them, newest first',
    query: z.object({demandId: z.uuid().optional().describe('Only of this need'), ...place}),
    reply: z.object({promises: z.array(PromiseRow)}),
    handle: async ({query}, {db, clock}) => ok({promises: await listPromises(db, query, clock.now())}),
  }),
  route({
    method: 'GET',
    path: '/api/v1/lead-times',
    tag: 'orders',
    permission: 'orders.read',
    summary: 'Lead times as learnt from deliveries, those furthest beyond their plan first',
    query: z.object(place),
    reply: z.object({leadTimes: z.array(LeadTime)}),
    handle: async ({query}, {db}) => ok({leadTimes: await listLeadTimes(db, query)}),
  }),
];
