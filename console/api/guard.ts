import {createHash, timingSafeEqual} from 'node:crypto';
import type {FastifyRequest} from 'fastify';
import type {Result} from '../../domain/result.ts';
import {ok, refused} from '../../domain/result.ts';
import {isLoopback} from '../../platform/loopback.ts';
import {INSTALLATION} from '../../platform/principal.ts';
import type {Principal} from '../../platform/principal.ts';
import {TOKEN_PREFIX} from '../../platform/tokens.ts';
import type {ConsolePorts} from './ports.ts';
import {sessionSecret} from './session-cookie.ts';

type Asked = Pick<FastifyRequest, 'headers' | 'method' | 'host' | 'cookies'>;
export type Guard = (request: Asked) => Promise<Result<Principal>>;

/** The command line on its own data folder: whoever can read that may do all. */
export const OWN_PROCESS: Guard = () => Promise.resolve(ok(INSTALLATION));

export interface GuardOptions {
  /** FORESTOCK_API_TOKEN. */
  readonly apiToken?: string | undefined;
  /**
   * Who calls from this machine without a token or a session may do all: `never`, or as long as nobody was made a user
   * (`without-users`), or `always`, in the demo. Only where no other machine can reach the listener.
   */
  readonly openLoopback: 'never' | 'without-users' | 'always';
  /** PUBLIC_URL: where browsers find the console, when a proxy stands before it. */
  readonly publicUrl?: string | undefined;
}

/**
 * Decides who calls: by its token, else by its browser's session, else, where that is allowed, because it calls from this
 * machine. Whoever shows a token that is none is refused, and not taken for somebody else.
 */
export function createGuard(
  {apiToken, openLoopback, publicUrl}: GuardOptions,
  {tokens, sessions, users}: Pick<ConsolePorts, 'tokens' | 'sessions' | 'users'>,
): Guard {
  const expected = apiToken === undefined ? null : sha256(apiToken);
  const byToken = async (given: string): Promise<Result<Principal>> => {
    // Hashes have one length, so the comparison tells nothing about the token, not even how long it is.
    if (expected !== null && timingSafeEqual(sha256(given), expected)) return ok(INSTALLATION);
    const holder = given.startsWith(TOKEN_PREFIX) ? await tokens.holderOf(given) : null;
    if (holder !== null) return ok(holder);
    return refused(
      'token-unknown',
      'this token is none of this installation, or was revoked; ask whoever runs it for a new one',
    );
  };
  return async (request) => {
    const {authorization} = request.headers;
    if (authorization !== undefined) {
      const [, given] = /^Bearer (\S+)$/i.exec(authorization) ?? [];
      if (given !== undefined) return byToken(given);
      return refused('token-unknown', 'the header authorization is not of the form: Bearer <token>');
    }
    const secret = sessionSecret(request);
    const session = secret === undefined ? null : await sessions.find(secret);
    if (session !== null) {
      if (isReading(request) || isOwnOrigin(request, publicUrl)) return ok(session.principal);
      return refused(
        'foreign-origin',
        `a session changes something only from a page of ${request.host}, and this request says ${request.headers.origin ?? 'no origin'}; programs use a token`,
      );
    }
    if (openLoopback === 'always' || (openLoopback === 'without-users' && !(await users.any())))
      return fromThisMachine(request);
    return refused('sign-in-needed', 'nobody is signed in; sign in, or send authorization: Bearer <token>');
  };
}

function isReading({method}: Asked): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Browsers name the page that sends whatever is not a plain reading, and no page can change what they say. */
export function isOwnOrigin({headers: {origin}, host}: Asked, publicUrl: string | undefined): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false;
  const at = new URL(origin);
  return at.host === host || (publicUrl !== undefined && at.origin === new URL(publicUrl).origin);
}

/**
 * A page of another site, open in a browser on this machine, can send requests here too; so can one whose name was made to point
 * to 127.0.0.1. Such requests carry a foreign Origin or Host.
 */
function fromThisMachine({headers}: Asked): Result<Principal> {
  const host = hostname(`http://${headers.host ?? 'localhost'}`);
  const origin = headers.origin === undefined ? host : hostname(headers.origin);
  if (isLoopback(host) && isLoopback(origin) && headers['sec-fetch-site'] !== 'cross-site')
    return ok(INSTALLATION);
  return refused(
    'foreign-origin',
    `called as ${host} from ${origin}; use 127.0.0.1, or set FORESTOCK_API_TOKEN and send it`,
  );
}

function hostname(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, '$1') : 'an unreadable name';
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
