import {z} from 'zod';
import {epochMs} from '../../../domain/time.ts';
import {ok} from '../../../domain/result.ts';
import {HOLD_KINDS} from '../../../platform/holds.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

const holdId = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'is 1 to 64 letters, digits, dots, dashes or underscores')
  .describe('The name of the hold');
const actor = z.string().min(1).max(64).default('api').describe('Who does it; goes into the audit trail');
const reason = z.string().min(1).max(500).describe('On what ground; goes into the audit trail');
const about = {
  kind: z.enum(HOLD_KINDS),
  subjectId: z.string().min(1).max(128).describe('Of the equipment, the part or the partner'),
  from: Instant.describe('World time from which rows are held'),
  to: Instant.describe('World time from which they are not'),
  reason,
};

export const Hold = z.object({
  holdId: z.string(),
  ...about,
  placedAt: Instant,
  placedBy: z.string(),
  liftedAt: Instant.nullable(),
  liftedBy: z.string().nullable(),
});

export const holdRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/holds',
    tag: 'audit',
    permission: 'audit.read',
    summary: 'Legal holds: those that stand, then those that were lifted',
    query: z.object({limit: pageLimit}),
    reply: z.object({holds: z.array(Hold)}),
    handle: async ({query}, {holds}) => ok({holds: await holds.list(query.limit)}),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/holds/{holdId}',
    tag: 'audit',
    permission: 'holds.place',
    summary: 'Places a legal hold: until it is lifted no retention removes rows of that span',
    params: z.object({holdId}),
    body: z.object({...about, actor}),
    reply: Hold,
    refusals: ['hold-exists', 'hold-span', 'unknown-hold-subject'],
    handle: ({params, body: {actor: by, from, to, ...rest}}, {holds}) =>
      holds.place({holdId: params.holdId, from: epochMs(from), to: epochMs(to), ...rest}, by),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/holds/{holdId}',
    tag: 'audit',
    permission: 'holds.place',
    summary: 'Lifts a legal hold; it stays in the list',
    params: z.object({holdId}),
    body: z.object({actor, reason}),
    reply: Hold,
    refusals: ['unknown-hold'],
    handle: ({params, body}, {holds}) => holds.lift(params.holdId, body.actor, body.reason),
  }),
];
