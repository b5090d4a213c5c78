import {z} from 'zod';

const by = {contractId: z.string(), termNo: z.int()};

/** What a term of a contract makes of a way to bring pieces, as data that a screen can phrase. */
export const TermEffect = z.discriminatedUnion('term', [
  /** So many pieces at least and in such multiples: stricter than the master data. */
  z.object({
    term: z.literal('moq'),
    ...by,
    minimum: z.int(),
    multiple: z.int(),
    insteadOf: z.object({minimum: z.int(), multiple: z.int()}).optional(),
  }),
  /** What a piece costs in an order of this size, instead of the price of the master data. */
  z.object({
    term: z.literal('price'),
    ...by,
    priceMinor: z.int(),
    insteadOfMinor: z.int(),
    currency: z.string(),
  }),
  /** The supplier is shut down when the order comes: it is here so much later. */
  z.object({term: z.literal('calendar'), ...by, reopensAt: z.int(), laterH: z.number()}),
  /** Pieces beyond what the period was planned for cost more. */
  z.object({term: z.literal('flex'), ...by, beyond: z.int(), surchargePct: z.number()}),
  /** The supplier itself keeps the shelf between these; with a position below it has missed that. */
  z.object({term: z.literal('vmiBand'), ...by, minimum: z.int(), maximum: z.int(), position: z.int()}),
  /** A piece lent in the pool is paid for, and so many of them go at most. */
  z.object({
    term: z.literal('poolShare'),
    ...by,
    piecesMax: z.int(),
    priceMinor: z.int(),
    currency: z.string(),
  }),
  /** Somebody is asked before another part is put in. */
  z.object({
    term: z.literal('substitution'),
    ...by,
    approverRole: z.string().nullable(),
    customerConsent: z.boolean(),
  }),
  /** Its sums are in a currency other than the part's: they are not reckoned with. */
  z.object({
    term: z.literal('unused'),
    ...by,
    type: z.enum(['price', 'poolShare']),
    currency: z.string(),
  }),
]);
export type TermEffect = z.infer<typeof TermEffect>;
