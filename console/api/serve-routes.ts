import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {z} from 'zod';
import {invariant} from '../../domain/invariant.ts';
import {auditName} from '../../platform/principal.ts';
import type {Principal} from '../../platform/principal.ts';
import {requestCheck} from './check-request.ts';
import type {Problem} from './check-request.ts';
import {statusOf} from './errors.ts';
import {boundsOf} from './permissions.ts';
import type {Permission, Reach} from './permissions.ts';
import type {ConsolePorts} from './ports.ts';
import type {Caller, Route} from './route.ts';
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

/** Puts a route table on the server: check, handle, encode. */
export function serveRoutes(app: FastifyInstance, routes: readonly Route[], ports: ConsolePorts): void {
  for (const route of routes) {
    requireBounds(route);
    const check = requestCheck(route);
    app.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      config: {permission: route.permission},
      ...(route.bodyBytesMax === undefined ? {} : {bodyLimit: route.bodyBytesMax}),
      async handler(request, reply) {
        const checked = check({
          params: request.params,
          query: request.query as Record<string, unknown>,
          body: request.body,
        });
        if (!checked.ok) return refuseInvalid(request, reply, checked);
        const caller = callerOf(request);
        const answer = await route.handle({...signed(checked.value, caller), caller}, ports);
        if (!answer.ok)
          return refuse(request, reply, answer.reason, answer.detail, detailsOf(answer, caller));
        return reply.send(z.encode(route.reply, answer.value));
      },
    });
  }
}

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

/** A refused row that was kept says where, so that it can be fixed and resubmitted. */
function detailsOf(answer: object, {reach}: Caller): Problem[] {
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
  const body: ErrorBody = {error, message, details, requestId: request.id};
  return reply.code(statusOf(error)).send(body);
}
