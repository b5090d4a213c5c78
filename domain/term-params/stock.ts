import {z} from 'zod';
import {DepotId, PartyId} from '../ids.ts';
import {currency, minor, percent, pieces, role} from './measures.ts';

/** Whose pieces are where, who may use them, and on which ways they go. */
export const STOCK_PARAMS = {
  ownership: z.strictObject({
    model: z.enum(['owned', 'consignment', 'vmi', 'shared']),
    ownerPartyId: PartyId,
    holderPartyId: PartyId.optional(),
    titleTransfer: z.enum(['shipment', 'receipt', 'consumption']),
    maxQty: pieces.optional(),
  }),
  usableBy: z.strictObject({ownerPartyId: PartyId, partyIds: z.array(PartyId).min(1)}),
  poolShare: z.strictObject({
    /** They lend to each other. */
    depots: z.array(DepotId).min(2).max(1000),
    /** Percent of the lender's usable pieces on the shelf that one transfer takes at most, rounded down. */
    quotaPct: percent.default(100),
    /** Of several agreements about a way the lowest counts. */
    priority: z.int().min(0).max(1000).default(0),
    /** The borrower pays this for each piece. */
    transferPriceMinor: minor.default(0),
    currency,
  }),
  lane: z.strictObject({
    rule: z.enum(['forbidden', 'licence-needed']),
    fromDepotId: DepotId.optional(),
    toDepotId: DepotId.optional(),
    partFlags: z.array(z.string().min(1)).default([]),
  }),
  substitution: z.strictObject({
    allowed: z.boolean(),
    /** Who approves it before it happens. */
    approverRole: role.optional(),
    /** The customer is asked before it happens. */
    customerConsent: z.boolean().default(false),
  }),
} as const;
