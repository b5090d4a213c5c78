import type {FastifyInstance, FastifyRequest} from 'fastify';
import {PATH_MAX} from '../../platform/access-log.ts';
import type {Access, AccessLog} from '../../platform/access-log.ts';
import {auditName} from '../../platform/principal.ts';
import {TOKEN_PREFIX} from '../../platform/tokens.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Code of what it was refused with; null: not, or not yet. */
    refusal: string | null;
  }
  interface FastifyContextConfig {
    /** Names of the parameters that the route takes: what else stands in a query is not kept. */
    readonly parameters?: readonly string[];
  }
}

/** Of somebody unknown: nothing was shown, or nobody was asked. Such requests cost no query, so they cost no row. */
const SHOWED_NOTHING: ReadonlySet<string> = new Set(['sign-in-needed', 'too-many-requests']);
const NOT_LET_IN: ReadonlySet<number> = new Set([401, 403, 429]);

/**
 * Leaves a row for each request of the API by somebody who is known, and for each sign-in or token that was refused. It is noted before the
 * first byte of the answer goes: who hangs up has asked all the same. A stream that has taken the connection over notes itself.
 */
export function recordAccess(app: FastifyInstance, accessLog: AccessLog): void {
  app.decorateRequest('refusal', null);
  app.addHook('onSend', async (request, reply) => noteAccess(request, reply.statusCode, accessLog));
  app.addHook('onClose', () => accessLog.close());
}

export function noteAccess(request: FastifyRequest, status: number, accessLog: AccessLog): void {
  const {principal, refusal, routeOptions, url, method, ip} = request;
  if (!(routeOptions.url ?? url).startsWith('/api/')) return;
  if (principal === null && !isTurnedAway(status, refusal)) return;
  const path = keptPath(url, routeOptions.config.parameters ?? []);
  const who: Pick<Access, 'caller' | 'role' | 'partyId'> =
    principal === null
      ? {caller: null, role: null, partyId: null}
      : {caller: auditName(principal), role: principal.role, partyId: principal.partyId};
  accessLog.add({...who, method, path, status, refusal, address: ip});
}

function isTurnedAway(status: number, refusal: string | null): boolean {
  return refusal !== null && NOT_LET_IN.has(status) && !SHOWED_NOTHING.has(refusal);
}

/** Tokens of ours, and signed ones of a provider. */
const SECRET = new RegExp(String.raw`${TOKEN_PREFIX}[\w-]+|eyJ[\w-]+\.[\w-]+(\.[\w-]*)?`, 'g');

/**
 * What of an address is kept: the path, and those parameters that the route takes. People and programs put passwords and tokens where none
 * belong, so what no route knows is left out, and what looks like a token is taken out of the rest.
 *
 * Example: '/api/v1/orders?partId=P-1&token=fst_x' with parameters ['partId'] → '/api/v1/orders?partId=P-1&…'.
 */
export function keptPath(url: string, parameters: readonly string[]): string {
  const [path = '', query = ''] = plainSpelling(url).split(/\?(.*)/s);
  const given = query === '' ? [] : query.split('&');
  const kept = given.filter((one) => parameters.includes(one.split('=')[0]!));
  const shown = [...kept, ...(kept.length < given.length ? ['…'] : [])].join('&');
  const text = `${path}${shown === '' ? '' : '?'}${shown}`.replaceAll(SECRET, '[secret]');
  return text.length <= PATH_MAX ? text : `${text.slice(0, PATH_MAX - 1)}…`;
}

/**
 * As everybody else would write the same address, so that no spelling hides a request or a token from who looks for it: without the server's name,
 * and without escapes of what needs none (RFC 3986, 6.2.2.2).
 *
 * Example: 'http://host/%61pi/v1/orders?at=%2B1' → '/api/v1/orders?at=%2B1'.
 */
function plainSpelling(url: string): string {
  return url.replace(/^https?:\/\/[^/]*/i, '').replaceAll(/%[0-9a-f]{2}/gi, (escaped) => {
    const character = String.fromCharCode(parseInt(escaped.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : escaped;
  });
}
