import {z} from 'zod';
import {ok} from '../../../domain/result.ts';
import {NETWORK_COMMANDS, StockQuery, listStock, partNamed} from '../../../network/api.ts';
import type {OnShelves} from '../approval.ts';
import {commandRoute} from '../network-command.ts';
import type {Spoken} from '../network-command.ts';
import type {ConsolePorts} from '../ports.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';

export const StockRow = z.object({
  loc: z.string().describe('depot:… or transit:…'),
  partId: z.string(),
  ownerPartyId: z.string(),
  condition: z.string(),
  lot: z.string(),
  qty: z.int(),
  valueMinor: z.int().describe('At the part’s unit cost'),
  currency: z.string(),
  numbers: z
    .array(z.object({scheme: z.string(), number: z.string(), revision: z.string()}))
    .describe('By which others call the part today'),
});

/** Refusals of whatever names a part, a depot and an amount. */
const GOODS = [
  'unknown-part',
  'ambiguous-part',
  'unknown-depot',
  'unknown-party',
  'unknown-unit',
  'not-whole',
  'lot-missing',
];

/** The shelf that is booked on, with the part as the booking itself will find it. */
async function shelvesOf({depotId, part}: Spoken, {network, clock}: ConsolePorts): Promise<OnShelves> {
  const partId = await partNamed(network.reads, part as Parameters<typeof partNamed>[1], clock.now());
  return {depotIds: [String(depotId)], partIds: partId.ok ? [partId.value] : []};
}

export const stockRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/stock',
    tag: 'stock',
    permission: 'stock.read',
    summary: 'What lies where, whose it is, and its value',
    query: StockQuery,
    reply: z.object({stock: z.array(StockRow)}),
    refusals: ['unknown-part', 'ambiguous-part'],
    async handle({query}, {network, clock}) {
      const found = await listStock(network.reads, query, clock);
      return found.ok ? ok({stock: found.value}) : found;
    },
  }),
  commandRoute(NETWORK_COMMANDS.issueStock, {
    path: '/api/v1/stock/issues',
    tag: 'stock',
    permission: 'stock.book',
    shelvesOf,
    summary: 'A part leaves the shelf for a customer',
    refusals: [
      ...GOODS,
      'not-enough-stock',
      'unknown-demand',
      'over-issue',
      'no-substitute',
      'substitute-ratio',
      'serial-missing',
      'serial-elsewhere',
    ],
  }),
  commandRoute(NETWORK_COMMANDS.receiveStock, {
    path: '/api/v1/stock/receipts',
    tag: 'stock',
    permission: 'stock.book',
    shelvesOf,
    summary: 'A part comes onto the shelf outside of an order',
    refusals: [...GOODS, 'serial-missing', 'serial-quantity', 'serial-elsewhere'],
  }),
  commandRoute(NETWORK_COMMANDS.countStock, {
    path: '/api/v1/stock/counts',
    tag: 'stock',
    permission: 'stock.book',
    shelvesOf,
    summary: 'What was counted; the difference is booked',
    refusals: GOODS,
  }),
];
