import {z} from 'zod';
import {MODES} from '../../../domain/decision.ts';
import type {Mode} from '../../../domain/decision.ts';
import {ok} from '../../../domain/result.ts';
import {toIso} from '../../../domain/time.ts';
import type {ParameterChange} from '../../../platform/parameters.ts';
import {DryRun, changeOf, dryRun} from '../dry-run.ts';
import type {ConsolePorts} from '../ports.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {TUNABLES, TUNABLE_KEYS, checkStated, tunableKey, wholeOf} from '../tunables.ts';
import type {TunableKey} from '../tunables.ts';
import {Instant} from '../wire.ts';

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
    permission: 'parameters.read',
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
    permission: 'parameters.change',
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
    permission: 'what-if.run',
    summary:
      'What a change would have made otherwise of the last days: decisions, told forecasts or fallbacks, one by one; writes nothing',
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
      'too-many-forecasts',
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

/** What decisions may do now: as tuned, else as the installation was started. */
export async function modeInForce(
  ports: Pick<ConsolePorts, 'parameters' | 'clock' | 'installation'>,
): Promise<Mode> {
  const {stated} = await described('replenish.policy', ports);
  const mode = MODES.find((one) => one === stated['mode']);
  return mode ?? ports.installation.mode;
}

/** Decisions name the version of their policy: one that nobody named is called by its date. */
function labelOf(key: TunableKey): Pick<ParameterChange, 'label'> {
  return key === 'replenish.policy' ? {label: (from) => ({version: `from-${toIso(from)}`})} : {};
}
