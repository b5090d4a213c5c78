import {z} from 'zod';
import {invariant} from '../../domain/invariant.ts';
import {ok} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import {execute} from '../../network/api.ts';
import type {Command} from '../../network/api.ts';
import {auditName} from '../../platform/principal.ts';
import {mayTouch} from './approval.ts';
import type {OnShelves} from './approval.ts';
import type {ConsolePorts} from './ports.ts';
import {ownParty} from './reach.ts';
import {route} from './route.ts';
import type {Caller, Route} from './route.ts';

/** Who is speaking, when the body does not say. */
const SOURCE = 'api';

export const commandReply = z.object({
  repeated: z.boolean().describe('This request was carried out before; nothing was done again'),
  result: z.looseObject({}),
});

/**
 * A route that runs one command of the network. What the path names is left out of the body; source and sourceKey may be left out
 * too: then the caller is "api" and the key is the header idempotency-key, or this very request. Who speaks for a
 * party is its own source and names its own party, so that no party can meet another's keys or write into its log.
 */
export function commandRoute<B extends {source: string; sourceKey: string}, T>(
  command: Command<B, T>,
  options: Pick<Route, 'path' | 'tag' | 'summary' | 'permission' | 'keepsTo'> & {
    readonly method?: 'POST' | 'PUT' | 'DELETE';
    readonly params?: z.ZodObject;
    readonly refusals: readonly string[];
    /** Parts and depots that the command is about: with it the route keeps to the caller's own. */
    readonly shelvesOf?: (body: Spoken, ports: ConsolePorts) => Promise<OnShelves>;
    /** What else is to be looked at before it is done; its refusal is the answer. */
    readonly check?: (body: Spoken, caller: Caller, ports: ConsolePorts) => Promise<Result<null>>;
  },
): Route {
  const {params, refusals, method = 'POST', shelvesOf, check, keepsTo = [], ...rest} = options;
  const bounds = shelvesOf === undefined ? keepsTo : [...keepsTo, 'shelves' as const];
  const {schema} = command;
  invariant(schema instanceof z.ZodObject, `the schema of ${command.kind} is an object`);
  const shape = schema.shape as Record<string, z.ZodType>;
  const own = Object.entries(shape).filter(([name]) => !(name in (params?.shape ?? {})));
  const {source, sourceKey} = shape as Record<'source' | 'sourceKey', z.ZodString>;
  const body = z.object({
    ...Object.fromEntries(own),
    source: source.default(SOURCE),
    sourceKey: sourceKey.optional(),
  });
  return route({
    ...rest,
    ...(params === undefined ? {} : {params}),
    method,
    body,
    reply: commandReply,
    keepsTo: bounds,
    refusals: [...refusals, 'key-reused', ...bounds.flatMap((bound) => FOREIGN[bound])],
    async handle({params: path, body: given, caller}, ports) {
      const sent = given as {source: string; sourceKey?: string; partyId?: string};
      const whole = {
        ...sent,
        ...(path as object),
        sourceKey: sent.sourceKey ?? caller.key ?? caller.requestId,
      };
      const spoken = spokenBy(caller, whole);
      if (!spoken.ok) return spoken;
      if (caller.reach.kind === 'shelves') {
        const own = await mayTouch(caller, (await shelvesOf?.(spoken.value, ports)) ?? NOWHERE, ports);
        if (!own.ok) return own;
      }
      const checked = await check?.(spoken.value, caller, ports);
      if (checked?.ok === false) return checked;
      const outcome = await execute(ports.network.ports, command, spoken.value, actorOf(caller, sent.source));
      return outcome.ok
        ? ok({repeated: outcome.repeated, result: outcome.value as Record<string, unknown>})
        : outcome;
    },
  });
}

const FOREIGN = {party: ['foreign-party'], shelves: ['foreign-depot', 'foreign-segment']} as const;
const NOWHERE: OnShelves = {depotIds: [], partIds: []};

export type Spoken = Readonly<Record<string, unknown>> & {readonly source: string; readonly partyId?: string};

/** The body as its sender may say it. */
function spokenBy({reach}: Caller, body: Spoken): Result<Spoken> {
  if (reach.kind !== 'party') return ok(body);
  const source = ownParty(reach, body.source === SOURCE ? undefined : body.source);
  const partyId = ownParty(reach, body.partyId);
  if (!source.ok) return source;
  return partyId.ok ? ok({...body, source: reach.partyId, partyId: reach.partyId}) : partyId;
}

function actorOf({principal}: Caller, source: string): string {
  return principal.kind === 'installation' ? source : auditName(principal);
}
