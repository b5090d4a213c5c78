import {z} from 'zod';
import {ok, refused} from '../../../domain/result.ts';
import {listAlerts} from '../../../replenish/api.ts';
import {Alert, alertView} from '../alert-view.ts';
import {TracedForecast} from '../decision-view.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {traceAlert} from '../trace.ts';
import {pageLimit} from '../wire.ts';

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
    reply: z.object({alerts: z.array(Alert)}),
    handle: async ({query}, {db}) => ok({alerts: (await listAlerts(db, query)).map(alertView)}),
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
      actor: z.string().min(1).max(64).default('planner'),
      note: z.string().max(2000).optional(),
    }),
    reply: z.object({alertId: z.string(), state: z.string()}),
    refusals: ['unknown-alert'],
    handle: ({params: {alertId}, body: {actor, note}}, {reviews}) =>
      reviews.acknowledgeAlert(alertId, actor, note ?? null),
  }),
];
