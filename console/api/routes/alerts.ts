import {z} from 'zod';
import {ok, refused} from '../../../domain/result.ts';
import {epochMs} from '../../../domain/time.ts';
import {alertBudget, alertNotices, alertTiers} from '../../../notices/api.ts';
import {findAlert, listAlertEvents, listAlerts} from '../../../replenish/api.ts';
import {Alert, Resolution, StandingAlert, alertView} from '../alert-view.ts';
import {Cursor, nextCursor} from '../cursor.ts';
import {TracedForecast} from '../decision-view.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {traceAlert} from '../trace.ts';
import {Instant, pageLimit} from '../wire.ts';

const actor = z.string().min(1).max(64).default('planner');
const note = z.string().max(2000).optional().describe('Why; goes into the audit trail');
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
      state: z
        .enum(['open', 'snoozed', 'acknowledged', 'cleared'])
        .optional()
        .describe('snoozed: those of the open ones that are told again later'),
      kind: z.string().max(64).optional().describe('Only this kind: backorder-impact, demand-variance, …'),
      cursor: Cursor.optional(),
      limit: pageLimit,
    }),
    reply: z.object({
      alerts: z.array(StandingAlert),
      nextCursor: Cursor.nullable(),
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
    handle: async ({query: {cursor, ...filter}}, {db, clock}) => {
      const now = clock.now();
      const after = cursor === undefined ? undefined : {moneyMinor: cursor.at, id: cursor.id};
      const [alerts, budget] = await Promise.all([
        listAlerts(db, {...filter, after, now}),
        alertBudget(db, now),
      ]);
      const tiers = await alertTiers(
        db,
        alerts.map(({alertId}) => alertId),
        now,
      );
      return ok({
        alerts: alerts.map((alert) => ({...alertView(alert), tier: tiers.get(alert.alertId) ?? null})),
        nextCursor: nextCursor(alerts, filter.limit, ({moneyMinor, alertId}) => ({
          at: moneyMinor,
          id: alertId,
        })),
        budget,
      });
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
    method: 'GET',
    path: '/api/v1/alerts/{alertId}/history',
    tag: 'alerts',
    permission: 'decisions.read',
    summary:
      'What happened to an alert, what was said about it, and who was told of it; newest first, 100 of each',
    params: z.object({alertId: z.uuid()}),
    reply: z.object({
      alert: StandingAlert,
      events: z.array(
        z.object({
          at: Instant,
          type: z.string(),
          actor: z.string().nullable(),
          note: z.string().nullable(),
          resolution: Resolution.nullable().describe('Of resolved'),
          until: z.iso.datetime().nullable(),
        }),
      ),
      notices: z.array(
        z.object({
          reason: z.string().describe('opened, level-2, step-1, woken-2, …'),
          recipientId: z.string().describe('Empty where nobody takes it'),
          state: z.enum(['waiting', 'sent', 'digested', 'withheld']),
          why: z.string().nullable(),
          madeAt: Instant,
          dueAt: Instant,
          settledAt: Instant.nullable(),
        }),
      ),
    }),
    refusals: ['unknown-alert'],
    async handle({params: {alertId}}, {db, clock}) {
      const [alert, events, notices, tiers] = await Promise.all([
        findAlert(db, alertId),
        listAlertEvents(db, alertId),
        alertNotices(db, alertId),
        alertTiers(db, [alertId], clock.now()),
      ]);
      if (alert === null)
        return refused('unknown-alert', `there is no alert ${alertId}; look it up in /api/v1/alerts`);
      return ok({alert: {...alertView(alert), tier: tiers.get(alertId) ?? null}, events, notices});
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/alerts/{alertId}/acknowledge',
    tag: 'alerts',
    permission: 'alerts.answer',
    summary:
      'Somebody sees to it and owns it, also when another did before; it clears by itself when its cause is gone',
    params: z.object({alertId: z.uuid()}),
    body: z.object({
      actor,
      note,
      until: Instant.optional().describe('It is told again then; left out: until its cause is gone'),
    }),
    reply: Answered,
    refusals: ['unknown-alert', 'until-in-past'],
    handle: ({params: {alertId}, body: {actor: by, note: why, until}}, {reviews}) =>
      reviews.acknowledgeAlert(alertId, {
        actor: by,
        note: why ?? null,
        until: until === undefined ? null : epochMs(until),
      }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/alerts/{alertId}/resolve',
    tag: 'alerts',
    permission: 'alerts.answer',
    summary: 'Closes a case with what was found; what it was about opens no other',
    params: z.object({alertId: z.uuid()}),
    body: z.object({
      actor,
      resolution: Resolution,
      note: z.string().min(1).max(2000).describe('What was found; goes into the audit trail'),
    }),
    reply: Answered,
    refusals: ['unknown-alert', 'alert-no-case', 'alert-not-open'],
    handle: ({params: {alertId}, body}, {reviews}) => reviews.resolveAlert(alertId, body),
  }),
  route({
    method: 'POST',
    path: '/api/v1/alerts/{alertId}/snooze',
    tag: 'alerts',
    permission: 'alerts.answer',
    summary: 'Not now: nobody is told of it until an instant of world time, then it is told again',
    params: z.object({alertId: z.uuid()}),
    body: z.object({actor, note, until: Instant}),
    reply: Answered,
    refusals: ['unknown-alert', 'alert-not-open', 'until-in-past'],
    handle: ({params: {alertId}, body: {actor: by, note: why, until}}, {reviews}) =>
      reviews.snoozeAlert(alertId, {actor: by, note: why ?? null, until: epochMs(until)}),
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
