import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {SEGMENTS} from '../../../domain/segment.ts';
import {DAY_MS, epochMs} from '../../../domain/time.ts';
import {supplierScorecard} from '../../../network/api.ts';
import {deliverySums} from '../../../partners/api.ts';
import {ownForecasts} from '../../../replenish/api.ts';
import {keyCursor} from '../key-cursor.ts';
import {partyScope} from '../reach.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';
import {ofParty} from './my-orders.ts';

export const MyForecast = z.object({
  partId: z.string(),
  partName: z.string(),
  month: z.string().describe('Calendar month in UTC: "2026-01"; the first one is what is left of it'),
  pieces: z.number().describe('Expected, beside what machines announce by their readings'),
});

export const MyScore = z.object({
  partId: z.string().nullable().describe('Null: all parts, of the segment where there is one'),
  segment: z.enum(SEGMENTS).nullable().describe('Class of criticality in force; null: every one'),
  orders: z.int().describe('Orders due in the time that came, or are a day late'),
  onTime: z.int().describe('Last piece less than a day after the first promised (else the expected) date'),
  pieces: z.int().describe('Ordered with them'),
  receivedPieces: z.int().describe('Of those, received'),
  timed: z.int().describe('Orders that came, with an agreed lead time'),
  inLeadTime: z.int().describe('Of those, that took less than a day longer'),
  beyondAgreedDays: z.number().nullable().describe('Mean of what they took over what was agreed; null: none'),
  confirmed: z.int(),
  confirmHours: z.number().nullable().describe('Mean from order to first confirmation; null: none'),
  slipped: z.int().describe('Orders whose promised date was moved back by more than 12 hours'),
  handedOut: z.int().describe('Pieces of needs that were filled, from the shelves that it supplies'),
  faulty: z.int().describe('Of those, reported as wrong or dead on arrival; by shelf, not by piece'),
  waitedDays: z.number().describe('Days that needs waited while an order to their depot was late'),
});

const Settled = z
  .record(z.string(), z.object({penaltyMinor: z.int(), bonusMinor: z.int()}))
  .nullable()
  .describe(
    'By currency, what deliveries came to in the settlement of that time, without what is disputed; null: for who is bound to segments',
  );

/** Expected pieces a year, and the part. */
const Busy = keyCursor(z.tuple([z.number(), z.string()]));

const MONTHS = 6;
const WINDOW_DAYS = 365;

export const mySupplyRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/my/forecasts',
    tag: 'own party',
    permission: 'own-forecasts.read',
    summary:
      'Expected demand by part and month for what the asking supplier supplies, the busiest part first',
    query: z.object({
      partyId: ofParty,
      months: z.int().min(1).max(12).default(MONTHS).describe('Calendar months, this one included'),
      cursor: Busy.optional(),
      limit: pageLimit.describe('Parts at most'),
    }),
    reply: z.object({forecasts: z.array(MyForecast), nextCursor: Busy.nullable()}),
    refusals: ['foreign-party', 'party-needed'],
    shares: 'forecasts',
    keepsTo: ['party'],
    async handle({query: {partyId, months, cursor: after, limit}, caller: {reach}}, {db, clock}) {
      const scope = partyScope(reach, partyId, clock.now());
      if (!scope.ok) return scope;
      const {forecasts, next} = await ownForecasts(db, {asParty: scope.value, months, after, limit});
      return ok({forecasts, nextCursor: next});
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/my/scorecard',
    tag: 'own party',
    permission: 'own-scorecard.read',
    summary:
      'How the asking supplier, or the one that staff names, delivered: punctual, complete, within the agreed time, what was faulty and who waited; all parts, then by segment, then each',
    query: z.object({
      partyId: ofParty,
      days: z.int().min(1).max(1100).default(WINDOW_DAYS).describe('Orders that fell due in the last days'),
    }),
    reply: z.object({scores: z.array(MyScore), from: Instant, until: Instant, settled: Settled}),
    refusals: ['foreign-party', 'party-needed'],
    shares: 'scorecard',
    keepsTo: ['party'],
    async handle({query: {partyId, days}, caller: {reach}}, {network, clock, db}) {
      const now = clock.now();
      const scope = partyScope(reach, partyId, now);
      if (!scope.ok) return scope;
      const from = epochMs(now - days * DAY_MS);
      const orders = await network.reads.parties.scoredOrders(scope.value, from);
      const parts = await network.reads.parties.suppliedParts(scope.value, from);
      // A sum of all segments would tell by subtraction what others have.
      const isWhole = scope.value.segments === null;
      const period = {partyId: scope.value.partyId, from, to: now};
      const settled = isWhole ? await deliverySums(db, period, now) : null;
      return ok({scores: supplierScorecard(orders, parts, now), from, until: now, settled});
    },
  }),
];
