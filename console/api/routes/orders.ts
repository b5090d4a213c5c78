import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {NETWORK_COMMANDS, OrderQuery, listOrders} from '../../../network/api.ts';
import {lateRisks} from '../../../replenish/api.ts';
import {commandRoute} from '../network-command.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant} from '../wire.ts';

export const Order = z.object({
  orderId: z.string(),
  purchaseOrderNo: z.string().describe('Its number for its supplier: the first 22 digits of its id'),
  decisionId: z.string().nullable().describe('Null: not ordered by Forestock'),
  kind: z.enum(['purchase', 'transfer', 'expedite', 'emergency', 'repair']),
  partId: z.string(),
  fromLoc: z.string(),
  toLoc: z.string(),
  ownerPartyId: z.string(),
  qty: z.int(),
  uom: z.string().describe('Unit of its pieces: the part’s stocking unit'),
  shippedQty: z.int(),
  receivedQty: z.int(),
  state: z.string(),
  orderedAt: Instant,
  expectedAt: Instant,
  promisedAt: Instant.nullable(),
  firstPromisedAt: Instant.nullable(),
  slips: z.int().describe('How often its source has moved the promised date back by more than 12 hours'),
  lateProbability: z
    .number()
    .nullable()
    .describe(
      'P(a day or more after its promised, else expected, date), by the record of its lane and its own slips; null once it has ended',
    ),
  receivedAt: Instant.nullable().describe('When its last piece came'),
  costMinor: z.int(),
  currency: z.string(),
  mode: z.string().nullable(),
});

const params = z.object({orderId: z.uuid()});
const refusals = ['unknown-order', 'order-state'];

export const orderRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/orders',
    tag: 'orders',
    permission: 'orders.read',
    summary: 'Orders and transfers, newest first; state=open for those under way',
    query: OrderQuery,
    reply: z.object({orders: z.array(Order)}),
    async handle({query}, {db, network, clock}) {
      const orders = await listOrders(network.reads, query);
      const risks = await lateRisks(db, orders, clock.now());
      return ok({
        orders: orders.map((order) => ({...order, lateProbability: risks.get(order.orderId) ?? null})),
      });
    },
  }),
  commandRoute(NETWORK_COMMANDS.confirmOrder, {
    path: '/api/v1/orders/{orderId}/confirm',
    tag: 'orders',
    permission: 'orders.book',
    shelvesOf: ({orderId}, {network}) => network.reads.shelvesOfOrder(String(orderId)),
    summary: 'The source confirms, with or without a promised date',
    params,
    refusals,
  }),
  commandRoute(NETWORK_COMMANDS.shipOrder, {
    path: '/api/v1/orders/{orderId}/ship',
    tag: 'orders',
    permission: 'orders.book',
    shelvesOf: ({orderId}, {network}) => network.reads.shelvesOfOrder(String(orderId)),
    summary: 'Pieces have left the source',
    params,
    refusals: [...refusals, 'order-quantity', 'not-enough-stock'],
  }),
  commandRoute(NETWORK_COMMANDS.receiveOrder, {
    path: '/api/v1/orders/{orderId}/receive',
    tag: 'orders',
    permission: 'orders.book',
    shelvesOf: ({orderId}, {network}) => network.reads.shelvesOfOrder(String(orderId)),
    summary: 'Pieces have arrived; waiting needs are filled from them',
    params,
    refusals: [...refusals, 'order-quantity', 'lot-missing', 'not-enough-stock'],
  }),
  commandRoute(NETWORK_COMMANDS.cancelOrder, {
    path: '/api/v1/orders/{orderId}/cancel',
    tag: 'orders',
    permission: 'orders.book',
    shelvesOf: ({orderId}, {network}) => network.reads.shelvesOfOrder(String(orderId)),
    summary: 'The order is off',
    params,
    refusals,
  }),
];
