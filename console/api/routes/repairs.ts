import {z} from 'zod';
import {EquipmentId, PartyId} from '../../../domain/ids.ts';
import {ok} from '../../../domain/result.ts';
import {epochMs} from '../../../domain/time.ts';
import {NETWORK_COMMANDS, listRepairReports} from '../../../network/api.ts';
import {Cursor, nextCursor} from '../cursor.ts';
import {commandRoute} from '../network-command.ts';
import {asOwnParty, ownParty} from '../reach.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

export const RepairReport = z.object({
  reportId: z.string(),
  partyId: z.string().describe('Whose log it is'),
  source: z.string(),
  sourceKey: z.string(),
  equipmentId: z.string(),
  positionId: z.string(),
  reportedAt: Instant,
  finding: z.enum(['failed', 'planned', 'no-fault-found']),
  failureMode: z.string().nullable(),
  partId: z.string().nullable(),
  qty: z.int().nullable(),
  partMissing: z.boolean(),
  note: z.string().nullable(),
});

export const repairRoutes: readonly Route[] = [
  commandRoute(NETWORK_COMMANDS.reportRepair, {
    path: '/api/v1/repairs',
    tag: 'repairs',
    permission: 'repairs.report',
    summary: 'What a technician found and did',
    refusals: ['unknown-equipment', 'unknown-position', 'unknown-part', 'ambiguous-part'],
    keepsTo: ['party'],
  }),
  route({
    method: 'GET',
    path: '/api/v1/repair-reports',
    tag: 'repairs',
    permission: 'repairs.read',
    summary: 'Repair reports, newest first',
    query: z.object({
      partyId: PartyId.optional().describe('Only the log of this party'),
      equipmentId: EquipmentId.optional().describe('Only on this machine'),
      cursor: Cursor.optional(),
      limit: pageLimit,
    }),
    reply: z.object({repairReports: z.array(RepairReport), nextCursor: Cursor.nullable()}),
    refusals: ['foreign-party'],
    keepsTo: ['party'],
    shares: 'repair-reports',
    async handle({query: {cursor, partyId, ...filter}, caller: {reach}}, {network, clock}) {
      const own = ownParty(reach, partyId);
      if (!own.ok) return own;
      const repairReports = await listRepairReports(network.reads, {
        ...filter,
        partyId: own.value,
        asParty: asOwnParty(reach, clock.now()) ?? undefined,
        after: cursor === undefined ? undefined : {at: epochMs(cursor.at), id: cursor.id},
      });
      return ok({
        repairReports,
        nextCursor: nextCursor(repairReports, filter.limit, (row) => ({
          at: row.reportedAt,
          id: row.reportId,
        })),
      });
    },
  }),
];
