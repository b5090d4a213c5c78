import {z} from 'zod';
import {DepotId, PartId} from '../../../domain/ids.ts';
import {ok} from '../../../domain/result.ts';
import {NOT_COMPARED, POLICY_KINDS} from '../../../replenish/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';

const kind = z.enum(POLICY_KINDS);
const share = z.number().min(0).max(1);
const yearly = z.int().describe('Minor units a year');

const ComparedPolicy = z.object({
  kind: kind.describe('decided: what the orders of decisions amount to'),
  isCheapest: z.boolean().describe('Least total a year of those that max_stock allows'),
  reorderPoint: z.int().nullable().describe('Order at or below it; null: at every review'),
  orderUpTo: z.int().nullable().describe('Null: an order has so many pieces as lot says'),
  lot: z.int().nullable().describe('Pieces of an order or its step; null: as many as are missing'),
  reviewDays: z.number().nullable().describe('Null: looked at with every order of a customer'),
  ordersPerYear: z.number(),
  orderingMinor: yearly,
  holdingMinor: yearly,
  shortageMinor: yearly,
  totalMinor: yearly.describe('orderingMinor + holdingMinor + shortageMinor'),
  fillRate: share.describe('Of the pieces asked for, those handed over at once'),
  readyRate: share.describe('Of the time, that with stock on the shelf'),
  orderFillRate: share.describe('Of the orders, those handed over completely at once'),
  expectedOnHand: z.number(),
  expectedBackorders: z.number().describe('Pieces owed on average'),
  isBeyondMax: z.boolean().describe('It may have more pieces here than max_stock'),
});

const Kept = z.object({
  level: z.int().describe('Others are served only while more pieces than these are on hand'),
  premiumFill: share,
  standardFill: share,
  meanOnHand: z.number(),
  costMinor: yearly,
});

export const PoliciesRun = z.object({
  partId: z.string(),
  depotId: z.string(),
  servedDepotIds: z.array(z.string()).describe('Depots that are served from here, itself first'),
  currency: z.string(),
  source: z.object({
    kind: z.enum(['supplier', 'depot']),
    id: z.string(),
    leadTimeDays: z.number(),
    leadTimeSdDays: z.number(),
    law: z
      .enum(['sequential', 'parallel'])
      .describe('sequential: orders never overtake each other; parallel: each travels on its own'),
    minimum: z.int(),
    multiple: z.int(),
  }),
  demand: z.object({
    piecesPerYear: z.number(),
    ordersPerYear: z.number(),
    ordersVmr: z.number().describe('Variance to mean of the number of orders; 1 = Poisson'),
    sizes: z.array(z.object({pieces: z.int(), probability: z.number()})),
    ordersOnRecord: z.int().describe('Behind the sizes; 0: positions of machines say them'),
    leadTimeMean: z.number().describe('Pieces asked for over a lead time'),
    leadTimeVariance: z.number(),
  }),
  reviewDays: z.number(),
  orderMinor: z.int().describe('Of an order, whatever is in it'),
  holdingMinorPerYear: z.int().describe('Of a piece'),
  missedMinor: z.int().describe('Of a piece that is not there when it is asked for'),
  isFetched: z
    .boolean()
    .describe('A missed piece is fetched and costs missedMinor once; else it waits at owedMinorPerDay'),
  owedMinorPerDay: z.int().describe('missedMinor spread over the time until an order brings a piece'),
  policies: z.array(ComparedPolicy).describe('What decisions do first'),
  notCompared: z.array(z.object({kind, reason: z.enum(NOT_COMPARED)})),
  kept: z
    .object({
      baseStock: z.int(),
      premiumTiers: z.array(z.string()),
      standardTiers: z.array(z.string()),
      best: Kept,
      withoutKeeping: Kept,
      savingMinor: yearly,
    })
    .nullable()
    .describe(
      'Pieces kept for the tiers whose waiting costs most; null: customers of one tier, or a depot that replenishes others',
    ),
});

export const policyRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/plans/policies',
    tag: 'plans',
    permission: 'plans.read',
    summary: 'What each stock policy would give and cost for a part at a depot',
    query: z.object({
      partId: PartId.describe('The part'),
      depotId: DepotId.describe('The depot'),
      reviewDays: z
        .int()
        .min(1)
        .max(365)
        .optional()
        .describe('Days between two looks of periodic policies; default as often as decisions look'),
      fillRate: z
        .number()
        .gt(0)
        .lt(1)
        .optional()
        .describe('Also the level that fills this share of the pieces from the shelf, such as 0.95'),
    }),
    reply: PoliciesRun,
    refusals: ['unknown-part', 'unknown-depot', 'may-not-stock', 'no-source', 'no-demand', 'moves-too-fast'],
    async handle({query}, {planning}) {
      const run = await planning.policies(query);
      if (!run.ok) return run;
      const {partId, depotId, currency, sourceKind, sourceId, subject, leadTimeDemand, kept} = run.value;
      const {input, piecesPerYear, servedDepotIds, ordersOnRecord, ordersPerYear} = subject;
      const {orders, leadTime, lots, costs, reviewDays} = input;
      return ok({
        partId,
        depotId,
        servedDepotIds,
        currency,
        source: {
          kind: sourceKind,
          id: sourceId,
          leadTimeDays: leadTime.meanDays,
          leadTimeSdDays: leadTime.sdDays,
          law: leadTime.law,
          ...lots,
        },
        demand: {
          piecesPerYear,
          ordersPerYear,
          ordersVmr: orders.vmr,
          sizes: orders.sizes,
          ordersOnRecord,
          leadTimeMean: leadTimeDemand.mean,
          leadTimeVariance: leadTimeDemand.variance,
        },
        reviewDays,
        orderMinor: costs.orderMinor,
        holdingMinorPerYear: subject.holdingMinorPerYear,
        missedMinor: Math.round(costs.missedMinor),
        isFetched: costs.isFetched,
        owedMinorPerDay: Math.round(costs.owedMinorPerDay),
        policies: run.value.policies.map(({ordering, holding, shortage, total, ...policy}) => ({
          ...policy,
          isCheapest: policy.kind === run.value.cheapest,
          orderingMinor: ordering,
          holdingMinor: holding,
          shortageMinor: shortage,
          totalMinor: total,
        })),
        notCompared: run.value.notCompared,
        kept:
          kept === null
            ? null
            : {
                baseStock: kept.baseStock,
                premiumTiers: kept.premiumTiers,
                standardTiers: kept.standardTiers,
                best: keptOnWire(kept.best),
                withoutKeeping: keptOnWire(kept.withoutKeeping),
                savingMinor: Math.round(kept.savingPerYear),
              },
      });
    },
  }),
];

function keptOnWire({
  cost,
  ...level
}: {
  readonly level: number;
  readonly premiumFill: number;
  readonly standardFill: number;
  readonly meanOnHand: number;
  readonly cost: number;
}): z.input<typeof Kept> {
  return {...level, costMinor: Math.round(cost)};
}
