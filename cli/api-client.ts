import {setTimeout as pause} from 'node:timers/promises';
import {OWN_PROCESS} from '../console/api/guard.ts';
import {createConsole} from '../console/api/server.ts';
import {ErrorBody} from '../console/api/wire.ts';
import {OperationalFault, messageOf} from '../domain/fault.ts';
import {readConfiguration} from '../platform/configuration.ts';
import {createLogger} from '../platform/log.ts';
import {openBase} from './open-base.ts';
import {portsOf} from './serve-api.ts';

/** The HTTP API, over the network or inside this process: the commands do not know which. */
export interface Api {
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
  put(path: string, body: unknown): Promise<unknown>;
  delete(path: string, body?: unknown): Promise<unknown>;
  /**
   * As post, but what is refused because of the body is an answer: one of many may be wrong.
   *
   * @param key Header idempotency-key.
   */
  offer(path: string, body: unknown, key?: string): Promise<Offered>;
}

type Offered =
  {readonly ok: true; readonly reply: unknown} | {readonly ok: false; readonly refusal: ErrorBody};
/** Malformed, about nothing that is there, too late, or against the rules of the books. */
const ABOUT_THE_BODY: ReadonlySet<number> = new Set([400, 404, 409, 422]);

interface Answer {
  readonly status: number;
  readonly body: unknown;
}
type Send = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  key?: string,
) => Promise<Answer>;

/**
 * Runs a command on the running service (`--url` or FORESTOCK_URL), else on the configured database or data folder itself.
 *
 * @throws OperationalFault `api-refused`, `service-unreachable`, and what opening the database throws
 */
export async function withApi<T>(
  {url = process.env['FORESTOCK_URL']}: {readonly url?: string | undefined},
  work: (api: Api) => Promise<T>,
): Promise<T> {
  const configuration = readConfiguration(process.env);
  if (url !== undefined && url !== '') return work(client(overNetwork(url, configuration.apiToken)));
  const log = createLogger(process.env['LOG_LEVEL'] ?? 'warn');
  const base = await openBase(configuration, log).catch((cause: unknown): never => {
    throw withWayOut(cause, configuration.httpPort);
  });
  const app = await createConsole(portsOf(base, {configuration, log}), {guard: OWN_PROCESS});
  try {
    return await work(
      client(async (method, path, body, key) => {
        const response = await app.inject({
          method,
          url: path,
          headers: {host: 'localhost', ...keyed(key)},
          ...(body === undefined ? {} : {payload: body as object}),
        });
        return {status: response.statusCode, body: response.json<unknown>()};
      }),
    );
  } finally {
    await app.close();
    await base.close();
  }
}

function client(send: Send): Api {
  const accepted = (answer: Answer): unknown => {
    if (answer.status >= 400) throw refusal(answer);
    return answer.body;
  };
  return {
    get: async (path) => accepted(await send('GET', path)),
    post: async (path, body) => accepted(await send('POST', path, body)),
    put: async (path, body) => accepted(await send('PUT', path, body)),
    delete: async (path, body) => accepted(await send('DELETE', path, body)),
    async offer(path, body, key) {
      const answer = await send('POST', path, body, key);
      const refused = ErrorBody.safeParse(answer.body);
      return ABOUT_THE_BODY.has(answer.status) && refused.success
        ? {ok: false, refusal: refused.data}
        : {ok: true, reply: accepted(answer)};
    },
  };
}

function overNetwork(url: string, token: string | undefined): Send {
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new OperationalFault(
      'configuration-invalid',
      `--url or FORESTOCK_URL "${url}" is no address of a service; write http://127.0.0.1:8080`,
      {retryable: false},
    );
  const base = url.replace(/\/+$/, '');
  return async (method, path, body, key) => {
    const init = {
      method,
      headers: {
        ...(token === undefined ? {} : {authorization: `Bearer ${token}`}),
        ...(body === undefined ? {} : {'content-type': 'application/json'}),
        ...keyed(key),
      },
      ...(body === undefined ? {} : {body: JSON.stringify(body)}),
    };
    const response = await inTurn(() => fetch(`${base}${path}`, init)).catch((cause: unknown): never => {
      throw new OperationalFault(
        'service-unreachable',
        `nothing answers at ${base} (${whyUnreachable(cause)}); start the service, or correct --url`,
        {retryable: true, cause},
      );
    });
    return {status: response.status, body: await response.json().catch(() => null)};
  };
}

/** fetch itself says "fetch failed"; what failed is behind it: 'ECONNREFUSED'. */
function whyUnreachable(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return messageOf(error);
  return 'code' in cause ? String(cause.code) : cause.message;
}

/** Times that one request waits for its minute. */
const WAITS_MAX = 3;
const WAIT_MAX_S = 60;

/** Sends again what was refused for its number alone: it was not looked at, so it cannot be done twice. */
async function inTurn(send: () => Promise<Response>): Promise<Response> {
  for (let waits = 0; ; waits += 1) {
    const response = await send();
    const waitS = Number(response.headers.get('retry-after') ?? NaN);
    if (response.status !== 429 || waits === WAITS_MAX || !(waitS <= WAIT_MAX_S)) return response;
    await response.body?.cancel();
    await pause(waitS * 1000);
  }
}

function keyed(key: string | undefined): Readonly<Record<string, string>> {
  return key === undefined ? {} : {'idempotency-key': key};
}

function refusal({status, body}: Answer): OperationalFault {
  const parsed = ErrorBody.safeParse(body);
  const said = parsed.success ? whatToDo(parsed.data) : `the service answered ${status}`;
  const message = status === 401 ? `${said}; for this command: set FORESTOCK_API_TOKEN` : said;
  return new OperationalFault('api-refused', message, {retryable: status >= 500, cause: body});
}

/** The message, and every next step that its details name, each once. */
function whatToDo({message, details}: ErrorBody): string {
  return [message, ...new Set(details.map(({nextStep}) => nextStep))].join('; ');
}

/** A data folder has one process at a time: the running service does what the command wants. */
function withWayOut(cause: unknown, httpPort: number): unknown {
  if (!(cause instanceof OperationalFault) || cause.code !== 'data-folder-in-use') return cause;
  return new OperationalFault(
    'data-folder-in-use',
    `${cause.message}; or let the service that runs there do it: --url http://127.0.0.1:${httpPort}`,
    {retryable: false, cause},
  );
}
