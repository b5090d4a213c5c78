import {z} from 'zod';
import {ACTIONS} from '../../../domain/decision.ts';
import {ok, refused} from '../../../domain/result.ts';
import {DECISION_STATES, decisionReviews, findDecision, redecide} from '../../../replenish/api.ts';
import {Cursor} from '../cursor.ts';
import {decisionPage, pageQuery} from '../decision-page.ts';
import {Decision, DecisionDetail, Trace, decisionDetail, traceView} from '../decision-view.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {traceDecision, whyDecision} from '../trace.ts';
import {Why, whyView} from '../why-view.ts';

const params = z.object({decisionId: z.uuid()});

const missing = (decisionId: string): {ok: false; reason: string; detail: string} =>
  refused('not-found', `there is no decision ${decisionId}; look it up in /api/v1/decisions`);

export const decisionRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/decisions',
    tag: 'decisions',
    permission: 'decisions.read',
    summary: 'Decisions, newest first, each with its reasons; also those that say "nothing, because"',
    query: z.object({
      state: z.enum(DECISION_STATES).optional(),
      action: z.enum(ACTIONS).optional(),
      ...pageQuery,
    }),
    reply: z.object({decisions: z.array(Decision), nextCursor: Cursor.nullable()}),
    handle: async ({query}, {db}) => ok(await decisionPage(db, query)),
  }),
  route({
    method: 'GET',
    path: '/api/v1/decisions/{decisionId}',
    tag: 'decisions',
    permission: 'decisions.read',
    summary: 'One decision: what, why, what else was possible and what it would have cost, who reviewed it',
    params,
    reply: DecisionDetail,
    refusals: ['not-found'],
    async handle({params: {decisionId}}, {db}) {
      const decision = await findDecision(db, decisionId);
      if (decision === null) return missing(decisionId);
      return ok(decisionDetail(decision, await decisionReviews(db, decisionId)));
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/decisions/{decisionId}/trace',
    tag: 'decisions',
    permission: 'decisions.read',
    summary: 'From the decision back to the signals, forecasts, model versions and the very readings',
    params,
    reply: Trace,
    refusals: ['not-found'],
    async handle({params: {decisionId}}, {db}) {
      const trace = await traceDecision(db, decisionId);
      if (trace === null) return missing(decisionId);
      return ok(traceView(trace, await decisionReviews(db, decisionId)));
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/decisions/{decisionId}/why',
    tag: 'decisions',
    permission: 'decisions.read',
    summary:
      'What a decision was taken from, to be drawn: the shelf, the demand expected of it, and what its machines said',
    params,
    reply: Why,
    refusals: ['not-found'],
    async handle({params: {decisionId}}, {db}) {
      const why = await whyDecision(db, decisionId);
      return why === null ? missing(decisionId) : ok(whyView(why));
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/decisions/{decisionId}/redecide',
    tag: 'decisions',
    permission: 'decisions.read',
    summary: 'Decides again from the recorded input and compares byte by byte; changes nothing',
    params,
    reply: z.object({
      same: z.boolean(),
      sha256: z.string().nullable().describe('Of both, when they are the same'),
      recorded: z.string().nullable(),
      redecided: z.string().nullable(),
    }),
    refusals: ['not-found'],
    async handle({params: {decisionId}}, {db}) {
      const outcome = await redecide(db, decisionId);
      if (outcome === null) return missing(decisionId);
      const {same} = outcome;
      if (same) return ok({same, sha256: outcome.sha256, recorded: null, redecided: null});
      return ok({same, sha256: null, recorded: outcome.recorded, redecided: outcome.redecided});
    },
  }),
];
