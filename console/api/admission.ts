import type {FastifyInstance} from 'fastify';
import {invariant} from '../../domain/invariant.ts';
import type {Guard} from './guard.ts';
import {reachOf} from './permissions.ts';
import {limitRequests, refuseExcess} from './request-limits.ts';
import type {RequestLimits} from './request-limits.ts';
import {refuse} from './serve-routes.ts';

/** Looks at every request of the API before its route does: how many there were, who calls, and whether that one may. */
export async function admitRequests(
  app: FastifyInstance,
  {guard, limits}: {readonly guard: Guard; readonly limits: RequestLimits},
): Promise<void> {
  const {byAddress, byCaller} = await limitRequests(app, limits);
  app.decorateRequest('principal', null);
  app.decorateRequest('reach', null);
  app.addHook('onRoute', ({url, config}) => {
    invariant(!isGuarded(url) || config?.permission !== undefined, `${url} says which permission it needs`);
  });
  app.addHook('onRequest', async (request, reply) => {
    // The route that was found decides, not the request's own spelling: '/%61pi/…' and 'http://host/api/…' lead there as well.
    const at = request.routeOptions.url ?? request.url;
    if (!isGuarded(at)) return;
    const flood = await byAddress(request);
    if (flood !== null) return refuseExcess(request, reply, flood);
    const {permission} = request.routeOptions.config;
    if (permission === 'public') return;
    const allowed = await guard(request);
    if (!allowed.ok) return refuse(request, reply, allowed.reason, allowed.detail);
    request.principal = allowed.value;
    const excess = await byCaller(request);
    if (excess !== null) return refuseExcess(request, reply, excess);
    if (permission === undefined) return; // there is no such route, and that is what the caller hears
    request.reach = reachOf(allowed.value, permission);
    if (request.reach === null)
      return refuse(
        request,
        reply,
        'not-permitted',
        `${request.method} ${request.url.split('?')[0]!} needs the permission ${permission}, which the role ${allowed.value.role} does not have; ask an admin`,
      );
  });
}

/** What only somebody with a permission is answered; the rest is the page and health. */
function isGuarded(url: string): boolean {
  return url.startsWith('/api/') || url.startsWith('/metrics');
}
