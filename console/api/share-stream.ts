import {z} from 'zod';
import {invariant} from '../../domain/invariant.ts';
import {DAY_MS, plusMs} from '../../domain/time.ts';
import type {FeedStream} from '../../platform/feed-stream.ts';
import {csvListOf} from './csv-list.ts';
import type {ConsolePorts} from './ports.ts';
import type {Caller, Route} from './route.ts';
import {prepare} from './shared-reply.ts';
import {Instant} from './wire.ts';

/** Version 1 of what a party hears on the bus: one state of one kind of data, as its share grants it. */
export const SharedStateV1 = z
  .object({
    version: z.literal(1),
    partyId: z.string(),
    data: z.string(),
    shareVersion: z.int(),
    purpose: z.string(),
    useRights: z.string(),
    sentAt: Instant,
    keepUntil: Instant.describe('So long the party may keep it'),
    rows: z.array(z.record(z.string(), z.unknown())).describe('As the list of the API has them'),
  })
  .meta({title: 'SharedStateV1'});

/** Shares that are sent in one round; the rest is still due in the next. */
const SHARES_MAX = 100;

/**
 * Sends the state of each share with a frequency to its party's own subject, as often as was agreed and at least once (K4). It is what the
 * party would be answered at the API, made by the same function.
 *
 * @param routes  The table that has the lists.
 * @returns how many states were sent; 0 when none is due.
 */
export async function publishShares(
  ports: ConsolePorts,
  {stream, routes}: {readonly stream: FeedStream; readonly routes: readonly Route[]},
): Promise<number> {
  const due = await ports.dataShares.dueForStream(SHARES_MAX);
  let sent = 0;
  for (const share of due) {
    const route = routes.find(({method, shares}) => method === 'GET' && shares === share.data);
    if (route === undefined) continue; // notices have no list
    const {partyId, data, purpose, useRights, retentionDays} = share;
    const query = route.query === undefined ? {} : route.query.parse({});
    const prepared = await prepare(
      route,
      {params: {}, query, body: undefined, caller: asParty(partyId)},
      ports,
    );
    if (!prepared.ok) {
      ports.log.warn({partyId, data, reason: prepared.detail}, 'a share was not sent');
      continue;
    }
    const list = csvListOf(route);
    invariant(list !== null, `${route.path} is a list`);
    const sentAt = ports.clock.now();
    const state = {version: 1, partyId, data, shareVersion: share.version, purpose, useRights} as const;
    const keepUntil = plusMs(sentAt, retentionDays * DAY_MS);
    const rows = prepared.value.body[list.name] as Record<string, unknown>[];
    const body = z.encode(SharedStateV1, {...state, sentAt, keepUntil, rows});
    await stream.publish(
      subjectOf(partyId, data),
      `share:${partyId}:${data}:${share.version}:${sentAt}`,
      body,
    );
    await prepared.value.record('stream');
    sent += 1;
  }
  return sent;
}

/** Names are parts of a subject: two parties never have one. Example: 'SUP.07' → 'shares.v1.SUP%2E07.stock'. */
export function subjectOf(partyId: string, data: string): string {
  const safe = encodeURIComponent(partyId).replaceAll('.', '%2E').replaceAll('*', '%2A');
  return `shares.v1.${safe}.${data}`;
}

/** Who asks where nobody does. */
function asParty(partyId: string): Caller {
  return {
    principal: {kind: 'token', name: 'share', role: 'supplier', partyId, depotIds: null, segments: null},
    reach: {kind: 'party', partyId, segments: null},
    requestId: `share of ${partyId}`,
    key: null,
  };
}
