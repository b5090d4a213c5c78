import {z} from 'zod';
import {DepotId, PartId} from '../../../domain/ids.ts';
import {ok} from '../../../domain/result.ts';
import {listReservations} from '../../../replenish/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

export const ReservationRow = z.object({
  reservationId: z.string(),
  partId: z.string(),
  depotId: z.string().describe('Where the piece lies or arrives'),
  componentId: z.string(),
  equipmentId: z.string(),
  positionId: z.string(),
  quantity: z.int(),
  decisionId: z.string().describe('The decision that moved the piece'),
  madeAt: Instant,
  expiresAt: Instant,
  withinH: z.int(),
  keepPpm: z
    .int()
    .describe('Below this P(failure within withinH hours), in parts per million, it is released'),
});

export const reservationRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/reservations',
    tag: 'stock',
    permission: 'stock.read',
    summary: 'Pieces reserved for machines that are expected to fail, the next to expire first',
    query: z.object({
      partId: PartId.optional().describe('Only this part'),
      depotId: DepotId.optional().describe('Only this depot'),
      limit: pageLimit,
    }),
    reply: z.object({reservations: z.array(ReservationRow)}),
    handle: async ({query}, {db}) => ok({reservations: await listReservations(db, query)}),
  }),
];
