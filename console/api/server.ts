import {randomUUID} from 'node:crypto';
import cookie from '@fastify/cookie';
import fastify from 'fastify';
import type {FastifyError, FastifyInstance} from 'fastify';
import {OperationalFault, messageOf} from '../../domain/fault.ts';
import type {Configuration} from '../../platform/configuration.ts';
import {isLoopback} from '../../platform/loopback.ts';
import {openProvider} from '../../platform/oidc.ts';
import type {Provider} from '../../platform/oidc.ts';
import {recordAccess} from './access-record.ts';
import {admitRequests} from './admission.ts';
import {asyncApi} from './asyncapi.ts';
import {createGuard} from './guard.ts';
import type {Guard} from './guard.ts';
import {serveHealth} from './health.ts';
import {openApiOf} from './openapi.ts';
import type {ConsolePorts} from './ports.ts';
import {replyHeaders} from './reply-headers.ts';
import type {RequestLimits} from './request-limits.ts';
import {DESCRIBED, ROUTES} from './routes.ts';
import {servePages} from './serve-page.ts';
import {refuse, serveRoutes} from './serve-routes.ts';
import {OIDC_PATH, serveOidc} from './serve-oidc.ts';
import {serveSession} from './serve-session.ts';
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

export interface ConsoleOptions {
  /** Who calls. */
  readonly guard: Guard;
  /** Whether callers have to say so; the OpenAPI document tells. Default: no. */
  readonly isSecured?: boolean;
  /** PUBLIC_URL. */
  readonly publicUrl?: string | undefined;
  readonly provider?: Provider | null;
  /** Default: none, for who calls in this process. */
  readonly limits?: RequestLimits;
  /** Addresses and networks whose X-Forwarded headers are believed. */
  readonly trustedProxies?: readonly string[];
}

const NO_LIMITS: RequestLimits = {perCaller: 0, perAddress: 0};

/** The API without a listener: for the server below, for tests and for commands that work on the data folder itself. */
export async function createConsole(
  ports: ConsolePorts,
  {
    guard,
    isSecured = false,
    publicUrl,
    provider = null,
    limits = NO_LIMITS,
    trustedProxies = [],
  }: ConsoleOptions,
): Promise<FastifyInstance> {
  const headers = replyHeaders(publicUrl);
  const app = fastify({
    // An address that cannot be read meets no hook and no handler below.
    frameworkErrors: (error, request, reply) => {
      refuse(request, reply.headers(headers), codeOf(error), messageOf(error));
    },
    bodyLimit: BODY_BYTES_MAX,
    genReqId: () => randomUUID(),
    routerOptions: {ignoreTrailingSlash: true},
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
  });
  app.removeContentTypeParser('text/plain'); // a form of a foreign page may send it without asking
  app.addHook('onRequest', async (_request, reply) => {
    void reply.headers(headers);
  });
  await app.register(cookie);
  recordAccess(app, ports.accessLog);
  await admitRequests(app, {guard, limits});
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
  const document = openApiOf(DESCRIBED, {secured: isSecured});
  app.get('/api/v1/openapi.json', {config: {permission: 'api.describe'}}, () => document);
  const feeds = asyncApi();
  app.get('/api/v1/asyncapi.json', {config: {permission: 'api.describe'}}, () => feeds);
  const hasOidc = provider?.hasBrowserSignIn === true;
  serveSession(app, ports, {guard, publicUrl, oidcPath: hasOidc ? OIDC_PATH : null});
  if (hasOidc) serveOidc(app, ports, {provider, publicUrl});
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

type Served = Pick<
  Configuration,
  | 'httpHost'
  | 'httpPort'
  | 'httpTrustedProxies'
  | 'httpCallerLimit'
  | 'httpAddressLimit'
  | 'apiToken'
  | 'publicUrl'
> &
  Parameters<typeof openProvider>[0];

/**
 * Opens the API on HTTP_HOST:HTTP_PORT.
 *
 * @throws OperationalFault `configuration-invalid` where other machines reach it and nobody has to sign in, `http-port-taken`
 */
export async function startConsole(ports: ConsolePorts, configuration: Served): Promise<ConsoleServer> {
  const {httpHost, httpPort, apiToken, publicUrl} = configuration;
  const provider = openProvider(configuration);
  const mustSignIn =
    apiToken !== undefined || provider !== null || (!ports.installation.open && (await ports.users.any()));
  if (!mustSignIn && !isLoopback(httpHost)) {
    throw new OperationalFault(
      'configuration-invalid',
      `HTTP_HOST: ${httpHost} is reached from other machines; make a user (forestock user add), set FORESTOCK_API_TOKEN (make one with: openssl rand -base64 32), or HTTP_HOST=127.0.0.1`,
      {retryable: false},
    );
  }
  const openLoopback =
    apiToken !== undefined || provider !== null || !isLoopback(httpHost)
      ? 'never'
      : ports.installation.open
        ? 'always'
        : 'without-users';
  const guard = createGuard({apiToken, openLoopback, publicUrl, provider}, ports);
  const app = await createConsole(ports, {
    guard,
    isSecured: mustSignIn,
    publicUrl,
    provider,
    limits: {perCaller: configuration.httpCallerLimit, perAddress: configuration.httpAddressLimit},
    trustedProxies: configuration.httpTrustedProxies,
  });
  const url = await app
    .listen({host: httpHost, port: httpPort})
    .catch(async (cause: unknown): Promise<never> => {
      await app.close();
      throw listenFault(cause, httpHost, httpPort);
    });
  if (!mustSignIn)
    ports.log.warn(
      {url},
      'the API is open to every program on this machine: there are no users and no FORESTOCK_API_TOKEN',
    );
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
