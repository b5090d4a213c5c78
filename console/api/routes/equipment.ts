import {z} from 'zod';
import {EquipmentId} from '../../../domain/ids.ts';
import {ok, refused} from '../../../domain/result.ts';
import {DAY_MS, epochMs, plusMs, toIso} from '../../../domain/time.ts';
import {
  EquipmentQuery,
  NETWORK_COMMANDS,
  PartNumberQuery,
  equipmentHistory,
  resolvePart,
} from '../../../network/api.ts';
import {equipmentForecasts, equipmentTelemetry} from '../../../predict/api.ts';
import {Forecast} from '../decision-view.ts';
import {commandRoute} from '../network-command.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

const Installed = z.object({
  equipmentId: z.string(),
  positionId: z.string(),
  componentId: z.string(),
  classId: z.string(),
  partId: z.string(),
  installedAt: Instant,
  ageH: z.number().describe('Hours in service until then, in every machine it has been in'),
  depotIds: z.array(z.string()).describe('Who serves it, first asked first'),
  contractId: z.string().nullable(),
});

/** The window when the request names none: what a model looks back on. */
const TELEMETRY_DAYS = 14;
const TELEMETRY_DAYS_MAX = 400;

export const SignalSeries = z.object({
  signal: z.string(),
  unit: z.string(),
  description: z.string(),
  normalLow: z.number().nullable(),
  normalHigh: z.number().nullable(),
  points: z.array(
    z.object({
      at: Instant,
      n: z.int().describe('Readings'),
      mean: z.number(),
      min: z.number(),
      max: z.number(),
    }),
  ),
});

export const OpenWork = z.object({
  demandId: z.string(),
  partId: z.string(),
  depotId: z.string(),
  openQty: z.int(),
  neededAt: Instant,
  promisedAt: Instant.nullable(),
  promisedBy: z.string().nullable().describe('shelf, an order, or the source that an order would go to'),
  cause: z.string(),
});

const params = z.object({equipmentId: EquipmentId});

export const equipmentRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/equipment',
    tag: 'equipment',
    permission: 'equipment.read',
    summary: 'What is installed where, now or at an instant',
    query: EquipmentQuery.omit({equipmentId: true}),
    reply: z.object({installed: z.array(Installed)}),
    handle: async ({query}, {network, clock}) =>
      ok({installed: await equipmentHistory(network.reads, query, clock)}),
  }),
  route({
    method: 'GET',
    path: '/api/v1/equipment/{equipmentId}',
    tag: 'equipment',
    permission: 'equipment.read',
    summary: 'One equipment: components with serial, age, serving depots and contract, now or at an instant',
    params,
    query: EquipmentQuery.pick({asOf: true}),
    reply: z.object({equipmentId: z.string(), installed: z.array(Installed)}),
    refusals: ['not-found'],
    async handle({params: {equipmentId}, query}, {network, clock}) {
      const installed = await equipmentHistory(network.reads, {...query, equipmentId, limit: 1000}, clock);
      if (installed.length === 0)
        return refused(
          'not-found',
          `nothing was installed in an equipment ${equipmentId} then; look it up in /api/v1/equipment`,
        );
      return ok({equipmentId, installed});
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/equipment/{equipmentId}/forecasts',
    tag: 'equipment',
    permission: 'equipment.read',
    summary: 'Forecasts of its components, newest first',
    params,
    query: z.object({limit: pageLimit}),
    reply: z.object({forecasts: z.array(Forecast)}),
    handle: async ({params: {equipmentId}, query}, {db}) =>
      ok({forecasts: await equipmentForecasts(db, equipmentId, query.limit)}),
  }),
  route({
    method: 'GET',
    path: '/api/v1/equipment/{equipmentId}/telemetry',
    permission: 'equipment.read',
    tag: 'equipment',
    summary: 'Its signals over time, each in a few hundred points, with what its class calls normal',
    params,
    query: z.object({
      from: z.iso
        .datetime()
        .optional()
        .describe(`From this instant; default ${TELEMETRY_DAYS} days before "to"`),
      to: z.iso.datetime().optional().describe('Until this instant; default now'),
      points: z.int().min(1).max(1000).default(240).describe('Of each signal, at most'),
    }),
    reply: z.object({equipmentId: z.string(), from: Instant, to: Instant, signals: z.array(SignalSeries)}),
    refusals: ['not-found', 'empty-period', 'period-too-long'],
    async handle({params: {equipmentId}, query: {points, ...asked}}, {db, clock}) {
      const to = asked.to === undefined ? clock.now() : epochMs(Date.parse(asked.to));
      const from =
        asked.from === undefined ? plusMs(to, -TELEMETRY_DAYS * DAY_MS) : epochMs(Date.parse(asked.from));
      if (from >= to)
        return refused(
          'empty-period',
          `no time lies between ${toIso(from)} and ${toIso(to)}; put "from" before "to"`,
        );
      if (to - from > TELEMETRY_DAYS_MAX * DAY_MS)
        return refused(
          'period-too-long',
          `${toIso(from)} to ${toIso(to)} is more than ${TELEMETRY_DAYS_MAX} days; ask for a shorter one`,
        );
      const signals = await equipmentTelemetry(db, {equipmentId, from, to, points});
      if (signals === null)
        return refused('not-found', `there is no equipment ${equipmentId}; look it up in /api/v1/equipment`);
      return ok({equipmentId, from, to, signals});
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/equipment/{equipmentId}/work',
    permission: 'equipment.read',
    tag: 'equipment',
    summary: 'What it waits for: its open needs with the dates that were promised, the oldest first',
    params,
    reply: z.object({needs: z.array(OpenWork)}),
    handle: async ({params: {equipmentId}}, {network}) =>
      ok({needs: await network.reads.openWork(equipmentId)}),
  }),
  commandRoute(NETWORK_COMMANDS.addEquipment, {
    path: '/api/v1/equipment',
    tag: 'equipment',
    permission: 'equipment.change',
    summary: 'Adds an equipment to the installed base, or updates its master data',
    refusals: ['invalid-equipment'],
  }),
  route({
    method: 'GET',
    path: '/api/v1/parts/resolve',
    tag: 'parts',
    permission: 'equipment.read',
    summary: 'The part that somebody’s number means; one that means two is refused with both named',
    query: PartNumberQuery,
    reply: z.object({partId: z.string()}),
    refusals: ['unknown-part', 'ambiguous-part'],
    async handle({query}, {network, clock}) {
      const resolved = await resolvePart(network.reads, query, clock);
      return resolved.ok ? ok({partId: resolved.value}) : resolved;
    },
  }),
];
