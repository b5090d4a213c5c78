import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {DAY_MS, epochMs} from '../../../domain/time.ts';
import {EXPEDITE_ADVICE, reportExpedites} from '../../../replenish/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant} from '../wire.ts';

export const ExpediteReport = z.object({
  from: Instant,
  to: Instant,
  sources: z
    .array(
      z.object({
        sourceId: z.string().describe('The usual source of the shelves that hurried'),
        currency: z.string(),
        expedites: z.int().describe('Expedites and emergency buys carried out'),
        shelves: z.int(),
        spentMinor: z.number().describe('Fees, freight and premium beyond the usual way, as decided'),
        avertedMinor: z
          .number()
          .describe('Expected downtime and penalty of waiting, less those after hurrying'),
        spentMinorPerYear: z.number(),
        moreStockMinorPerYear: z.number().describe('Holding one piece more on each of the shelves'),
        advice: z.enum(EXPEDITE_ADVICE),
      }),
    )
    .describe('The dearest first'),
});

export const expediteRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/plans/expedites',
    tag: 'plans',
    permission: 'plans.read',
    summary: 'What was spent on speed by source, against what it averted',
    query: z.object({
      days: z.int().min(1).max(3650).default(365).describe('The period ends now and is so long'),
    }),
    reply: ExpediteReport,
    async handle({query: {days}}, {db, clock}) {
      const to = clock.now();
      const from = epochMs(to - days * DAY_MS);
      return ok({from, to, sources: await reportExpedites(db, {from, to})});
    },
  }),
];
