import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {invariant} from '../../domain/invariant.ts';
import {ok} from '../../domain/result.ts';
import {auditName} from '../../platform/principal.ts';
import type {Principal} from '../../platform/principal.ts';
import {requestCheck} from './check-request.ts';
import type {Problem} from './check-request.ts';
import {CSV_ROWS_MAX, csvFile, csvLimit, csvListOf, prefersCsv} from './csv-list.ts';
import type {CsvList} from './csv-list.ts';
import {deprecationHeaders, sunsetWatch} from './deprecation.ts';
import type {Deprecation} from './deprecation.ts';
import {statusOf} from './errors.ts';
import {boundsOf} from './permissions.ts';
import type {Permission, Reach} from './permissions.ts';
import type {ConsolePorts} from './ports.ts';
import type {Caller, Route} from './route.ts';
import {answerOf, requireShared, sharedColumns} from './shared-reply.ts';
import type {ErrorBody} from './wire.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, and how far the route's permission reaches for it, once that is known. */
    principal: Principal | null;
    reach: Reach | null;
  }
  interface FastifyContextConfig {
    /** What a caller of the API needs; `public`: nothing. */
    readonly permission?: Permission | 'public';
  }
}

/** Puts a route table on the server: check, handle, encode; lists also as files for a spreadsheet. */
export function serveRoutes(app: FastifyInstance, routes: readonly Route[], ports: ConsolePorts): void {
  const isNews = sunsetWatch();
  /** Tells the caller in the reply, and whoever runs the installation in the log. */
  const goingHook =
    ({method, path}: Route, deprecation: Deprecation) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      void reply.headers(deprecationHeaders(deprecation));
      const route = `${method} ${path}`;
      const caller = auditName(callerOf(request).principal);
      if (isNews(route, caller))
        ports.log.warn(
          {route, caller, ...deprecation},
          'a route that is going is still called; tell the caller',
        );
    };
  for (const route of routes) {
    requireBounds(route);
    requireShared(route);
    const check = requestCheck(route);
    const url = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const config = {permission: route.permission, parameters: Object.keys(route.query?.shape ?? {})};
    const going = route.deprecated && {onRequest: goingHook(route, route.deprecated)};
    const list = csvListOf(route);
    const file = list === null ? null : csvHandler(route, list, ports);
    if (file !== null && !route.path.endsWith('}'))
      app.route({method: 'GET', url: `${url}.csv`, config, ...going, handler: file});
    app.route({
      method: route.method,
      url,
      config,
      ...going,
      ...(route.bodyBytesMax === undefined ? {} : {bodyLimit: route.bodyBytesMax}),
      async handler(request, reply) {
        if (file !== null && prefersCsv(request.headers.accept)) return file(request, reply);
        const checked = check({
          params: request.params,
          query: request.query as Record<string, unknown>,
          body: request.body,
        });
        if (!checked.ok) return refuseInvalid(request, reply, checked);
        const caller = callerOf(request);
        const answer = await answerOf(route, {...signed(checked.value, caller), caller}, ports, 'api');
        if (!answer.ok)
          return refuse(request, reply, answer.reason, answer.detail, detailsOf(answer, caller));
        return reply.send(answer.value);
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
    const {limit: given, ...query} = request.query as Readonly<Record<string, unknown>>;
    const limit = csvLimit(given);
    const checked = check({params: request.params, query, body: undefined});
    const problems = [...checked.problems, ...(limit === null ? [BAD_CSV_LIMIT] : [])];
    if (!checked.ok || limit === null)
      return refuseInvalid(request, reply, {reason: 'invalid-request', problems});
    const asked = {...checked.value, caller: callerOf(request)};
    const columns = await sharedColumns(route, list.columns, asked, ports);
    const file = await csvFile({...list, columns}, limit, async (rowsMax, cursor) => {
      const paged = {...(checked.value.query as object), ...(cursor === undefined ? {} : {cursor})};
      const query = list.hasLimit ? {...paged, limit: rowsMax} : paged;
      const answer = await answerOf(route, {...asked, query}, ports, 'csv');
      if (!answer.ok) return answer;
      const {[list.name]: rows, nextCursor: next = null} = answer.value;
      return ok({rows: rows as unknown[], next});
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
  const {principal, reach} = request;
  invariant(principal !== null && reach !== null, 'the guard has looked at every request of the API');
  const key = request.headers['idempotency-key'];
  return {
    principal,
    reach,
    requestId: request.id,
    key: typeof key === 'string' && key !== '' ? key.slice(0, 200) : null,
  };
}

/** A role that has a permission within bounds only must not meet a route that knows none. */
function requireBounds({method, path, permission, keepsTo = []}: Route): void {
  const open = boundsOf(permission).filter((bound) => !keepsTo.includes(bound));
  invariant(
    open.length === 0,
    `${method} ${path} keeps to the bounds of ${permission}: ${open.join(', ')} missing in keepsTo`,
  );
}

/** Who runs the installation says in whose name; everybody else acts in the own. */
function signed<T extends {readonly body: unknown}>(checked: T, {principal}: Caller): T {
  const {body} = checked;
  if (principal.kind === 'installation' || typeof body !== 'object' || body === null || !('actor' in body))
    return checked;
  return {...checked, body: {...body, actor: auditName(principal)}};
}

/** A request that does not fit its schema: the answer lists everything that is wrong with it. */
export function refuseInvalid(
  request: FastifyRequest,
  reply: FastifyReply,
  {reason, problems}: {readonly reason: string; readonly problems: Problem[]},
): FastifyReply {
  const all = problems.map(({path, what}) => `${path}: ${what}`).join('; ');
  return refuse(request, reply, reason, all, problems);
}

/** What a handler found wrong by field; and a refused row that was kept says where, so that it can be fixed and resubmitted. */
function detailsOf(answer: object, {reach}: Caller): Problem[] {
  if ('problems' in answer) return answer.problems as Problem[];
  if (!('quarantineId' in answer) || typeof answer.quarantineId !== 'string') return [];
  const {quarantineId} = answer;
  return [
    {
      path: 'body',
      what: `kept as ${quarantineId}`,
      nextStep:
        reach.kind === 'party'
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
  request.refusal = error;
  const body: ErrorBody = {error, message, details, requestId: request.id};
  return reply.code(statusOf(error)).send(body);
}
