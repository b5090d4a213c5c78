import {z} from 'zod';
import {DepotId, PartId} from '../../../domain/ids.ts';
import {ok, refused} from '../../../domain/result.ts';
import {STANDING_SORTS, listDepotStandings, listStandings, projectShelf} from '../../../replenish/api.ts';
import type {ShelfStanding, StandingPlace, StandingSort} from '../../../replenish/api.ts';
import {keyCursor} from '../key-cursor.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

/** A network has hundreds of depots; the map shows all of them. */
const DEPOTS_MAX = 1000;
/** The longest look ahead of a decision is a quarter; a year serves nobody. */
const WEEKS_MAX = 26;

const region = z.string().max(100).optional().describe('Of the depot’s site; empty: sites that state none');

export const DepotStanding = z.object({
  depotId: z.string(),
  name: z.string(),
  region: z.string(),
  echelon: z.string(),
  parentDepotId: z.string().nullable(),
  lat: z.number(),
  lon: z.number(),
  tz: z.string(),
  money: z.array(
    z.object({
      currency: z.string(),
      stockMinor: z.int().describe('Usable pieces on the shelf, at unit cost'),
      pipelineMinor: z.int().describe('Pieces on order, at unit cost'),
      riskMinor: z.int().describe('Expected downtime and penalty when nothing more is done'),
    }),
  ),
  shelves: z.int(),
  shelvesAtRisk: z.int().describe('More likely empty than not within their horizon'),
  backorderLines: z.int(),
  backorderPieces: z.int(),
  alerts: z.int(),
  asOf: Instant.nullable().describe('The oldest look at one of its shelves; the stock is of now'),
});

export const ShelfStandingRow = z.object({
  partId: z.string(),
  partName: z.string(),
  depotId: z.string(),
  region: z.string(),
  asOf: Instant.describe('When its family was last looked at'),
  onHand: z.int(),
  onOrder: z.int(),
  owed: z.int(),
  position: z.int().describe('On hand + on order − owed, with all it feeds'),
  target: z.int(),
  riskMinor: z.int().describe('Expected downtime and penalty within the horizon when nothing more is done'),
  currency: z.string(),
  horizonH: z.number(),
  emptyAt: Instant.nullable().describe('When it is more likely empty than not; null: not within the horizon'),
});

const Place = keyCursor(z.tuple([z.int().nullable(), z.string(), z.string()]));

function placeOf(sort: StandingSort, {riskMinor, emptyAt, partId, depotId}: ShelfStanding): StandingPlace {
  return [sort === 'risk' ? riskMinor : emptyAt, partId, depotId];
}

export const ShelfProjectionView = z.object({
  partId: z.string(),
  depotId: z.string(),
  currency: z.string(),
  unitCostMinor: z.int(),
  now: Instant,
  onHand: z.int(),
  owed: z.int(),
  target: z.int(),
  position: z.int(),
  coveredShare: z.number().describe('P(demand until an order placed now is here ≤ what is here and coming)'),
  wantedShare: z.number(),
  riskMinor: z.int(),
  horizonH: z.number(),
  feeds: z
    .array(z.string())
    .describe('Depots whose demand is in the projection: it is passed on piece by piece'),
  receipts: z.array(
    z.object({
      orderId: z.string(),
      kind: z.string(),
      quantity: z.int(),
      expectedAt: Instant,
      sdH: z.number(),
    }),
  ),
  components: z
    .array(
      z.object({
        componentId: z.string(),
        equipmentId: z.string(),
        positionId: z.string(),
        quantity: z.int(),
        probabilityPpm: z.int().describe('P(failure within four weeks)'),
        method: z.string(),
        asOf: Instant,
      }),
    )
    .describe('The likeliest to fail first, twenty at most'),
  levels: z.array(z.number()),
  days: z.array(
    z.object({
      at: Instant,
      hours: z.number(),
      quantiles: z.array(z.int()).describe('Net stock at each of the levels; negative: owed'),
      mean: z.number(),
      emptyProbability: z.number(),
      expectedShort: z.number().describe('Pieces that customers wait for, on average'),
    }),
  ),
});

export const networkRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/network/depots',
    permission: 'stock.read',
    tag: 'network',
    summary: 'Every depot: where it is, what lies and comes there, what is owed and at risk there',
    query: z.object({region}),
    reply: z.object({now: Instant, depots: z.array(DepotStanding)}),
    async handle({query}, {db, clock}) {
      const now = clock.now();
      return ok({now, depots: await listDepotStandings(db, {now, ...query, limit: DEPOTS_MAX})});
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/part-depots',
    permission: 'stock.read',
    tag: 'network',
    summary: 'Parts at depots as they stood at the last look, the dearest risk first',
    query: z.object({
      partId: PartId.optional(),
      depotId: DepotId.optional(),
      region,
      sort: z.enum(STANDING_SORTS).default('risk').describe('risk: dearest first; empty: soonest first'),
      cursor: Place.optional(),
      limit: pageLimit,
    }),
    reply: z.object({partDepots: z.array(ShelfStandingRow), nextCursor: Place.nullable()}),
    async handle({query: {cursor: after, ...filter}}, {db}) {
      const rows = await listStandings(db, {...filter, after});
      const last = rows.length < filter.limit ? undefined : rows.at(-1);
      return ok({partDepots: rows, nextCursor: last === undefined ? null : placeOf(filter.sort, last)});
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/part-depots/{partId}/{depotId}',
    permission: 'stock.read',
    tag: 'network',
    summary:
      'One part at one depot: what is here and coming, and the stock of the next weeks with its uncertainty',
    params: z.object({partId: PartId, depotId: DepotId}),
    query: z.object({weeks: z.int().min(1).max(WEEKS_MAX).default(8)}),
    reply: ShelfProjectionView,
    refusals: ['not-found'],
    async handle({params: {partId, depotId}, query: {weeks}}, {db, clock}) {
      const found = await projectShelf(db, {partId, depotId, days: weeks * 7}, clock.now());
      if (found === null)
        return refused(
          'not-found',
          `${partId} has no shelf at ${depotId}; look it up in /api/v1/part-depots`,
        );
      return ok(found);
    },
  }),
];
