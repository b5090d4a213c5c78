import {z} from 'zod';
import {DepotId, PartId} from '../../../domain/ids.ts';
import {ok} from '../../../domain/result.ts';
import {DAY_MS, epochMs} from '../../../domain/time.ts';
import {ACCURACY_GROUPS, demandAccuracy, listDemandForecasts} from '../../../replenish/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

const share = z.number().min(0).max(1);

export const DemandForecastRow = z.object({
  partId: z.string(),
  depotId: z.string(),
  asOf: Instant.describe('Demand before it is in the forecast'),
  perYear: z.number().describe('Pieces a year, beside failures that are forecast machine by machine'),
  vmr: z
    .number()
    .describe('Variance over mean of the demand over the lead time, the error of the rate included'),
  season: z
    .array(z.number())
    .nullable()
    .describe('Demand of each month of the year over that of the mean month, January first; null: no season'),
  priorKind: z
    .enum(['master-data', 'like-parts', 'population', 'superseded'])
    .describe('What a short history is drawn towards'),
  priorPerYear: z.number(),
  masterPerYear: z.number().describe('What the master data says'),
  credibility: share.describe('Weight of the part’s own history here'),
  historyMonths: z.number(),
  pieces: z.number().describe('Asked for in that time'),
  hiddenShare: share.describe('Of the demand of that time, what stock-outs hid'),
});

const methodError = z.object({
  wape: z.number().nullable().describe('Σ |error| / Σ actual'),
  rmse: z.number().describe('Root of the mean squared error of a month, in pieces'),
});

export const DemandAccuracyRow = z.object({
  of: z.string().describe('The part, the criticality or the depot'),
  forecasts: z.int().describe('Months of part-depots'),
  expected: z.number(),
  actual: z.number(),
  wape: z.number().nullable().describe('Σ |actual − expected| / Σ actual'),
  bias: z.number().nullable().describe('(Σ expected − Σ actual) / Σ actual; above 0 too much was forecast'),
  pinball90: z.number().describe('Mean pinball loss of the 0.9 quantile, in pieces'),
  covered90: share.describe('Share of the months within the 0.9 quantile'),
  signal: z
    .number()
    .describe('Tracking signal: cumulative error in deviations; above 0 too little was forecast'),
  alarm: z.boolean(),
  valueAdded: z
    .object({
      months: z.int().describe('Months of part-depots in which simple methods could be asked as well'),
      forecast: methodError,
      naive: methodError.describe('As much as in the month before'),
      sba: methodError.describe('Croston, corrected by Syntetos and Boylan; smoothing 0.1'),
      tsb: methodError.describe('Teunter, Syntetos and Babai; smoothing 0.1'),
      againstNaive: z
        .number()
        .nullable()
        .describe('WAPE of naive less that of the forecast; above 0 the forecast adds value'),
      againstBest: z
        .number()
        .nullable()
        .describe(
          '1 − RMSE of the forecast / RMSE of the best simple method; below 0 that method was better',
        ),
    })
    .describe('Forecast value added: the forecast against simple methods, on the very same months'),
});

const MONTHS = 12;
const MONTH_DAYS = 30.4375;
const one = {
  partId: PartId.optional().describe('Only this part'),
  depotId: DepotId.optional().describe('Only this depot'),
  limit: pageLimit,
};

export const demandForecastRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/demand/forecasts',
    tag: 'demand',
    permission: 'demand.read',
    summary: 'What decisions take the demand beside predicted failures to be, the busiest part-depots first',
    query: z.object(one),
    reply: z.object({forecasts: z.array(DemandForecastRow)}),
    handle: async ({query}, {db, clock}) =>
      ok({
        forecasts: (await listDemandForecasts(db, query, clock.now())).map((row) => ({
          ...row,
          priorKind: row.priorKind as z.output<typeof DemandForecastRow>['priorKind'],
        })),
      }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/demand/accuracy',
    tag: 'demand',
    permission: 'demand.read',
    summary:
      'Forecasts of demand against what came, month by month: error, bias, tracking signal, and what they add to simple methods; the most drifted first',
    query: z.object({
      ...one,
      by: z.enum(ACCURACY_GROUPS).default('part').describe('One row for each of these'),
      months: z.int().min(1).max(60).default(MONTHS).describe('How far back, in months'),
    }),
    reply: z.object({
      accuracy: z.array(DemandAccuracyRow),
      total: DemandAccuracyRow.nullable().describe('Over all of them, listed or not'),
    }),
    async handle({query: {months, ...query}}, {db, clock}) {
      const from = epochMs(clock.now() - (months + 1) * MONTH_DAYS * DAY_MS);
      return ok(await demandAccuracy(db, {...query, from}));
    },
  }),
];
