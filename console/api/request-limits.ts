import rateLimit from '@fastify/rate-limit';
import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {auditName} from '../../platform/principal.ts';
import {refuse} from './serve-routes.ts';

export interface RequestLimits {
  /** Requests a minute of one user or token. 0: no limit. */
  readonly perCaller: number;
  /** Requests a minute from one address, whoever sends them. 0: no limit. */
  readonly perAddress: number;
}

const WINDOW_MS = 60_000;
/** Callers and addresses that are counted; a further one pushes out the one that was quiet longest. */
const REMEMBERED_MAX = 10_000;

/** What of a request is refused, and for how long; null: nothing. */
type Limit = (request: FastifyRequest) => Promise<Excess | null>;

interface Excess {
  readonly waitS: number;
  readonly detail: string;
}

/**
 * Counts requests by the minute, in this process: by address before anybody is asked who calls, so that guessing and flooding cost no
 * query, and by caller after it, so that one program's loop is not everybody's trouble.
 *
 * Example: perCaller 2 → the third request of token x within a minute of its first is answered 429 with Retry-After.
 */
export async function limitRequests(
  app: FastifyInstance,
  {perCaller, perAddress}: RequestLimits,
): Promise<{readonly byAddress: Limit; readonly byCaller: Limit}> {
  await app.register(rateLimit, {global: false, timeWindow: WINDOW_MS, cache: REMEMBERED_MAX});
  const counted = {timeWindow: WINDOW_MS, cache: REMEMBERED_MAX};
  // Without a generator of ours the plugin takes the address, an IPv6 one by its network: who has a network has 2^64 addresses.
  return {
    byAddress: limit(perAddress, app.createRateLimit({...counted, max: perAddress}), 'from this address'),
    byCaller: limit(
      perCaller,
      app.createRateLimit({...counted, max: perCaller, keyGenerator: callerName}),
      'from this caller',
    ),
  };
}

/** Who runs the installation may be many programs, so those are told apart by where they are. */
export function callerName({principal, ip}: FastifyRequest): string {
  return principal === null || principal.kind === 'installation' ? `address ${ip}` : auditName(principal);
}

function limit(max: number, count: ReturnType<FastifyInstance['createRateLimit']>, whose: string): Limit {
  return async (request) => {
    if (max === 0) return null;
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return null;
    const waitS = counted.ttlInSeconds;
    const detail = `more than ${max} requests a minute came ${whose}; go on in ${waitS} s, or ask for more rows in one request`;
    return {waitS, detail};
  };
}

export function refuseExcess(
  request: FastifyRequest,
  reply: FastifyReply,
  {waitS, detail}: Excess,
): FastifyReply {
  return refuse(request, reply.header('retry-after', waitS), 'too-many-requests', detail);
}
