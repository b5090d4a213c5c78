import {z} from 'zod';
import {invariant} from '../../domain/invariant.ts';
import {ok} from '../../domain/result.ts';
import {execute} from '../../network/api.ts';
import type {Command} from '../../network/api.ts';
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
 * too: then the caller is "api" and the key is the header idempotency-key, or this very request.
 */
export function commandRoute<B extends {source: string; sourceKey: string}, T>(
  command: Command<B, T>,
  options: Pick<Route, 'path' | 'tag' | 'summary'> & {
    readonly params?: z.ZodObject;
    readonly refusals: readonly string[];
  },
): Route {
  const {params, refusals, ...rest} = options;
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
    method: 'POST',
    body,
    reply: commandReply,
    refusals: [...refusals, 'key-reused'],
    async handle({params: path, body: given, caller}, {network}) {
      const sent = given as {source: string; sourceKey?: string};
      const whole = {
        ...sent,
        ...(path as object),
        sourceKey: sent.sourceKey ?? caller.key ?? caller.requestId,
      };
      const outcome = await execute(network.ports, command, whole, sent.source);
      return outcome.ok
        ? ok({repeated: outcome.repeated, result: outcome.value as Record<string, unknown>})
        : outcome;
    },
  });
}
