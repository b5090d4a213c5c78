import {z} from 'zod';
import {invariant} from '../../domain/invariant.ts';
import {ok} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import {execute} from '../../network/api.ts';
import type {Command} from '../../network/api.ts';
import type {Principal} from '../../platform/principal.ts';
import {ownParty} from './own-party.ts';
import {route} from './route.ts';
import type {Route} from './route.ts';

/** Who is speaking, when the body does not say. */
const SOURCE = 'api';

export const commandReply = z.object({
  repeated: z.boolean().describe('This request was carried out before; nothing was done again'),
  result: z.looseObject({}),
});

/**
 * A route that runs one command of the network. What the path names is left out of the body; source and sourceKey may be left out
 * too: then the caller is "api" and the key is the header idempotency-key, or this very request. A token of a party is its own
 * source and names its own party, so that no party can meet another's keys or write into its log.
 */
export function commandRoute<B extends {source: string; sourceKey: string}, T>(
  command: Command<B, T>,
  options: Pick<Route, 'path' | 'tag' | 'summary' | 'forParties'> & {
    readonly method?: 'POST' | 'PUT' | 'DELETE';
    readonly params?: z.ZodObject;
    readonly refusals: readonly string[];
  },
): Route {
  const {params, refusals, method = 'POST', ...rest} = options;
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
    refusals: [...refusals, 'key-reused', ...(rest.forParties === true ? ['foreign-party'] : [])],
    async handle({params: path, body: given, caller}, {network}) {
      const sent = given as {source: string; sourceKey?: string; partyId?: string};
      const whole = {
        ...sent,
        ...(path as object),
        sourceKey: sent.sourceKey ?? caller.key ?? caller.requestId,
      };
      const spoken = spokenBy(caller.principal, whole);
      if (!spoken.ok) return spoken;
      const outcome = await execute(
        network.ports,
        command,
        spoken.value,
        actorOf(caller.principal, sent.source),
      );
      return outcome.ok
        ? ok({repeated: outcome.repeated, result: outcome.value as Record<string, unknown>})
        : outcome;
    },
  });
}

type Spoken = Readonly<Record<string, unknown>> & {readonly source: string; readonly partyId?: string};

/** The body as its sender may say it. */
function spokenBy(principal: Principal, body: Spoken): Result<Spoken> {
  if (principal.kind === 'installation') return ok(body);
  const source = ownParty(principal, body.source === SOURCE ? undefined : body.source);
  const partyId = ownParty(principal, body.partyId);
  if (!source.ok) return source;
  return partyId.ok ? ok({...body, source: principal.partyId, partyId: principal.partyId}) : partyId;
}

function actorOf(principal: Principal, source: string): string {
  return principal.kind === 'installation' ? source : `token ${principal.tokenName}`;
}
