import {createHash, timingSafeEqual} from 'node:crypto';
import type {FastifyRequest} from 'fastify';
import type {Result} from '../../domain/result.ts';
import {ok, refused} from '../../domain/result.ts';
import {isLoopback} from '../../platform/loopback.ts';
import {INSTALLATION} from '../../platform/principal.ts';
import type {Principal} from '../../platform/principal.ts';
import {TOKEN_PREFIX} from '../../platform/tokens.ts';
import type {Tokens} from '../../platform/tokens.ts';

export type Guard = (request: Pick<FastifyRequest, 'headers'>) => Promise<Result<Principal>>;

/**
 * Decides who calls. A token of a party: that party. The installation's token, where one is set: whoever runs it. Where none is
 * set: callers on this machine, and no foreign web page.
 */
export function createGuard(token: string | undefined, tokens: Pick<Tokens, 'holderOf'>): Guard {
  const expected = token === undefined ? null : sha256(token);
  return async ({headers}) => {
    const [, given] = /^Bearer (\S+)$/i.exec(headers.authorization ?? '') ?? [];
    // Hashes have one length, so the comparison tells nothing about the token, not even how long it is.
    if (given !== undefined && expected !== null && timingSafeEqual(sha256(given), expected))
      return ok(INSTALLATION);
    if (given?.startsWith(TOKEN_PREFIX) === true) {
      const holder = await tokens.holderOf(given);
      if (holder !== null) return ok(holder);
      return refused(
        'token-unknown',
        'this token is none of this installation, or was revoked; ask whoever runs it for a new one',
      );
    }
    if (expected === null) return ownOriginOnly(headers);
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
function ownOriginOnly(headers: FastifyRequest['headers']): Result<Principal> {
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
