import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {BREACHES, findWatched} from '../../../predict/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

const Drift = z.object({
  of: z.string().describe('P(28 d), or a signal'),
  before: z.int().describe('Components or machines in its first four weeks'),
  now: z.int(),
  psi: z.number().describe('Population stability index over the deciles of what was'),
  ks: z.number().describe('Kolmogorov–Smirnov: largest distance of the distributions'),
  pValue: z.number().describe('How often chance alone gives as much'),
});

const WatchedSlice = z.object({
  said: z.string().describe('Model version; of age models their kind'),
  equipmentClassId: z.string(),
  depotId: z.string().nullable().describe('null: all depots'),
  breaches: z.array(z.enum(BREACHES)).describe('What is out of bounds'),
  figures: z.object({
    calibration: z.array(
      z.object({
        horizonH: z.int(),
        forecasts: z.int(),
        expected: z.number().describe('Failures, the sum of the stated probabilities'),
        observed: z.int(),
        low: z.int().describe('With the next: where 99 % of the counts lie if the probabilities are right'),
        high: z.int(),
        evidence: z.number().describe('Nights that a right model needs on average to look so wrong once'),
      }),
    ),
    alarms: z.object({
      failures: z.int(),
      foreseen: z.int(),
      leadHours: z.number().nullable().describe('Median of those foreseen'),
      trueAlarms: z.int(),
      falseAlarms: z.int(),
      machineYears: z.number(),
      falseAlarmsPerMachineYear: z.number().nullable(),
    }),
    scores: Drift.nullable(),
    inputs: z.array(Drift),
  }),
});

export const ModelWatch = z.object({
  night: Instant.nullable().describe('When it was looked last; null: not yet'),
  slices: z.array(WatchedSlice),
});

export const modelWatchRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/model-watch',
    tag: 'models',
    permission: 'models.read',
    summary: 'What was forecast and what came of it, as the last night found it, by version and class',
    query: z.object({
      equipmentClassId: z.string().optional().describe('Only this class of equipment'),
      depotId: z.string().optional().describe('The figures of this depot too; * for every depot'),
      limit: pageLimit,
    }),
    reply: ModelWatch,
    async handle({query}, {db}) {
      const found = await findWatched(db, query);
      return ok({night: found?.night ?? null, slices: found?.rows ?? []});
    },
  }),
];
