import {randomUUID} from 'node:crypto';
import fastify from 'fastify';
import type {FastifyError, FastifyInstance} from 'fastify';
import {OperationalFault, messageOf} from '../../domain/fault.ts';
import type {Configuration} from '../../platform/configuration.ts';
import {isLoopback} from '../../platform/loopback.ts';
import {createGuard} from './guard.ts';
import {serveHealth} from './health.ts';
import {openApiOf} from './openapi.ts';
import type {ConsolePorts} from './ports.ts';
import {ROUTES} from './routes.ts';
import {servePages} from './serve-page.ts';
import {refuse, serveRoutes} from './serve-routes.ts';
import {serveStream} from './stream.ts';

export interface ConsoleServer {
  /** Where it listens: 'http://127.0.0.1:8080'. */
  readonly url: string;
  /** Takes no new request, lets those under way end. */
  stop(): Promise<void>;
}

/** Rows of master data are the largest thing that comes in, and their route says so itself. */
const BODY_BYTES_MAX = 1024 * 1024;
const SWEEP_MS = 50;
/** A request that takes longer than this to answer is cut off when the service stops. */
const DRAIN_MS = 5000;

/** The API without a listener: for the server below, for tests and for commands that work on the data folder itself. */
export function createConsole(ports: ConsolePorts, token: string | undefined): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    genReqId: () => randomUUID(),
    routerOptions: {ignoreTrailingSlash: true},
  });
  app.removeContentTypeParser('text/plain'); // a form of a foreign page may send it without asking
  const guard = createGuard(token, ports.tokens);
  app.decorateRequest('principal', null);
  app.addHook('onRequest', async (request, reply) => {
    // The route that was found decides, not the request's own spelling: '/%61pi/…' and 'http://host/api/…' lead there as well.
    const at = request.routeOptions.url ?? request.url;
    if (!at.startsWith('/api/') && !at.startsWith('/metrics')) return;
    const allowed = await guard(request);
    if (!allowed.ok) return refuse(request, reply, allowed.reason, allowed.detail);
    request.principal = allowed.value;
    // What does not say that it is for parties is not: the stream, the metrics and this very document included.
    if (allowed.value.kind === 'party' && request.routeOptions.config.forParties !== true)
      return refuse(
        request,
        reply,
        'not-for-parties',
        `${request.method} ${request.url.split('?')[0]!} is not for parties; use POST /api/v1/repairs and GET /api/v1/repair-reports`,
      );
  });
  const showPage = servePages(app);
  app.setNotFoundHandler((request, reply) => {
    if (showPage(request, reply)) return reply;
    return refuse(
      request,
      reply,
      'unknown-route',
      `${request.method} ${request.url.split('?')[0]!} is not here; every route is in /api/v1/openapi.json`,
    );
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const code = codeOf(error);
    if (code !== 'internal') return refuse(request, reply, code, messageOf(error));
    ports.log.error(
      {requestId: request.id, method: request.method, route: request.routeOptions.url, err: error},
      'request failed',
    );
    return refuse(
      request,
      reply,
      code,
      `something of ours broke; the log has it under request ${request.id}`,
    );
  });
  const document = openApiOf(ROUTES, {secured: token !== undefined});
  app.get('/api/v1/openapi.json', () => document);
  serveHealth(app, ports);
  serveStream(app, ports);
  serveRoutes(app, ROUTES, ports);
  return app;
}

/** What fastify says about a request that never reached a route. */
function codeOf({code, statusCode}: FastifyError): string {
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return 'too-large';
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return 'wrong-content-type';
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY' || code === 'FST_ERR_CTP_EMPTY_JSON_BODY')
    return 'malformed-json';
  return statusCode !== undefined && statusCode < 500 ? 'invalid-request' : 'internal';
}

/**
 * Opens the API on HTTP_HOST:HTTP_PORT.
 *
 * @throws OperationalFault `configuration-invalid` outside loopback without a token, `http-port-taken`
 */
export async function startConsole(
  ports: ConsolePorts,
  {httpHost, httpPort, apiToken}: Pick<Configuration, 'httpHost' | 'httpPort' | 'apiToken'>,
): Promise<ConsoleServer> {
  if (apiToken === undefined && !isLoopback(httpHost)) {
    throw new OperationalFault(
      'configuration-invalid',
      `HTTP_HOST: ${httpHost} is reached from other machines; set FORESTOCK_API_TOKEN (make one with: openssl rand -base64 32), or HTTP_HOST=127.0.0.1`,
      {retryable: false},
    );
  }
  const app = createConsole(ports, apiToken);
  const url = await app
    .listen({host: httpHost, port: httpPort})
    .catch(async (cause: unknown): Promise<never> => {
      await app.close();
      throw listenFault(cause, httpHost, httpPort);
    });
  if (apiToken === undefined)
    ports.log.warn({url}, 'the API is open to every program on this machine: no FORESTOCK_API_TOKEN');
  ports.log.info({url}, 'API listening');
  return {url, stop: () => closeInTime(app)};
}

/** Lets requests under way end; connections that are kept alive for a next one are closed as they fall idle. */
async function closeInTime(app: FastifyInstance): Promise<void> {
  const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
  const force = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(force);
  }
}

function listenFault(cause: unknown, host: string, port: number): OperationalFault {
  const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
  const message = taken
    ? `port ${port} on ${host} is taken; stop what listens there, set HTTP_PORT, or shift all ports with --port-offset 100`
    : `cannot listen on ${host}:${port}: ${messageOf(cause)}`;
  return new OperationalFault(taken ? 'http-port-taken' : 'http-listen-failed', message, {
    retryable: false,
    cause,
  });
}
