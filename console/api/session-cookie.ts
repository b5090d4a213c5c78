import type {} from '@fastify/cookie'; // requests have cookies
import type {FastifyReply, FastifyRequest} from 'fastify';
import type {EpochMs} from '../../domain/time.ts';

/**
 * Over TLS the name carries a promise that browsers keep: such a cookie is set by this very host, for all of it, and travels
 * through TLS only (RFC 6265bis, `__Host-`). Without TLS they would not keep it at all.
 */
const SECURE_NAME = '__Host-forestock';
const PLAIN_NAME = 'forestock';

/** What the browser's session cookie carries. Another site's page cannot have it sent: SameSite=Strict. */
export function sessionSecret({cookies}: Pick<FastifyRequest, 'cookies'>): string | undefined {
  return cookies[SECURE_NAME] ?? cookies[PLAIN_NAME];
}

/** Whether the browser speaks TLS, to us or to a proxy before us. */
export function isSecure({protocol}: FastifyRequest, publicUrl: string | undefined): boolean {
  return protocol === 'https' || publicUrl?.startsWith('https:') === true;
}

export function setSessionCookie(
  reply: FastifyReply,
  session: {readonly secret: string; readonly endsAt: EpochMs},
  isSecure: boolean,
): void {
  void reply.setCookie(isSecure ? SECURE_NAME : PLAIN_NAME, session.secret, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure,
    expires: new Date(session.endsAt),
  });
}

export function clearSessionCookie(reply: FastifyReply): void {
  for (const [name, secure] of [
    [SECURE_NAME, true],
    [PLAIN_NAME, false],
  ] as const)
    void reply.clearCookie(name, {path: '/', httpOnly: true, sameSite: 'strict', secure});
}
