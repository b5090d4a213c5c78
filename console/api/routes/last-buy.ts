import {z} from 'zod';
import {DepotId, PartId} from '../../../domain/ids.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant} from '../wire.ts';

const pieces = z.number().describe('Pieces, expected');
const Point = z.object({
  buy: z.int(),
  shortProbability: z.number().describe('That some need finds no piece'),
  expectedShort: pieces,
  expectedLeft: pieces.describe('Pieces left when the last machine is no longer served, expected'),
  price: z.int().describe('Minor units, as all that follow'),
  holding: z.int(),
  shortage: z.int(),
  salvage: z.int(),
  total: z.int().describe('price + holding + shortage − salvage'),
});

export const LastBuyRun = z.object({
  partId: z.string(),
  depotIds: z.array(z.string()).describe('That the order is for'),
  currency: z.string(),
  until: Instant,
  endOfLife: z.boolean().describe('Flagged end-of-life in part.csv: decisions buy nothing ahead any more'),
  lastOrder: z
    .object({
      contractId: z.string(),
      lastOrderDate: z.string().describe('The last day, UTC, on which an order is taken'),
      liablePartyId: z.string().nullable().describe('Who bears what is left over'),
      buybackShare: z.number().nullable().describe('Of the unit cost, for a piece given back'),
    })
    .nullable()
    .describe('By an obsolescence term of a contract in force'),
  sourceId: z.string().nullable().describe('Who sells it; null: nobody known, the unit cost is the price'),
  ratePerYear: z.number().describe('Pieces asked for, once today’s alarms are over'),
  fleet: z
    .array(z.object({positions: z.int(), endsAt: Instant.nullable()}))
    .describe('Positions that ask for the part, by the end of their machine’s contract; null: no end'),
  repairedShare: z.number(),
  position: z
    .int()
    .describe('On hand + on order − owed, and of what lies broken the pieces that will be repaired'),
  need: z.object({
    askedFor: pieces,
    mean: z.number().describe('Used up for good, and in repair at one time'),
    deviation: z.number(),
    quantiles: z.array(z.object({level: z.number(), pieces: z.int()})),
  }),
  priceMinor: z.int().describe('Of one piece'),
  holdingMinorPerYear: z.int().describe('Of one piece'),
  salvageMinor: z.int().describe('Of one piece that nobody needed'),
  shortageMinor: z.int().describe('Of one need that no piece is left for'),
  best: Point,
  curve: z.array(Point).describe('Around the best, by quantity'),
});

export const lastBuyRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/plans/last-buy',
    tag: 'plans',
    permission: 'plans.read',
    summary: 'How many pieces of a part to buy when they can be bought once more',
    query: z.object({
      partId: PartId.describe('The part'),
      depotId: DepotId.optional().describe('With the depots that it fills; default all'),
      until: z.iso
        .datetime()
        .optional()
        .describe(
          'Machines are served until then at the latest, ISO 8601 in UTC; default the last end of their contracts',
        ),
      waitDays: z
        .int()
        .min(1)
        .max(3650)
        .default(90)
        .describe('How long a machine stands when no piece is left, until another way is found'),
      salvagePercent: z
        .int()
        .min(-100)
        .max(100)
        .optional()
        .describe(
          'Of the unit cost, what a piece left over still brings; negative: what it costs to be rid of it; default what a contract buys back at, else 0',
        ),
      yearlyDeclinePercent: z
        .int()
        .min(0)
        .max(90)
        .default(0)
        .describe('Of the machines, those given up each year before their contracts end'),
    }),
    reply: LastBuyRun,
    refusals: ['unknown-part', 'unknown-depot', 'no-end', 'moves-too-fast'],
    handle: ({query: {until, salvagePercent, yearlyDeclinePercent, ...rest}}, {planning}) =>
      planning.lastBuy({
        ...rest,
        until: until === undefined ? undefined : Date.parse(until),
        salvageShare: salvagePercent === undefined ? undefined : salvagePercent / 100,
        yearlyDecline: yearlyDeclinePercent / 100,
      }),
  }),
];
