import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {z} from 'zod';
import {invariant} from '../../domain/invariant.ts';
import type {Principal} from '../../platform/principal.ts';
import {requestCheck} from './check-request.ts';
import type {Problem} from './check-request.ts';
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

/** Puts a route table on the server: check, handle, encode. */
export function serveRoutes(app: FastifyInstance, routes: readonly Route[], ports: ConsolePorts): void {
  for (const route of routes) {
    const check = requestCheck(route);
    app.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      config: {forParties: route.forParties ?? false},
      ...(route.bodyBytesMax === undefined ? {} : {bodyLimit: route.bodyBytesMax}),
      async handler(request, reply) {
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
