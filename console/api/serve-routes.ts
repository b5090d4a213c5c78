import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {z} from 'zod';
import {invariant} from '../../domain/invariant.ts';
import {ok} from '../../domain/result.ts';
import type {Principal} from '../../platform/principal.ts';
import {requestCheck} from './check-request.ts';
import type {Problem} from './check-request.ts';
import {CSV_ROWS_MAX, csvFile, csvLimit, csvListOf, prefersCsv} from './csv-list.ts';
import type {CsvList} from './csv-list.ts';
import {statusOf} from './errors.ts';
import type {ConsolePorts} from './ports.ts';
import type {Caller, Route} from './route.ts';
import type {ErrorBody} from './wire.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, once the guard has said so. */
    principal: Principal | null;
  }
  interface FastifyContextConfig {
    readonly forParties?: boolean;
  }
}

/** Puts a route table on the server: check, handle, encode; lists also as files for a spreadsheet. */
export function serveRoutes(app: FastifyInstance, routes: readonly Route[], ports: ConsolePorts): void {
  for (const route of routes) {
    const check = requestCheck(route);
    const url = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const config = {forParties: route.forParties ?? false};
    const list = csvListOf(route);
    const file = list === null ? null : csvHandler(route, list, ports);
    if (file !== null && !route.path.endsWith('}'))
      app.route({method: 'GET', url: `${url}.csv`, config, handler: file});
    app.route({
      method: route.method,
      url,
      config,
      ...(route.bodyBytesMax === undefined ? {} : {bodyLimit: route.bodyBytesMax}),
      async handler(request, reply) {
        if (file !== null && prefersCsv(request.headers.accept)) return file(request, reply);
        const checked = check({
          params: request.params,
          query: request.query as Record<string, unknown>,
          body: request.body,
        });
        if (!checked.ok)
          return refuse(request, reply, checked.reason, whatIsWrong(checked.problems), checked.problems);
        const caller = callerOf(request);
        const answer = await route.handle({...checked.value, caller}, ports);
        if (!answer.ok)
          return refuse(request, reply, answer.reason, answer.detail, detailsOf(answer, caller));
        return reply.send(z.encode(route.reply, answer.value));
      },
    });
  }
}

/** Answers a list as a file. Whether its limit ended it stands in its name, for in a sheet nobody sees what is not there. */
function csvHandler(
  route: Route,
  list: CsvList,
  ports: ConsolePorts,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  const check = requestCheck(route);
  return async (request, reply) => {
    const {limit: asked, ...query} = request.query as Readonly<Record<string, unknown>>;
    const limit = csvLimit(asked);
    const checked = check({params: request.params, query, body: undefined});
    const problems = [...checked.problems, ...(limit === null ? [BAD_CSV_LIMIT] : [])];
    if (!checked.ok || limit === null)
      return refuse(request, reply, 'invalid-request', whatIsWrong(problems), problems);
    const file = await csvFile(list, limit, async (rowsMax, cursor) => {
      const paged = {...(checked.value.query as object), ...(cursor === undefined ? {} : {cursor})};
      const answer = await route.handle(
        {
          ...checked.value,
          query: list.hasLimit ? {...paged, limit: rowsMax} : paged,
          caller: callerOf(request),
        },
        ports,
      );
      if (!answer.ok) return answer;
      const next = (answer.value as {readonly nextCursor?: unknown}).nextCursor ?? null;
      const written = z.encode(route.reply, answer.value) as Record<string, unknown[]>;
      return ok({rows: written[list.name]!, next});
    });
    if (!file.ok) return refuse(request, reply, file.reason, file.detail);
    const name = file.value.isCut ? `${list.name}-first-${limit}.csv` : `${list.name}.csv`;
    return reply
      .header('content-type', 'text/csv; charset=utf-8; header=present')
      .header('content-disposition', `attachment; filename="${name}"`)
      .header('vary', 'accept')
      .send(file.value.text);
  };
}

const BAD_CSV_LIMIT: Problem = {
  path: 'query.limit',
  what: `is no whole number from 1 to ${CSV_ROWS_MAX}`,
  nextStep: 'leave it out, or ask for fewer rows',
};

function callerOf(request: FastifyRequest): Caller {
  const {principal} = request;
  invariant(principal !== null, 'the guard has looked at every request of the API');
  const key = request.headers['idempotency-key'];
  return {
    principal,
    requestId: request.id,
    key: typeof key === 'string' && key !== '' ? key.slice(0, 200) : null,
  };
}

function whatIsWrong(problems: readonly Problem[]): string {
  return problems.map(({path, what}) => `${path}: ${what}`).join('; ');
}

/** A refused row that was kept says where, so that it can be fixed and resubmitted. */
function detailsOf(answer: object, {principal}: Caller): Problem[] {
  if (!('quarantineId' in answer) || typeof answer.quarantineId !== 'string') return [];
  const {quarantineId} = answer;
  return [
    {
      path: 'body',
      what: `kept as ${quarantineId}`,
      nextStep:
        principal.kind === 'party'
          ? 'correct it and send it again, or tell us this id'
          : `correct it and POST /api/v1/quarantine/${quarantineId}/resubmit`,
    },
  ];
}

/** Every error of the API has this one shape. */
export function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  error: string,
  message: string,
  details: Problem[] = [],
): FastifyReply {
  const body: ErrorBody = {error, message, details, requestId: request.id};
  return reply.code(statusOf(error)).send(body);
}
