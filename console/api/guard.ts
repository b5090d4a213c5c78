import {createHash, timingSafeEqual} from 'node:crypto';
import type {FastifyRequest} from 'fastify';
import type {Result} from '../../domain/result.ts';
import {ok, refused} from '../../domain/result.ts';

/** Addresses that only programs of this machine reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Decides who may call. With a token: whoever shows it. Without: only callers on this machine, and no foreign web page. */
export function createGuard(token: string | undefined): (request: FastifyRequest) => Result<null> {
  if (token === undefined) return ownOriginOnly;
  const expected = sha256(token);
  return ({headers}) => {
    const [, given] = /^Bearer (\S+)$/i.exec(headers.authorization ?? '') ?? [];
    // Hashes have one length, so the comparison tells nothing about the token, not even how long it is.
    if (given !== undefined && timingSafeEqual(sha256(given), expected)) return ok(null);
    return refused(
      'token-needed',
      'this API asks for a token; send authorization: Bearer <FORESTOCK_API_TOKEN>',
    );
  };
}

/**
 * A page of another site, open in a browser on this machine, can send requests here too; so can one whose name was made to point
 * to 127.0.0.1. Such requests carry a foreign Origin or Host.
 */
function ownOriginOnly({headers}: FastifyRequest): Result<null> {
  const host = hostname(`http://${headers.host ?? 'localhost'}`);
  const origin = headers.origin === undefined ? host : hostname(headers.origin);
  if (isLoopback(host) && isLoopback(origin) && headers['sec-fetch-site'] !== 'cross-site') return ok(null);
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
