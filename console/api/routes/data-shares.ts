import {z} from 'zod';
import {PartyId} from '../../../domain/ids.ts';
import {ok} from '../../../domain/result.ts';
import {epochMs} from '../../../domain/time.ts';
import {sharedStock} from '../../../network/api.ts';
import {DataShareTerms, SHARED_DATA_NAMES} from '../../../partners/api.ts';
import {ownParty, partyScope} from '../reach.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant} from '../wire.ts';

const data = z.enum(SHARED_DATA_NAMES);
const name = z.object({partyId: PartyId.describe('Who is sent it'), data});
const actor = z.string().min(1).max(64).default('api').describe('Who does it; goes into the audit trail');
const limit = z.coerce.number().int().min(1).max(1000).default(200).describe('Rows at most, 1 to 1000');

export const DataShareView = z
  .object({
    partyId: z.string(),
    data,
    version: z.int(),
    from: Instant,
    to: Instant.nullable().describe('Null: until something else is agreed'),
    agreedBy: z.string(),
    ...DataShareTerms.shape,
  })
  .meta({title: 'DataShare'});

export const SentView = z
  .object({
    sentNo: z.int(),
    partyId: z.string(),
    data,
    version: z.int(),
    way: z.enum(['api', 'csv', 'stream', 'notice']),
    rows: z.int(),
    sentAt: Instant,
    keepUntil: Instant.describe('When the agreed retention ends, and this entry goes'),
  })
  .meta({title: 'SentData'});

const SharedStock = z
  .object({
    partId: z.string().optional(),
    depotId: z.string().optional(),
    condition: z.string().optional(),
    qty: z.int().optional(),
    movedAt: Instant.nullable().optional().describe('When a piece last came or went'),
    behind: z.int().optional().describe('Rows that were added up in this one'),
  })
  .meta({title: 'SharedStock'});

const own = {
  permission: 'data-shares.read',
  keepsTo: ['party'],
  refusals: ['foreign-party'],
} as const;

export const dataShareRoutes: readonly Route[] = [
  route({
    ...own,
    method: 'GET',
    path: '/api/v1/data-shares',
    tag: 'data-shares',
    summary:
      'What was agreed with parties about data that they are sent, every version; a party sees its own',
    query: z.object({partyId: PartyId.optional().describe('Only of this party'), limit}),
    reply: z.object({dataShares: z.array(DataShareView)}),
    shares: 'agreements',
    async handle({query: {partyId, limit: rowsMax}, caller: {reach}}, {dataShares}) {
      const party = ownParty(reach, partyId);
      if (!party.ok) return party;
      return ok({dataShares: await dataShares.list({partyId: party.value, limit: rowsMax})});
    },
  }),
  route({
    ...own,
    method: 'GET',
    path: '/api/v1/data-shares/sent',
    tag: 'data-shares',
    summary: 'What was sent under which share, newest first, until its retention ends; a party sees its own',
    query: z.object({partyId: PartyId.optional().describe('Only of this party'), limit}),
    reply: z.object({sent: z.array(SentView)}),
    shares: 'sendings',
    async handle({query: {partyId, limit: rowsMax}, caller: {reach}}, {dataShares}) {
      const party = ownParty(reach, partyId);
      if (!party.ok) return party;
      return ok({sent: await dataShares.sent({partyId: party.value, limit: rowsMax})});
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/data-shares/{partyId}/{data}',
    tag: 'data-shares',
    permission: 'data-shares.agree',
    summary: 'Agrees on a new version, which ends what was agreed from its begin on',
    params: name,
    body: z.object({
      ...DataShareTerms.shape,
      from: Instant.optional().describe('When it begins; left out: now'),
      actor,
    }),
    reply: DataShareView,
    refusals: ['share-invalid', 'effective-in-past', 'unknown-party'],
    handle: ({params, body: {actor: by, from, ...terms}}, {dataShares}) =>
      dataShares.agree(params, {terms, from: from === undefined ? undefined : epochMs(from), actor: by}),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/data-shares/{partyId}/{data}',
    tag: 'data-shares',
    permission: 'data-shares.agree',
    summary: 'Nothing more is sent of it, also of versions that were still to begin',
    params: name,
    body: z.object({actor}),
    reply: z.object({partyId: z.string(), data}),
    refusals: ['unknown-share'],
    handle: ({params, body}, {dataShares}) => dataShares.end(params, body.actor),
  }),
  route({
    method: 'GET',
    path: '/api/v1/my/stock',
    tag: 'own party',
    permission: 'own-stock.read',
    keepsTo: ['party'],
    summary: 'What lies at depots of the parts that the party supplies, as far as it is shared with it',
    query: z.object({partyId: PartyId.optional().describe('Staff names the party, and sees what it sees')}),
    reply: z.object({stock: z.array(SharedStock)}),
    refusals: ['foreign-party', 'not-shared', 'shared-as-a-whole', 'share-too-large', 'party-needed'],
    shares: 'stock',
    async handle({query: {partyId}, caller: {reach}}, {db, clock}) {
      const scope = partyScope(reach, partyId, clock.now());
      if (!scope.ok) return scope;
      return ok({stock: await sharedStock(db, scope.value, STOCK_ROWS_MAX)});
    },
  }),
];

/** As many as a file of it has; a supplier of more parts and depots takes a share that adds them up. */
const STOCK_ROWS_MAX = 10_001;
