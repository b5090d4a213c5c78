import {z} from 'zod';
import {ok, refused} from '../../../domain/result.ts';
import {epochMs} from '../../../domain/time.ts';
import {Anchor} from '../../../platform/audit/anchors.ts';
import {readAnchorPage, readTrail, readTrailState} from '../../../platform/audit/read-trail.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const Seal = z.object({sealNo: z.int().describe('1, 2, 3, … without holes'), seal: hash});

export const AuditState = z.object({
  start: Seal.describe('What the first line follows'),
  head: Seal,
  unsealed: z.int().describe('Entries that wait for their seal'),
  strays: z.array(z.int()).describe('Entries that neither have a seal nor wait for one: tampering'),
});

const Entry = z.object({
  auditId: z.int(),
  worldAt: z.string().describe('UTC with microseconds'),
  wallAt: z.string().describe('UTC with microseconds'),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  bodySha256: hash.describe('Of the text of the body'),
  body: z.string().describe('JSON as text, byte by byte as it was hashed; null when redacted'),
});
export const AuditLine = Seal.extend({
  entry: z
    .union([Entry, z.object({rowSha256: hash}).describe('Outside the scope')])
    .nullable()
    .describe('Null: a sealed entry is gone'),
});

const after = z.int().min(0).default(0).describe('Seal number that the page begins behind');
export const AuditScopeQuery = z.object({
  from: Instant.optional().describe('World time, from this instant on'),
  to: Instant.optional().describe('World time, before this instant'),
  actor: z.string().optional(),
  action: z.string().optional().describe('What the action begins with: decision.'),
  subject: z.string().optional(),
});
const auditId = z.coerce.number('is a whole number').int().min(1);

export const auditRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/audit',
    tag: 'audit',
    permission: 'audit.read',
    summary: 'Where the chain of the audit trail begins and ends, and what has no seal yet',
    query: z.object({}),
    reply: AuditState,
    handle: async (_request, {db}) => ok(await readTrailState(db)),
  }),
  route({
    method: 'GET',
    path: '/api/v1/audit/lines',
    tag: 'audit',
    permission: 'audit.read',
    summary: 'The chain: each seal with its entry, and with the hash alone of an entry outside the scope',
    query: AuditScopeQuery.extend({after, limit: pageLimit}),
    reply: z.object({lines: z.array(AuditLine)}),
    async handle({query: {after: behind, limit, from, to, ...rest}}, {db}) {
      const scope = {
        ...rest,
        from: from === undefined ? undefined : epochMs(from),
        to: to === undefined ? undefined : epochMs(to),
      };
      return ok({lines: await readTrail(db, {after: behind, limit, scope})});
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/audit/anchors',
    tag: 'audit',
    permission: 'audit.read',
    summary: 'Signed statements of what the chain was, oldest first',
    query: z.object({after, limit: pageLimit}),
    reply: z.object({anchors: z.array(Anchor)}),
    handle: async ({query}, {db}) => ok({anchors: await readAnchorPage(db, query.after, query.limit)}),
  }),
  route({
    method: 'POST',
    path: '/api/v1/audit/entries/{auditId}/redact',
    tag: 'audit',
    permission: 'audit.redact',
    summary: 'Takes the body out of an entry for good; who, when and why is an entry of its own',
    params: z.object({auditId}),
    body: z.object({
      actor: z.string().min(1).max(64).default('api'),
      reason: z.string().min(1).max(500).describe('On what ground'),
    }),
    reply: z.object({auditId: z.int(), redacted: z.literal(true)}),
    refusals: ['unknown-audit-entry'],
    async handle({params, body}, {redactAudit}) {
      if (await redactAudit(params.auditId, body.actor, body.reason))
        return ok({auditId: params.auditId, redacted: true as const});
      return refused(
        'unknown-audit-entry',
        `audit entry ${params.auditId} is not there, or has no body to take out; forestock audit export shows which are`,
      );
    },
  }),
];
