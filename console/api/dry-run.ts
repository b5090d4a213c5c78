import {z} from 'zod';
import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import {DAY_MS, epochMs, plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {ParameterChange, Stated} from '../../platform/parameters.ts';
import {BREACHES, PredictTuning, WatchRules, dryRunTuning, dryRunWatch} from '../../predict/api.ts';
import {dryRunPolicy} from '../../replenish/api.ts';
import type {ConsolePorts} from './ports.ts';
import {checkStated, wholeOf} from './tunables.ts';
import type {TunableKey} from './tunables.ts';
import {WhatIfReport} from './what-if-view.ts';
import {Instant} from './wire.ts';
import type {DeepReadonly} from './wire.ts';

const Compared = z.object({before: z.int(), after: z.int()});
const TuningReport = z.object({
  depth: z.literal('each-component-alone'),
  forecasts: z.int(),
  told: Compared.describe('Forecasts that replenish was to look at'),
  explained: Compared.describe('Forecasts that say which signals drive them'),
  changed: z.int(),
  changes: z
    .array(z.object({componentId: z.string(), asOf: Instant, told: z.enum(['before', 'after'])}))
    .describe('The oldest 1,000'),
});

const FirstFall = z.object({night: Instant, breaches: z.array(z.enum(BREACHES))}).nullable();
const WatchReport = z.object({
  depth: z.literal('each-night-alone'),
  nights: z.int(),
  changes: z.array(
    z.object({
      modelVersionId: z.string(),
      equipmentClassId: z.string(),
      before: FirstFall.describe('The first night on which it was out of bounds; null: none'),
      after: FirstFall,
    }),
  ),
});

/** What a change would have made of what is on record; of a policy the fields are those of `replay what-if`. */
export const DryRun = z.object({
  key: z.string(),
  since: Instant,
  fields: z.array(z.string()).describe('Fields that the change moves'),
  unseen: z
    .array(z.object({field: z.string(), why: z.string()}))
    .describe('Fields of them that nothing on record shows'),
  report: z.discriminatedUnion('depth', [WhatIfReport, TuningReport, WatchReport]),
});

export interface AskedChange {
  readonly change: Stated;
  readonly from?: string | undefined;
}

export function changeOf(key: TunableKey, {change: fields, from: text}: AskedChange): ParameterChange {
  return {key, change: fields, from: text === undefined ? undefined : epochMs(Date.parse(text))};
}

/** Fields of tunables that what is on record does not show, and why. */
const UNSEEN: Partial<Record<TunableKey, Readonly<Record<string, string>>>> = {
  'replenish.policy': {
    version: 'it is a name',
    recurring: 'a situation is recorded with the service that followed from it',
    promiseConfidence: 'it moves promised dates, and no decision',
    alertOpenMinor: 'it moves alerts, and no decision',
    alertClearMinor: 'it moves alerts, and no decision',
    approvalBands: 'it moves who answers a proposal, and no decision',
    autoOrdersPerDay: 'each decision is taken anew by itself, and the orders of a day are not counted',
  },
  'predict.tuning': {
    groupMaterialPpm: 'it moves when a whole group is told, and each component is taken by itself',
  },
  'predict.watch': {
    windowDays: 'a night keeps its figures, not what they were counted from',
    alarm: 'it moves figures that are shown, and no fallback',
  },
};

interface Whole {
  readonly before: Stated;
  readonly after: Stated;
  readonly moved: Stated;
  readonly from: EpochMs;
}
type Report = DeepReadonly<z.output<typeof DryRun>>['report'];
type Runs = Partial<Record<TunableKey, (db: ConsolePorts['db'], whole: Whole) => Promise<Result<Report>>>>;

/** What can be taken anew. */
const RUNS: Runs = {
  'replenish.policy': (db, {moved, from}) => dryRunPolicy(db, {change: moved, from}),
  'predict.tuning': (db, {before, after, from}) =>
    dryRunTuning(db, {before: PredictTuning.parse(before), after: PredictTuning.parse(after), from}),
  'predict.watch': async (db, {before, after, from}) =>
    ok(await dryRunWatch(db, {before: WatchRules.parse(before), after: WatchRules.parse(after), from})),
};

/** What the last days would have been with a change; writes nothing. */
export async function dryRun(
  key: TunableKey,
  {days, ...asked}: AskedChange & {readonly days: number},
  {parameters, clock, db}: Pick<ConsolePorts, 'parameters' | 'clock' | 'db'>,
): Promise<Result<DeepReadonly<z.output<typeof DryRun>>>> {
  const run = RUNS[key];
  if (run === undefined)
    return refused(
      'no-dry-run',
      `${key}: nothing on record can be taken anew with it; a dry run is there for ${Object.keys(RUNS).join(', ')}`,
    );
  const seen = await parameters.preview(changeOf(key, asked), (value) => checkStated(key, value));
  if (!seen.ok) return seen;
  const [before, after] = [wholeOf(key, seen.value.before), wholeOf(key, seen.value.value)];
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .sort();
  const hidden = UNSEEN[key] ?? {};
  const shown = fields.filter((field) => hidden[field] === undefined);
  const since = plusMs(clock.now(), -days * DAY_MS);
  const moved = Object.fromEntries(shown.map((field) => [field, after[field]]));
  const report = await run(db, {before, after, moved, from: since});
  if (!report.ok) return report;
  const unseen = fields.flatMap((field) => {
    const why = hidden[field];
    return why === undefined ? [] : [{field, why}];
  });
  return ok({key, since, fields, unseen, report: report.value});
}
