import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {z} from 'zod';
import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import type {Pending, Provider} from '../../platform/oidc.ts';
import type {ConsolePorts} from './ports.ts';
import {refuse} from './serve-routes.ts';
import {isSecure, setSessionCookie} from './session-cookie.ts';

export const OIDC_PATH = '/api/v1/session/oidc';
/** The browser brings it back from the provider's page, so it is Lax where the session is Strict. */
const PENDING = 'forestock-sign-in';
const PENDING_S = 600;
const PendingText = z.object({state: z.string(), nonce: z.string(), verifier: z.string()});

/**
 * The way of a browser to the provider and back. What it comes back with opens a session. The page that answers then leads on by
 * itself: a redirect would belong to the provider's navigation, and a Strict cookie is not sent with that.
 */
export function serveOidc(
  app: FastifyInstance,
  {sessions, log}: Pick<ConsolePorts, 'sessions' | 'log'>,
  {provider, publicUrl}: {readonly provider: Provider; readonly publicUrl: string | undefined},
): void {
  const config = {permission: 'public'} as const;
  const base = (request: FastifyRequest): string =>
    (publicUrl ?? `${request.protocol}://${request.host}`).replace(/\/+$/, '');
  const callback = (request: FastifyRequest): string => `${base(request)}${OIDC_PATH}/callback`;

  app.get(OIDC_PATH, {config}, async (request, reply) => {
    const begun = await provider.begin(callback(request));
    if (!begun.ok) return refuse(request, reply, begun.reason, begun.detail);
    const {url, pending} = begun.value;
    void reply.setCookie(PENDING, Buffer.from(JSON.stringify(pending)).toString('base64url'), {
      path: OIDC_PATH,
      httpOnly: true,
      sameSite: 'lax',
      secure: isSecure(request, publicUrl),
      maxAge: PENDING_S,
    });
    return reply.redirect(url);
  });

  app.get(`${OIDC_PATH}/callback`, {config}, async (request, reply) => {
    const pending = readPending(request);
    void reply.clearCookie(PENDING, {path: OIDC_PATH});
    if (!pending.ok) return refuse(request, reply, pending.reason, pending.detail);
    const {search} = new URL(request.url, 'http://localhost');
    const found = await provider.finish(new URL(`${callback(request)}${search}`), pending.value);
    if (!found.ok) {
      log.warn({address: request.ip, reason: found.reason}, 'sign-in by the provider refused');
      return refuse(request, reply, found.reason, found.detail);
    }
    request.principal = found.value;
    setSessionCookie(reply, await sessions.open(found.value), isSecure(request, publicUrl));
    return leadOn(reply);
  });
}

function readPending({cookies}: FastifyRequest): Result<Pending> {
  try {
    const text = Buffer.from(cookies[PENDING] ?? '', 'base64url').toString();
    return ok(PendingText.parse(JSON.parse(text)));
  } catch {
    return refused(
      'oidc-refused',
      `this browser has not begun to sign in, or more than ${PENDING_S / 60} min ago; start again at ${OIDC_PATH}`,
    );
  }
}

function leadOn(reply: FastifyReply): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .send(
      '<!doctype html><html lang="en"><head><meta http-equiv="refresh" content="0; url=/"><title>Signed in</title></head><body><a href="/">Go on</a></body></html>',
    );
}
