import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import type {Result} from '../../../domain/result.ts';
import {DECISION_STATES, REVIEW_REASONS} from '../../../replenish/api.ts';
import type {Review, Reviewed} from '../../../replenish/api.ts';
import {mayAnswer} from '../approval.ts';
import {Cursor} from '../cursor.ts';
import {decisionPage, pageQuery} from '../decision-page.ts';
import {Decision} from '../decision-view.ts';
import {route} from '../route.ts';
import type {ConsolePorts} from '../ports.ts';
import type {Caller, Route} from '../route.ts';
import {proposalReportRoute} from './proposal-report.ts';

const params = z.object({decisionId: z.uuid()});
const actor = z.string().min(1).max(64).default('planner').describe('Who decides; goes into the audit trail');
const note = z.string().max(2000).optional();
const reasonCode = z.enum(REVIEW_REASONS).describe('Why another way than proposed; counted by code');

const ReviewedReply = z.object({
  decisionId: z.string(),
  state: z.enum(DECISION_STATES),
  orderId: z.string().nullable(),
  quantity: z.int(),
  repeated: z.boolean().describe('This request was carried out before; nothing was done again'),
});

const refusals = [
  'foreign-depot',
  'foreign-segment',
  'approval-limit',
  'unknown-proposal',
  'proposal-closed',
  'proposal-expired',
  'key-reused',
];
const ordering = [...refusals, 'proposal-outdated'];

const BLANK = {reasonCode: null, note: null, quantity: null} as const;
type Given = Pick<Review, 'decisionId' | 'verdict' | 'actor' | 'key' | 'role'> &
  Partial<Record<'reasonCode' | 'note' | 'quantity', unknown>>;
/** Fields that a request left out are null in a review. */
const review = (given: Given): Review =>
  ({
    ...BLANK,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  }) as Review;

async function answer(
  given: Omit<Given, 'role'>,
  caller: Caller,
  ports: ConsolePorts,
): Promise<Result<Reviewed>> {
  const allowed = await mayAnswer(given.decisionId, caller, ports);
  return allowed.ok ? ports.reviews.review(review({...given, role: caller.principal.role})) : allowed;
}

export const proposalRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/proposals',
    tag: 'proposals',
    permission: 'decisions.read',
    summary: 'Decisions that wait for a planner, newest first',
    query: z.object(pageQuery),
    reply: z.object({proposals: z.array(Decision), nextCursor: Cursor.nullable()}),
    async handle({query}, {db}) {
      const {decisions, nextCursor} = await decisionPage(db, {...query, state: 'proposed'});
      return ok({proposals: decisions, nextCursor});
    },
  }),
  proposalReportRoute,
  route({
    method: 'POST',
    path: '/api/v1/proposals/{decisionId}/approve',
    tag: 'proposals',
    permission: 'proposals.answer',
    keepsTo: ['shelves'],
    summary: 'Places the proposed order',
    params,
    body: z.object({actor, note}),
    reply: ReviewedReply,
    refusals: ordering,
    handle: ({params: {decisionId}, body, caller}, ports) =>
      answer({decisionId, verdict: 'approve', key: caller.key, ...body}, caller, ports),
  }),
  route({
    method: 'POST',
    path: '/api/v1/proposals/{decisionId}/change',
    tag: 'proposals',
    permission: 'proposals.answer',
    keepsTo: ['shelves'],
    summary: 'Places the order with another quantity',
    params,
    body: z.object({actor, note, reasonCode, quantity: z.int().min(1).max(1_000_000)}),
    reply: ReviewedReply,
    refusals: [...ordering, 'quantity-not-orderable', 'quantity-fixed', 'quantity-unchanged'],
    handle: ({params: {decisionId}, body, caller}, ports) =>
      answer({decisionId, verdict: 'change', key: caller.key, ...body}, caller, ports),
  }),
  route({
    method: 'POST',
    path: '/api/v1/proposals/{decisionId}/reject',
    tag: 'proposals',
    permission: 'proposals.answer',
    keepsTo: ['shelves'],
    summary: 'Orders nothing, and says why',
    params,
    body: z.object({actor, note, reasonCode}),
    reply: ReviewedReply,
    refusals,
    handle: ({params: {decisionId}, body, caller}, ports) =>
      answer({decisionId, verdict: 'reject', key: caller.key, ...body}, caller, ports),
  }),
];
