import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {epochMs} from '../../../domain/time.ts';
import {listAccess} from '../../../platform/access-log.ts';
import {keyCursor} from '../key-cursor.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

export const AccessView = z
  .object({
    accessNo: z.int(),
    at: Instant,
    caller: z
      .string()
      .nullable()
      .describe('By the name that the audit trail knows; null: the sign-in or the token was refused'),
    role: z.string().nullable(),
    partyId: z.string().nullable().describe('The party that it speaks for'),
    method: z.string(),
    path: z.string().describe('As asked, with the parameters that the route takes'),
    status: z.int(),
    refusal: z.string().nullable().describe('Code of the refusal; null: it was answered'),
    address: z.string(),
  })
  .meta({title: 'Access'});

const AccessCursor = keyCursor(z.object({at: z.int(), accessNo: z.int()}));

export const accessLogRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/access-log',
    tag: 'audit',
    permission: 'audit.read',
    summary:
      'Who asked the API for what, newest first: requests of known callers, and refused sign-ins and tokens',
    query: z.object({
      caller: z.string().max(200).optional().describe('By the name that the audit trail knows'),
      partyId: z.string().max(200).optional().describe('Only of those who speak for this party'),
      from: Instant.optional().describe('World time, from this instant on'),
      to: Instant.optional().describe('World time, before this instant'),
      path: z.string().max(300).optional().describe('What the path begins with: /api/v1/orders'),
      refused: z.boolean().optional().describe('Only what was refused; false: only what was answered'),
      cursor: AccessCursor.optional(),
      limit: pageLimit,
    }),
    reply: z.object({requests: z.array(AccessView), nextCursor: AccessCursor.nullable()}),
    async handle({query: {cursor, limit, from, to, ...filter}}, {db, accessLog}) {
      await accessLog.flush(); // what this process still holds is read too
      const requests = await listAccess(db, {
        ...filter,
        from: from === undefined ? undefined : epochMs(from),
        to: to === undefined ? undefined : epochMs(to),
        after: cursor === undefined ? undefined : {at: epochMs(cursor.at), accessNo: cursor.accessNo},
        limit,
      });
      const last = requests.at(-1);
      return ok({
        requests,
        nextCursor:
          last === undefined || requests.length < limit ? null : {at: last.at, accessNo: last.accessNo},
      });
    },
  }),
];
