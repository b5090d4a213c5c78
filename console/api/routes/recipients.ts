import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {CHANNELS} from '../../../notices/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';

const recipientId = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'is 1 to 64 letters, digits, dots, dashes or underscores');
const actor = z.string().min(1).max(64).default('api').describe('Who does it; goes into the audit trail');
const names = z.array(z.string().min(1).max(64)).max(200).nullable();
const about = {
  role: z
    .string()
    .min(1)
    .max(64)
    .describe('"planner", "planning-lead", … as the rules name it; "*": whatever the role'),
  partyId: z.string().max(64).nullable().describe('Null: our own people'),
  channel: z.enum(CHANNELS),
  kinds: names.describe('Kinds of alerts that it wants; null: all'),
  depots: names.describe('Depots whose alerts it wants; null: all'),
  levelMin: z.int().min(1).max(10),
  language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/, 'is a language such as en or pl-PL'),
  timeZone: z.string().max(64).describe('IANA name'),
  hours: z.string().max(200).describe('When it may be reached; other hours are quiet'),
  quietBelow: z.int().min(1).max(10).nullable().describe('From this level on it is reached at any time'),
  perHour: z.int().min(1).max(1000).nullable().describe('Messages within any hour; null: as the rules say'),
  active: z.boolean(),
};
/** What a statement may leave out. */
const aboutStated = {
  ...about,
  partyId: about.partyId.default(null),
  kinds: about.kinds.default(null),
  depots: about.depots.default(null),
  levelMin: about.levelMin.default(1),
  language: about.language.default('en'),
  timeZone: about.timeZone.default('UTC'),
  hours: about.hours.default('Mon-Sun 00:00-24:00'),
  quietBelow: about.quietBelow.default(null),
  perHour: about.perHour.default(null),
  active: about.active.default(true),
};

export const RecipientView = z.object({
  recipientId: z.string(),
  ...about,
  address: z
    .string()
    .describe('What may be shown of where messages go: an e-mail address, the host of a URL'),
});

export const recipientRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/recipients',
    tag: 'alerts',
    permission: 'recipients.read',
    summary: 'Who is told of alerts, by which way and when; credentials are never shown',
    query: z.object({}),
    reply: z.object({recipients: z.array(RecipientView)}),
    handle: async (_request, {notices}) => ok({recipients: await notices.recipients()}),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/recipients/{recipientId}',
    tag: 'alerts',
    permission: 'recipients.change',
    summary: 'States a recipient as a whole; url and key that are left out stay as they were',
    params: z.object({recipientId}),
    body: z.object({
      ...aboutStated,
      email: z.email().max(254).optional().describe('For channel email'),
      url: z
        .url({protocol: /^https?$/})
        .max(2000)
        .optional()
        .describe('For webhook, slack and teams; a credential'),
      key: z.string().min(1).max(500).optional().describe('webhook: signs; pagerduty: integration key'),
      optedOut: z.boolean().default(false).describe('It wants nothing more'),
      actor,
    }),
    reply: RecipientView,
    refusals: ['recipient-invalid'],
    handle: ({params, body: {actor: by, ...rest}}, {notices}) => notices.put({...params, ...rest}, by),
  }),
  route({
    method: 'POST',
    path: '/api/v1/recipients/{recipientId}/test',
    tag: 'alerts',
    permission: 'recipients.change',
    summary: 'Puts a test message on its way; what became of it says /api/v1/outbox/dead, or the recipient',
    params: z.object({recipientId}),
    body: z.object({actor}),
    reply: z.object({recipientId: z.string(), idempotencyKey: z.string()}),
    refusals: ['unknown-recipient'],
    handle: ({params, body}, {notices}) => notices.test(params.recipientId, body.actor),
  }),
];
