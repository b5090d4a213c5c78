import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {listAlerts} from '../../../replenish/api.ts';
import {Alert, alertView} from '../alert-view.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {pageLimit} from '../wire.ts';

export const alertRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/alerts',
    tag: 'alerts',
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
    method: 'POST',
    path: '/api/v1/alerts/{alertId}/acknowledge',
    tag: 'alerts',
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
