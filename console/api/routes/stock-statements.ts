import {z} from 'zod';
import {ok, refused} from '../../../domain/result.ts';
import type {Result} from '../../../domain/result.ts';
import {epochMs} from '../../../domain/time.ts';
import {NETWORK_COMMANDS, StatementQuery, partNamed} from '../../../network/api.ts';
import type {StateStock} from '../../../network/api.ts';
import {segmentsOf} from '../../../replenish/api.ts';
import type {OnShelves} from '../approval.ts';
import {Cursor, nextCursor} from '../cursor.ts';
import {commandRoute} from '../network-command.ts';
import type {Spoken} from '../network-command.ts';
import type {ConsolePorts} from '../ports.ts';
import {route} from '../route.ts';
import type {Caller, Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

export const StockStatement = z.object({
  statementId: z.string(),
  partId: z.string(),
  depotId: z.string(),
  source: z.string(),
  partyId: z.string().nullable().describe('Who stated it; null: a system of our own'),
  countedAt: Instant,
  receivedAt: Instant,
  statedQty: z.int(),
  ledgerQty: z.int().describe('What the ledger had at countedAt, as it was known when the statement came'),
  differenceQty: z.int().describe('Stated minus ledger; below 0 something is missing'),
  toleranceQty: z.int().describe('Pieces of difference that were tolerated'),
  agrees: z.boolean(),
  openCase: z
    .object({
      alertId: z.string(),
      owner: z.string().nullable().describe('Who said last that it is seen to'),
      dueAt: Instant.nullable(),
      heldBackQty: z
        .int()
        .describe(
          'Pieces of the ledger that are not reckoned with while the case stands; below 0: that are, though the ledger has them not',
        ),
    })
    .nullable()
    .describe('The case that its shelf has now; on the newest statement of the shelf alone'),
});

type Stated = Pick<z.output<typeof StateStock>, 'statements'>;

/** The shelves that are told of, with the parts as the command itself will find them. */
async function shelvesOf(body: Spoken, {network, clock}: ConsolePorts): Promise<OnShelves> {
  const {statements} = body as unknown as Stated;
  const partIds = new Set<string>();
  const parts = new Map(statements.map(({part}) => [JSON.stringify(part), part]));
  for (const part of parts.values()) {
    const partId = await partNamed(network.reads, part, clock.now());
    if (partId.ok) partIds.add(partId.value);
  }
  return {depotIds: [...new Set(statements.map(({depotId}) => depotId))], partIds: [...partIds]};
}

/** Who speaks for a party speaks of the parts of its own segments; that the depots are the party's the command sees to. */
async function ownSegments(body: Spoken, {reach}: Caller, ports: ConsolePorts): Promise<Result<null>> {
  if (reach.kind !== 'party' || reach.segments === null) return ok(null);
  const own = reach.segments;
  const {partIds} = await shelvesOf(body, ports);
  const foreign = (await segmentsOf(ports.db, partIds)).filter((segment) => !own.includes(segment));
  if (foreign.length === 0) return ok(null);
  return refused(
    'foreign-segment',
    `you speak of parts of segment ${own.join(', ')} and not of ${foreign.join(', ')}; leave those to whoever sees them`,
  );
}

export const stockStatementRoutes: readonly Route[] = [
  commandRoute(NETWORK_COMMANDS.stateStock, {
    path: '/api/v1/stock/statements',
    tag: 'stock',
    permission: 'stock.state',
    summary: 'What somebody counts on shelves, to be held against the ledger; nothing is booked',
    keepsTo: ['party'],
    shelvesOf,
    check: ownSegments,
    refusals: [
      'unknown-part',
      'ambiguous-part',
      'unknown-depot',
      'unknown-unit',
      'not-whole',
      'counted-ahead',
    ],
  }),
  route({
    method: 'GET',
    path: '/api/v1/stock/statements',
    tag: 'stock',
    permission: 'stock.read',
    summary: 'What was stated to lie on shelves, beside the ledger, newest count first',
    query: StatementQuery.extend({cursor: Cursor.optional(), limit: pageLimit}),
    reply: z.object({statements: z.array(StockStatement), nextCursor: Cursor.nullable()}),
    async handle({query: {cursor, ...filter}}, {network, clock}) {
      const after = cursor === undefined ? undefined : {at: epochMs(cursor.at), id: cursor.id};
      const statements = await network.reads.statements({...filter, after, now: clock.now()});
      return ok({
        statements,
        nextCursor: nextCursor(statements, filter.limit, ({countedAt, statementId}) => ({
          at: countedAt,
          id: statementId,
        })),
      });
    },
  }),
];
