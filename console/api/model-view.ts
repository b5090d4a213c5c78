import {z} from 'zod';
import type {RecordedStep, RegisteredModel, LiveHorizon} from '../../predict/api.ts';
import type {ModelComparison} from '../../replenish/api.ts';
import type {DeepReadonly} from './wire.ts';
import {Instant} from './wire.ts';

/** What a version is to one of its classes. */
const Standing = z.object({
  equipmentClassId: z.string(),
  state: z.enum(['shadow', 'champion', 'fallen-back', 'retired']),
  since: Instant,
  actor: z.string(),
  reason: z.string(),
});

export const ModelVersion = z.object({
  modelVersionId: z.string(),
  equipmentClassIds: z.array(z.string()),
  pooled: z.boolean().describe('One model for several classes; a class’s own goes before it'),
  passed: z.boolean().describe('Whether its card passed the gate when it was trained'),
  source: z.string().describe('What it was trained on'),
  manifestSha256: z.string(),
  firstSeenAt: Instant,
  standings: z.array(Standing),
});

export const ModelHistory = z.object({
  equipmentClassId: z.string(),
  event: z.string(),
  state: z.string(),
  fromAt: Instant,
  actor: z.string(),
  reason: z.string(),
  evidence: z.looseObject({}),
});

export function modelView(
  model: RegisteredModel,
  now: readonly RecordedStep[],
): DeepReadonly<z.output<typeof ModelVersion>> {
  const {card, ...rest} = model;
  return {
    ...rest,
    passed: card['passed'] === true,
    source: typeof card['source'] === 'string' ? card['source'] : 'not recorded',
    standings: now
      .filter((step) => step.modelVersionId === model.modelVersionId)
      .map(({fromAt: since, ...step}) => ({...step, since})),
  };
}

const Metrics = z.object({
  brier: z.number(),
  logLoss: z.number(),
  averagePrecision: z.number().nullable().describe('Null where nothing failed'),
  calibrationError: z.number(),
});
const Act = z.object({
  depotId: z.string(),
  action: z.string(),
  quantity: z.int(),
  sourceId: z.string().nullable(),
  mode: z.string().nullable(),
  landedMinor: z.int(),
  expectedMinor: z
    .number()
    .nullable()
    .describe('What came of it, as it failed; null: not known yet, or not open'),
});

export const ModelComparisonView = z.object({
  modelVersionIds: z.array(z.string()).length(2),
  live: z.array(
    z.object({
      equipmentClassId: z.string(),
      horizons: z.array(
        z.object({
          horizonH: z.int(),
          rows: z.int().describe('Daily forecasts of both that have come to an end'),
          failures: z.int(),
          enough: z.boolean().describe('For the gate'),
          first: Metrics.nullable(),
          second: Metrics.nullable(),
        }),
      ),
    }),
  ),
  decisions: z.int().describe('Recorded in that time; the newest 2,000 at most'),
  spoken: z.int().describe('Of them, those that the second version had forecast for'),
  resolved: z.int().describe('Of these, those whose four weeks are over'),
  totals: z.array(
    z.object({currency: z.string(), decisions: z.int(), beforeMinor: z.number(), afterMinor: z.number()}),
  ),
  changed: z.array(
    z.object({
      decisionId: z.string(),
      decidedAt: Instant,
      partId: z.string(),
      currency: z.string(),
      before: Act,
      after: Act,
    }),
  ),
});

export function comparedView(
  one: RegisteredModel,
  other: RegisteredModel,
  live: readonly {readonly equipmentClassId: string; readonly horizons: readonly LiveHorizon[]}[],
  decisions: ModelComparison,
): DeepReadonly<z.output<typeof ModelComparisonView>> {
  return {
    modelVersionIds: [one.modelVersionId, other.modelVersionId],
    live: live.map(({equipmentClassId, horizons}) => ({
      equipmentClassId,
      horizons: horizons.map(({champion, challenger, ...rest}) => ({
        ...rest,
        first: metricsView(champion),
        second: metricsView(challenger),
      })),
    })),
    ...decisions,
  };
}

function metricsView(metrics: LiveHorizon['champion']): z.output<typeof Metrics> | null {
  if (metrics === null) return null;
  const {brier, logLoss, averagePrecision, calibrationError} = metrics;
  return {
    brier,
    logLoss,
    averagePrecision: Number.isFinite(averagePrecision) ? averagePrecision : null,
    calibrationError,
  };
}
