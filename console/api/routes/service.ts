import {z} from 'zod';
import {ok, refused} from '../../../domain/result.ts';
import {readGauges} from '../gauges.ts';
import {deadEffects} from '../dead-effects.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

const counts = (name: string): z.ZodObject => z.object({[name]: z.string(), n: z.int()});

export const serviceRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/status',
    tag: 'service',
    permission: 'service.read',
    summary: 'World time, what is open, what each stage has still to read',
    reply: z.object({
      clock: z.object({mode: z.enum(['real', 'scaled', 'stepped']), now: Instant, rate: z.number()}),
      decisions: z.array(z.object({action: z.string(), state: z.string(), n: z.int()})),
      alerts: z.array(counts('kind')),
      forecasts: z.array(counts('method')),
      outbox: z.object({pending: z.int(), dead: z.int()}),
      lag: z.object({network: z.int(), predict: z.int(), signals: z.int()}).describe('Rows to read'),
      maintenance: z
        .array(z.object({stage: z.string(), completedAt: Instant.nullable(), failing: z.int()}))
        .describe('The nightly round of each stage'),
      modelBackend: z.string().nullable(),
    }),
    async handle(_request, {db, clock, vitals}) {
      const gauges = await readGauges(db);
      const {mode, rate} = clock;
      return ok({
        ...gauges,
        clock: {mode, rate, now: clock.now()},
        modelBackend: vitals?.modelBackend.active ?? null,
      });
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/outbox/dead',
    tag: 'outbox',
    permission: 'service.read',
    summary: 'Effects that could not be delivered and wait for a replay',
    query: z.object({limit: pageLimit}),
    reply: z.object({
      effects: z.array(
        z.object({
          outboxId: z.int(),
          idempotencyKey: z.string(),
          target: z.string(),
          causeKind: z.string(),
          causeId: z.string(),
          at: Instant,
          attempts: z.int(),
          lastError: z.string().nullable(),
          payload: z.looseObject({}),
        }),
      ),
    }),
    handle: async ({query}, {db}) => ok({effects: await deadEffects(db, query.limit)}),
  }),
  route({
    method: 'POST',
    path: '/api/v1/outbox/{outboxId}/replay',
    tag: 'outbox',
    permission: 'outbox.replay',
    summary: 'Puts a dead effect back into the queue; the receiver knows a repeat by its key',
    params: z.object({outboxId: z.string().regex(/^\d{1,15}$/, 'is a number')}),
    reply: z.object({outboxId: z.int(), state: z.literal('pending')}),
    refusals: ['not-found'],
    async handle({params}, {replayEffect}) {
      const outboxId = Number(params.outboxId);
      if (await replayEffect(outboxId)) return ok({outboxId, state: 'pending' as const});
      return refused('not-found', `there is no dead effect ${outboxId}; look it up in /api/v1/outbox/dead`);
    },
  }),
];
