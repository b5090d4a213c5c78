import {z} from 'zod';
import {ACTIONS} from '../../../domain/decision.ts';
import {ok, refused} from '../../../domain/result.ts';
import type {Result} from '../../../domain/result.ts';
import {DAY_MS, epochMs, plusMs, toIso} from '../../../domain/time.ts';
import type {ParameterChange, Stated} from '../../../platform/parameters.ts';
import {dryRunPolicy} from '../../../replenish/api.ts';
import type {Policy} from '../../../replenish/api.ts';
import type {ConsolePorts} from '../ports.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {TUNABLES, TUNABLE_KEYS, checkStated, tunableKey, wholeOf} from '../tunables.ts';
import type {TunableKey} from '../tunables.ts';
import {Instant} from '../wire.ts';
import type {DeepReadonly} from '../wire.ts';

/** Versions of one tunable that a list shows at most. */
const VERSIONS_MAX = 50;
const BODY_BYTES_MAX = 64 * 1024;

const Fields = z.record(z.string(), z.unknown());
const Version = z.object({from: Instant, value: Fields, changedBy: z.string()});

export const Parameter = z.object({
  key: z.enum(TUNABLE_KEYS),
  about: z.string(),
  value: Fields.describe('In force now, whole: what is stated over what is delivered'),
  stated: Fields.describe('What somebody has stated of it'),
  versions: z.array(Version).describe('Newest first, those still to come included'),
});

export const ParameterChanged = z.object({
  key: z.enum(TUNABLE_KEYS),
  from: Instant,
  changed: z.boolean().describe('False: that was in force already'),
  before: Fields,
  value: Fields,
  until: Instant.nullable().describe('A version scheduled earlier takes over then, as it was stated'),
});

const Act = z.object({
  depotId: z.string(),
  action: z.enum(ACTIONS),
  quantity: z.int(),
  sourceId: z.string().nullable(),
  mode: z.string().nullable(),
  state: z.enum(['recorded', 'proposed', 'executed']),
  landedMinor: z.int(),
  expectedMinor: z.int().nullable(),
});
const ActTotals = z.object({acts: z.int(), pieces: z.int(), landedMinor: z.int()});

/** What a change would have made of recorded decisions; the fields are those of `replay what-if`. */
export const DryRun = z.object({
  key: z.enum(TUNABLE_KEYS),
  since: Instant,
  fields: z.array(z.string()).describe('Fields that the change moves'),
  unseen: z
    .array(z.object({field: z.string(), why: z.string()}))
    .describe('Fields of them that no recorded decision shows'),
  report: z.object({
    depth: z.literal('each-decision-alone'),
    decisions: z.int(),
    reproduced: z.int(),
    same: z.int(),
    changed: z.int(),
    byAction: z.array(
      z.object({before: z.enum(ACTIONS), after: z.enum(ACTIONS), same: z.int(), changed: z.int()}),
    ),
    totals: z.array(
      z.object({
        currency: z.string(),
        before: ActTotals,
        after: ActTotals,
        compared: z.int(),
        beforeMinor: z.int(),
        afterMinor: z.int(),
      }),
    ),
    untouched: z.array(z.string()),
    changes: z.array(
      z.object({
        decisionId: z.string(),
        decidedAt: z.int().describe('Epoch milliseconds'),
        partId: z.string(),
        currency: z.string(),
        before: Act,
        after: Act,
      }),
    ),
  }),
});

const params = z.object({
  key: z
    .string()
    .max(64)
    .describe(`One of ${TUNABLE_KEYS.join(', ')}`),
});
const change = Fields.describe('Fields and their new values; null: as delivered');
const from = z.iso.datetime().optional().describe('World time from which it holds; left out: now');

export const parameterRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/parameters',
    tag: 'parameters',
    summary: 'What ops tune: the value in force, and every version with its date and who stated it',
    query: z.object({}),
    reply: z.object({parameters: z.array(Parameter)}),
    handle: async (_request, ports) =>
      ok({parameters: await Promise.all(TUNABLE_KEYS.map((key) => described(key, ports)))}),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/parameters/{key}',
    tag: 'parameters',
    summary: 'Changes fields of a tunable from an instant on; what was decided before stays as it is',
    params,
    body: z.object({change, from, actor: z.string().min(1).max(64).default('api')}),
    bodyBytesMax: BODY_BYTES_MAX,
    reply: ParameterChanged,
    refusals: ['unknown-tunable', 'parameter-invalid', 'effective-in-past'],
    async handle({params: {key: name}, body}, {parameters}) {
      const named = tunableKey(name);
      if (!named.ok) return named;
      const key = named.value;
      const asked = {...changeOf(key, body), ...labelOf(key), actor: body.actor};
      const done = await parameters.activate(asked, (value) => checkStated(key, value));
      return done.ok ? ok({key, ...done.value}) : done;
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/parameters/{key}/dry-run',
    tag: 'parameters',
    summary:
      'Which decisions of the last days a change would have made otherwise, one by one; writes nothing',
    params,
    body: z.object({change, from, days: z.int().min(1).max(400).describe('Days back from now')}),
    bodyBytesMax: BODY_BYTES_MAX,
    reply: DryRun,
    refusals: [
      'unknown-tunable',
      'parameter-invalid',
      'effective-in-past',
      'no-dry-run',
      'too-many-decisions',
    ],
    async handle({params: {key}, body}, ports) {
      const named = tunableKey(key);
      return named.ok ? dryRun(named.value, body, ports) : named;
    },
  }),
];

async function described(
  key: TunableKey,
  {parameters, clock}: Pick<ConsolePorts, 'parameters' | 'clock'>,
): Promise<z.output<typeof Parameter>> {
  const versions = await parameters.versions(key, VERSIONS_MAX);
  const stated = versions.find((version) => version.from <= clock.now())?.value ?? {};
  return {key, about: TUNABLES[key].about, value: wholeOf(key, stated), stated, versions: [...versions]};
}

interface AskedChange {
  readonly change: Stated;
  readonly from?: string | undefined;
}

function changeOf(key: TunableKey, {change: fields, from: text}: AskedChange): ParameterChange {
  return {key, change: fields, from: text === undefined ? undefined : epochMs(Date.parse(text))};
}

/** Decisions name the version of their policy: one that nobody named is called by its date. */
function labelOf(key: TunableKey): Pick<ParameterChange, 'label'> {
  return key === 'replenish.policy' ? {label: (from) => ({version: `from-${toIso(from)}`})} : {};
}

/** Fields of the policy that a recorded situation does not show, and why. */
const UNSEEN: Readonly<Record<string, string>> = {
  version: 'it is a name',
  recurring: 'a situation is recorded with the service that followed from it',
  promiseConfidence: 'it moves promised dates, and no decision',
  alertOpenMinor: 'it moves alerts, and no decision',
  alertClearMinor: 'it moves alerts, and no decision',
  autoOrdersPerDay: 'each decision is taken anew by itself, and the orders of a day are not counted',
};

async function dryRun(
  key: TunableKey,
  {days, ...asked}: AskedChange & {days: number},
  {parameters, clock, db}: Pick<ConsolePorts, 'parameters' | 'clock' | 'db'>,
): Promise<Result<DeepReadonly<z.output<typeof DryRun>>>> {
  if (key !== 'replenish.policy')
    return refused(
      'no-dry-run',
      `${key} is no part of a recorded situation, so no decision can be taken anew with it; a dry run is there for replenish.policy`,
    );
  const seen = await parameters.preview(changeOf(key, asked), (value) => checkStated(key, value));
  if (!seen.ok) return seen;
  const [before, after] = [wholeOf(key, seen.value.before), wholeOf(key, seen.value.value)];
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .sort();
  const shown = fields.filter((field) => UNSEEN[field] === undefined);
  const since = plusMs(clock.now(), -days * DAY_MS);
  const moved = Object.fromEntries(shown.map((field) => [field, after[field]])) as Partial<Policy>;
  const run = await dryRunPolicy(db, {change: moved, from: since});
  if (!run.ok) return run;
  const unseen = fields.flatMap((field) => {
    const why = UNSEEN[field];
    return why === undefined ? [] : [{field, why}];
  });
  return ok({key, since, fields, unseen, report: run.value});
}
