import {z} from 'zod';
import {PartyId} from '../../../domain/ids.ts';
import {ok, refused} from '../../../domain/result.ts';
import {epochMs} from '../../../domain/time.ts';
import {
  NOTICE_DAYS,
  TERM_TYPES,
  contractVersions,
  contractsInForce,
  expiringContracts,
  workingCapital,
} from '../../../partners/api.ts';
import type {Contract as ContractVersion, ContractWithTerms} from '../../../partners/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

const openEnd = 'null: open';

const contract = {
  contractId: z.string(),
  version: z.int(),
  partyA: z.string(),
  partyB: z.string(),
  type: z.string(),
  tier: z.string(),
  validFrom: Instant.nullable().describe(openEnd),
  validTo: Instant.nullable().describe(openEnd),
  status: z.enum(['draft', 'active', 'ended']),
  penaltyMinorPerH: z.int().describe('Charged each hour where the version has no penalty term'),
};

const ContractTerm = z.object({
  termNo: z.int(),
  type: z.enum(TERM_TYPES),
  scope: z.record(z.string(), z.array(z.string())).describe('What it is about; empty: everything'),
  params: z
    .record(z.string(), z.unknown())
    .describe('By type, defaults filled in; docs/operations.md lists them'),
  from: Instant.nullable().describe(openEnd),
  to: Instant.nullable().describe(openEnd),
  clauseRef: z.string().describe('Where the contract says so'),
});

export const ContractRow = z.object(contract);
export const Contract = z.object({...contract, terms: z.array(ContractTerm)});

export const CapitalRow = z.object({
  ownerPartyId: z.string(),
  holderPartyId: z.string().describe('Whose depot it lies at or is going to'),
  state: z.enum(['on-hand', 'in-transit']),
  currency: z.string(),
  pieces: z.int(),
  valueMinor: z.int().describe('At unit cost'),
});

const limit = pageLimit;

export const contractRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/contracts',
    tag: 'contracts',
    permission: 'contracts.read',
    summary: 'The version of each contract that is in force, with its terms, now or at an instant',
    query: z.object({
      asOf: z.iso.datetime().optional().describe('ISO 8601 in UTC; default now'),
      partyId: PartyId.optional().describe('Only contracts with this party'),
      limit,
    }),
    reply: z.object({contracts: z.array(Contract)}),
    async handle({query: {asOf, ...filter}}, {db, clock}) {
      const at = asOf === undefined ? clock.now() : epochMs(Date.parse(asOf));
      const contracts = await contractsInForce(db, filter, at);
      return ok({contracts: contracts.map(withTerms)});
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/contracts/expiring',
    tag: 'contracts',
    permission: 'contracts.read',
    summary: 'Contracts that end within so many days and are not renewed, the first to end first',
    query: z.object({
      withinDays: z.int().min(1).max(3660).default(NOTICE_DAYS).describe('How far ahead, in days'),
    }),
    reply: z.object({contracts: z.array(ContractRow)}),
    async handle({query: {withinDays}}, {db, clock}) {
      const contracts = await expiringContracts(db, {now: clock.now(), withinDays});
      return ok({contracts: contracts.map(head)});
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/working-capital',
    tag: 'contracts',
    permission: 'contracts.read',
    summary: 'Whose the stock is, on hand and in transit: its value by owner and holder',
    query: z.object({partyId: PartyId.optional().describe('Only what this party owns or holds')}),
    reply: z.object({capital: z.array(CapitalRow)}),
    handle: async ({query}, {db}) => ok({capital: await workingCapital(db, query)}),
  }),
  route({
    method: 'GET',
    path: '/api/v1/contracts/{contractId}',
    tag: 'contracts',
    permission: 'contracts.read',
    summary: 'Every version of a contract with all its terms, the newest first',
    params: z.object({contractId: z.string().min(1)}),
    reply: z.object({versions: z.array(Contract)}),
    refusals: ['unknown-contract'],
    async handle({params: {contractId}}, {db}) {
      const versions = await contractVersions(db, contractId);
      if (versions.length === 0)
        return refused('unknown-contract', `contract ${contractId} is not known; add it to contract.csv`);
      return ok({versions: versions.map(withTerms)});
    },
  }),
];

function head({
  contractId,
  version,
  partyA,
  partyB,
  type,
  tier,
  validFrom,
  validTo,
  status,
  ...rest
}: ContractVersion) {
  const {penaltyMinorPerH} = rest;
  return {contractId, version, partyA, partyB, type, tier, validFrom, validTo, status, penaltyMinorPerH};
}

function withTerms(one: ContractWithTerms) {
  const ended = (at: number): number | null => (Number.isFinite(at) ? at : null);
  return {
    ...head(one),
    terms: one.terms.map(({termNo, type, scope, params, from, to, clauseRef}) => ({
      ...{termNo, type, params, clauseRef},
      scope: scope as Record<string, readonly string[]>,
      from: ended(from),
      to: ended(to),
    })),
  };
}
