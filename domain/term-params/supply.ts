import {z} from 'zod';
import {PartyId} from '../ids.ts';
import {PenaltyFormula} from '../penalty.ts';
import {currency, date, days, minor, percent, pieces} from './measures.ts';
import {NO_FEE, NO_RISE, SlaWindow, hasRisingTiers, isCharging, namesItsFee} from './service.ts';

const Price = z
  .strictObject({
    /** fixed: the same for every piece · cost-plus: the part's unit cost and a markup · volume-tier: by the pieces of an order. */
    model: z.enum(['fixed', 'cost-plus', 'volume-tier']),
    currency,
    priceMinor: minor.optional(),
    markupPct: z.number().min(0).max(1000).optional(),
    /** All pieces of an order cost what its size says; smaller orders than the first tier cost the price of the master data. */
    tiers: z
      .array(z.strictObject({fromQty: pieces, priceMinor: minor}))
      .min(1)
      .max(20)
      .optional(),
  })
  .refine(
    ({model, priceMinor, markupPct, tiers}) =>
      ({fixed: priceMinor, 'cost-plus': markupPct, 'volume-tier': tiers})[model] !== undefined,
    'lacks what its model needs: priceMinor of fixed, markupPct of cost-plus, tiers of volume-tier',
  )
  .refine(
    ({tiers = []}) => tiers.every((tier, i) => i === 0 || tier.fromQty > tiers[i - 1]!.fromQty),
    'has tiers that do not rise',
  );

/** From the first date until before the second one, both at 00:00 UTC. */
const Shutdown = z
  .strictObject({from: date, until: date})
  .refine(({from, until}) => from < until, 'has a shutdown that does not end after it begins');

const Calendar = z
  .strictObject({
    shutdowns: z.array(Shutdown).max(100).default([]),
    /** An order that is due within so many days stays as it is. */
    frozenDays: days.default(0),
  })
  .refine(({shutdowns, frozenDays}) => shutdowns.length + frozenDays > 0, 'neither shuts down nor freezes');

const Flex = z.strictObject({
  /** Pieces that a period is planned for, and how many percent more or less may be ordered in it. */
  basePerPeriod: pieces,
  pct: percent,
  period: SlaWindow.default('month'),
  /** Percent of the price, on each piece beyond. */
  surchargePct: z.number().min(0).max(1000).default(0),
  /** Pieces that arrive so many days ahead or later cost no surcharge. Left out: no notice helps. */
  noticeDays: days.optional(),
});

const VmiBand = z
  .strictObject({
    min: z.int().min(0).max(1_000_000),
    max: pieces,
    /** The supplier looks at least so often. */
    reviewDays: days.optional(),
    supplierPartyId: PartyId,
  })
  .refine(({min, max}) => min <= max, 'has a min above its max');

/** How punctual a supplier is, and what a window's orders cost or earn by it (H2). */
const Delivery = z
  .strictObject({
    currency,
    /** Percent of the orders due in a window that are to be on time; where so many were, no late one is charged. */
    targetPct: percent.default(100),
    window: SlaWindow.default('month'),
    /** Each late order is charged by its hours past the date. */
    ...PenaltyFormula.shape,
    /** All orders of one window together cost this at most. */
    capPerWindowMinor: minor.nullable().default(null),
    /** Paid for a window in which so many percent or more were on time. */
    bonus: z.strictObject({fromPct: percent, perWindowMinor: minor.min(1)}).optional(),
    /** Orders that are argued about are left out, of the share too, until it is settled that the charge stands; what is waived stays out. */
    disputes: z
      .array(
        z.strictObject({
          orderId: z.uuid(),
          reason: z.string().min(1).max(200),
          outcome: z.enum(['stands', 'waived']).optional(),
        }),
      )
      .max(1000)
      .default([]),
  })
  .refine((term) => term.bonus !== undefined || isCharging(term), 'neither charges nor rewards')
  .refine(namesItsFee, NO_FEE)
  .refine(hasRisingTiers, NO_RISE)
  .refine(
    ({targetPct, bonus}) => bonus === undefined || bonus.fromPct >= targetPct,
    'rewards what it charges',
  );

/** What is agreed with a supplier; it is one of the contract's parties where the term does not name it. */
export const SUPPLY_PARAMS = {
  delivery: Delivery,
  moq: z.strictObject({min: pieces, multiple: pieces.default(1)}),
  price: Price,
  calendar: Calendar,
  flex: Flex,
  vmiBand: VmiBand,
  exclusivity: z.strictObject({supplierPartyId: PartyId, emergencyExcepted: z.boolean().default(true)}),
  obsolescence: z.strictObject({
    /** The last day, UTC, on which an order is taken. */
    lastOrderDate: date,
    liableParty: PartyId.optional(),
    buybackPct: percent.optional(),
  }),
} as const;
