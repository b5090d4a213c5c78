import {z} from 'zod';
import {PartyId} from '../../../domain/ids.ts';
import {ok, refused} from '../../../domain/result.ts';
import {DAY_MS, epochMs, toIso} from '../../../domain/time.ts';
import {NETWORK_COMMANDS} from '../../../network/api.ts';
import {Cursor, nextCursor} from '../cursor.ts';
import {commandRoute} from '../network-command.ts';
import {asOwnParty, partyScope} from '../reach.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

/** Of whom a page of one's own is, for who speaks for no party. */
export const ofParty = PartyId.optional().describe(
  'Whose; needed by an admin, who sees what that party sees, and left out by everybody else',
);

export const MyOrder = z.object({
  orderId: z.string(),
  kind: z.string(),
  partId: z.string(),
  partName: z.string(),
  depotId: z.string().describe('Where it goes'),
  qty: z.int(),
  shippedQty: z.int(),
  receivedQty: z.int(),
  state: z.enum(['released', 'confirmed', 'shipped']),
  orderedAt: Instant,
  requestedAt: Instant.nullable().describe('When it was wanted by as it was ordered; null: not kept then'),
  promisedAt: Instant.nullable().describe('The date that the supplier confirmed last'),
  dueAt: Instant.describe('The promised date, else the expected one'),
  isLate: z.boolean().describe('That date is past, and pieces are missing'),
  slips: z.int().describe('How often the promised date was moved back by more than 12 hours'),
  mode: z.string().nullable(),
});

export const myOrderRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/my/orders',
    tag: 'own party',
    permission: 'own-orders.read',
    summary: 'Open orders to the supplier that asks, the soonest due first',
    query: z.object({partyId: ofParty, cursor: Cursor.optional(), limit: pageLimit}),
    reply: z.object({
      orders: z.array(MyOrder),
      asOf: Instant.describe('World time of the answer'),
      nextCursor: Cursor.nullable(),
    }),
    refusals: ['foreign-party', 'party-needed'],
    shares: 'orders',
    keepsTo: ['party'],
    async handle({query: {partyId, cursor, limit}, caller: {reach}}, {network, clock}) {
      const asOf = clock.now();
      const scope = partyScope(reach, partyId, asOf);
      if (!scope.ok) return scope;
      const rows = await network.reads.parties.ownOrders({
        asParty: scope.value,
        after: cursor === undefined ? undefined : {at: epochMs(cursor.at), id: cursor.id},
        limit,
      });
      return ok({
        orders: rows.map((row) => ({
          ...row,
          state: row.state as z.output<typeof MyOrder>['state'],
          isLate: row.dueAt < asOf,
        })),
        asOf,
        nextCursor: nextCursor(rows, limit, (row) => ({at: row.dueAt, id: row.orderId})),
      });
    },
  }),
  commandRoute(NETWORK_COMMANDS.confirmOrder, {
    path: '/api/v1/my/orders/{orderId}/confirmation',
    tag: 'own party',
    permission: 'own-orders.confirm',
    summary: 'The supplier confirms an order, or moves its date',
    params: z.object({orderId: z.uuid()}),
    refusals: ['unknown-order', 'order-state', 'promise-past'],
    keepsTo: ['party'],
    async check({orderId, promisedAt}, {reach}, {network, clock}) {
      const at = clock.now();
      // To a supplier another's order is as unknown as one that does not exist.
      const asParty = asOwnParty(reach, at);
      if (asParty !== null && !(await network.reads.parties.isOwnOrder(asParty, String(orderId))))
        return refused(
          'unknown-order',
          `order ${String(orderId)} is not known; look it up in the list of your orders`,
        );
      // Whoever means today may name its first hour.
      if (typeof promisedAt === 'string' && Date.parse(promisedAt) < at - DAY_MS)
        return refused(
          'promise-past',
          `the day ${promisedAt.slice(0, 10)} is over (it is ${toIso(at).slice(0, 10)}); give the day on which the order will come`,
        );
      return ok(null);
    },
  }),
];
