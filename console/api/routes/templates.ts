import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {CHANNELS, CUSTOMER_REASONS, PLACEHOLDERS} from '../../../notices/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant} from '../wire.ts';

const templateId = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'is 1 to 64 letters, digits, dots, dashes or underscores');
const actor = z.string().min(1).max(64).default('api').describe('Who does it; goes into the audit trail');
const named = PLACEHOLDERS.map((name) => `{${name}}`).join(' ');
const about = {
  reason: z.enum(CUSTOMER_REASONS).describe('What happened to the line'),
  tier: z.string().min(1).max(64).nullable().default(null).describe('Of the line; null: any'),
  channel: z.enum(CHANNELS).nullable().default(null).describe('Null: any'),
  language: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/, 'is a language such as en or pl-PL'),
  title: z.string().trim().min(1).max(200).describe(`May name ${named}`),
  body: z.string().trim().min(1).max(5000).describe('May name the same'),
};

export const TemplateView = z
  .object({
    templateId: z.string(),
    version: z.int(),
    ...about,
    writtenBy: z.string(),
    writtenAt: Instant,
    approvedBy: z.string().nullable().describe('Null: nobody has, so it is never sent'),
    approvedAt: Instant.nullable(),
    retiredAt: Instant.nullable(),
  })
  .meta({title: 'NoticeTemplate'});

const base = {tag: 'alerts', permission: 'recipients.change'} as const;

export const templateRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/notice-templates',
    tag: 'alerts',
    permission: 'recipients.read',
    summary: 'The texts in which customers are told of their backorders, every version',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(1000).default(200).describe('Rows at most, 1 to 1000'),
    }),
    reply: z.object({templates: z.array(TemplateView)}),
    handle: async ({query}, {templates}) => ok({templates: await templates.list(query.limit)}),
  }),
  route({
    ...base,
    method: 'PUT',
    path: '/api/v1/notice-templates/{templateId}',
    summary: 'Writes a new version of a text; it is sent once somebody else has approved it',
    params: z.object({templateId}),
    body: z.object({...about, actor}),
    reply: TemplateView,
    refusals: ['template-invalid'],
    handle: ({params, body: {actor: by, ...text}}, {templates}) => templates.write({...params, ...text}, by),
  }),
  route({
    ...base,
    method: 'POST',
    path: '/api/v1/notice-templates/{templateId}/{version}/approve',
    summary: 'Approves a version of a text, as somebody else than who wrote it',
    params: z.object({templateId, version: z.coerce.number().int().min(1)}),
    body: z.object({actor}),
    reply: TemplateView,
    refusals: ['unknown-template', 'same-person'],
    handle: ({params, body}, {templates}) => templates.approve(params, body.actor),
  }),
  route({
    ...base,
    method: 'DELETE',
    path: '/api/v1/notice-templates/{templateId}',
    summary: 'No version of the text is sent any more',
    params: z.object({templateId}),
    body: z.object({actor}),
    reply: z.object({templateId: z.string(), versions: z.int()}),
    refusals: ['unknown-template'],
    handle: ({params, body}, {templates}) => templates.retire(params.templateId, body.actor),
  }),
];
