import {z} from 'zod';
import {ok, refused} from '../../../domain/result.ts';
import {epochMs} from '../../../domain/time.ts';
import {alertBudget} from '../../../notices/api.ts';
import {listAlerts} from '../../../replenish/api.ts';
import {Alert, alertView} from '../alert-view.ts';
import {TracedForecast} from '../decision-view.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {traceAlert} from '../trace.ts';
import {Instant, pageLimit} from '../wire.ts';

const actor = z.string().min(1).max(64).default('planner');
const Answered = z.object({
  alertId: z.string(),
  state: z.string(),
  until: Instant.nullable().describe('Until when the answer holds; null: until its cause is gone'),
});

export const alertRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/alerts',
    tag: 'alerts',
    permission: 'decisions.read',
    summary: 'Alerts, most money first; without a state all that are not cleared',
    query: z.object({
      state: z.enum(['open', 'acknowledged', 'cleared']).optional(),
      kind: z.string().max(64).optional(),
      limit: pageLimit,
    }),
    reply: z.object({
      alerts: z.array(Alert),
      budget: z
        .object({
          perHour: z.int().describe('Messages that one recipient gets within any hour'),
          now: z.int().describe('Open alerts that come first: show these'),
          digest: z.int().describe('Open alerts behind them: they are for the digest'),
          waiting: z.int().describe('Messages that have not left yet: quiet hours, or no room'),
          snoozed: z.int(),
          nextAt: Instant.nullable().describe('When a message that waits may leave'),
        })
        .describe('Of all alerts, whatever the filter'),
    }),
    handle: async ({query}, {db, clock}) => {
      const [alerts, budget] = await Promise.all([listAlerts(db, query), alertBudget(db, clock.now())]);
      return ok({alerts: alerts.map(alertView), budget});
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/alerts/{alertId}/trace',
    tag: 'alerts',
    permission: 'decisions.read',
    summary:
      'From the alert back to the forecasts of its machines, their model versions and the very readings',
    params: z.object({alertId: z.uuid()}),
    reply: z.object({
      alert: Alert,
      forecasts: z
        .array(TracedForecast)
        .describe(
          'Of the component that the alert names, then of the likeliest to fail at its depot; at most 3',
        ),
    }),
    refusals: ['unknown-alert'],
    async handle({params: {alertId}}, {db}) {
      const trace = await traceAlert(db, alertId);
      if (trace === null)
        return refused('unknown-alert', `there is no alert ${alertId}; look it up in /api/v1/alerts`);
      return ok({alert: alertView(trace.alert), forecasts: trace.forecasts});
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/alerts/{alertId}/acknowledge',
    tag: 'alerts',
    permission: 'alerts.answer',
    summary: 'Somebody has seen it; it clears by itself when its cause is gone',
    params: z.object({alertId: z.uuid()}),
    body: z.object({
      actor,
      note: z.string().max(2000).optional(),
      until: Instant.optional().describe('It is told again then; left out: until its cause is gone'),
    }),
    reply: Answered,
    refusals: ['unknown-alert', 'until-in-past'],
    handle: ({params: {alertId}, body: {actor: by, note, until}}, {reviews}) =>
      reviews.acknowledgeAlert(alertId, {
        actor: by,
        note: note ?? null,
        until: until === undefined ? null : epochMs(until),
      }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/alerts/{alertId}/snooze',
    tag: 'alerts',
    permission: 'alerts.answer',
    summary: 'Not now: nobody is told of it until an instant of world time, then it is told again',
    params: z.object({alertId: z.uuid()}),
    body: z.object({actor, until: Instant}),
    reply: Answered,
    refusals: ['unknown-alert', 'alert-not-open', 'until-in-past'],
    handle: ({params: {alertId}, body: {actor: by, until}}, {reviews}) =>
      reviews.snoozeAlert(alertId, {actor: by, until: epochMs(until)}),
  }),
  route({
    method: 'POST',
    path: '/api/v1/alerts/{alertId}/unsnooze',
    tag: 'alerts',
    permission: 'alerts.answer',
    summary: 'Ends a snooze at once',
    params: z.object({alertId: z.uuid()}),
    body: z.object({actor}),
    reply: Answered,
    refusals: ['unknown-alert'],
    handle: ({params: {alertId}, body}, {reviews}) => reviews.unsnoozeAlert(alertId, body.actor),
  }),
];
