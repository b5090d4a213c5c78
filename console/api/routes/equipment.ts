import {z} from 'zod';
import {EquipmentId} from '../../../domain/ids.ts';
import {ok, refused} from '../../../domain/result.ts';
import {
  EquipmentQuery,
  NETWORK_COMMANDS,
  PartNumberQuery,
  equipmentHistory,
  resolvePart,
} from '../../../network/api.ts';
import {equipmentForecasts} from '../../../predict/api.ts';
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
