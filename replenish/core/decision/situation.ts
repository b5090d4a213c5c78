import {z} from 'zod';
import {TermScope} from '../../../domain/contract-term.ts';
import {PenaltyFormula} from '../../../domain/penalty.ts';
import {TermEffect} from '../../../domain/term-effect.ts';
import {Criticality, Policy} from './policy.ts';
import {Flex, Pool, PriceTier, SubstitutionRule, VmiBand} from '../supply/contracted-way.ts';
import {Express} from '../supply/express.ts';
import {SupplyShock} from '../backorder/emergency-override.ts';

/**
 * Everything one decision may know about a planning group, canonical: lists sorted by id, probabilities in ppm, money in
 * minor units, times in epoch ms. Kept with the decision; re-deciding from it is byte-equal (I5a).
 */
const arrival = {
  meanH: z.number().positive(),
  sdH: z.number().min(0),
  /** Where it was learnt from deliveries, the law in a few points: standard deviations from the mean, and ppm. */
  shape: z
    .array(z.tuple([z.number(), z.int().positive()]).readonly())
    .readonly()
    .optional(),
};

/** Charges of a way beyond those that every way has; left out where there are none. */
const charges = {
  freightPerKgMinor: z.int().min(0).optional(),
  /** Share of the part's value. */
  dutyRate: z.number().min(0).optional(),
  /** Per consignment. */
  handlingMinor: z.int().min(0).optional(),
  /** The rule that closes this way, as a planner reads it (core/supply/rules.ts). */
  barred: z.string().optional(),
  /** What contracts make of this way; the other fields hold what counts (supply-terms.ts). */
  terms: z.array(TermEffect).optional(),
};

/** What may be sent on a way, where not everything on the donor's shelf is the receiver's own. */
const Sendable = z.object({pieces: z.int().positive(), ownerPartyId: z.string()});

export const RiskyComponent = z.object({
  componentId: z.string(),
  equipmentId: z.string(),
  positionId: z.string(),
  /** Production lot of what is built in; left out when nobody recorded it. */
  lot: z.string().optional(),
  /** Pieces that its failure asks for. */
  quantity: z.int().positive(),
  asOf: z.int(),
  revision: z.int().min(0),
  modelVersion: z.string(),
  method: z.string(),
  horizonsH: z.array(z.int()),
  cumulativePpm: z.array(z.int()),
  tailHazardPpbPerH: z.int().min(0),
  /** Downtime plus the plain penalty of its contract while its machine waits; a contract among `contracts` adds its charges. */
  shortageMinorPerH: z.int().min(0),
  /** One of the situation's contracts. */
  contractId: z.string().optional(),
  topSignals: z.array(z.string()),
});
export type RiskyComponent = z.infer<typeof RiskyComponent>;

const Receipt = z.object({
  orderId: z.string(),
  /** normal: from the depot's own source at its usual pace; else the way in which a rescue comes. */
  kind: z.enum(['normal', 'transfer', 'express', 'emergency']),
  quantity: z.int().positive(),
  /** Hours from now; overdue orders say how late they may still be. */
  ...arrival,
  expediteMeanH: z.number().positive().nullable(),
  expediteFeeMinor: z.int().min(0).nullable(),
  /** Other speeds beside that one; left out where there are none. */
  express: z.array(Express).optional(),
  /** How often its source has moved the promised date back; left out when never. */
  slips: z.int().positive().optional(),
  /** With `slips`: P(a day or more after the promised date). */
  latePpm: z.int().min(0).optional(),
  /** Why it stays as it is, as a planner reads it. */
  frozen: z.string().optional(),
});
export type Receipt = z.infer<typeof Receipt>;

const Source = z.object({
  sourceKind: z.enum(['supplier', 'depot']),
  sourceId: z.string(),
  /** repair: a workshop that makes unserviceable pieces serviceable; its price is that of the repair. */
  kind: z.enum(['normal', 'emergency', 'repair']),
  ...arrival,
  /** It delivers in the order in which it was asked. */
  sequential: z.literal(true).optional(),
  priceMinor: z.int().min(0),
  orderCostMinor: z.int().min(0),
  freightMinor: z.int().min(0).optional(),
  ...charges,
  sendable: Sendable.optional(),
  minimum: z.int().positive(),
  multiple: z.int().positive(),
  expediteMeanH: z.number().positive().nullable(),
  expediteFeeMinor: z.int().min(0).nullable(),
  /** Other speeds beside that one; left out where there are none. */
  express: z.array(Express).optional(),
  /** By contract, in rising order; a smaller order costs `priceMinor` a piece. */
  priceTiers: z.array(PriceTier).optional(),
  flex: Flex.optional(),
  vmiBand: VmiBand.optional(),
  /** Mean and deviation are learnt from so many deliveries; the master data has these. */
  learned: z
    .object({
      planH: z.number().positive(),
      planSdH: z.number().min(0),
      evidence: z.number().positive(),
    })
    .optional(),
});
export type Source = z.infer<typeof Source>;

const OpenNeed = z.object({
  demandId: z.string(),
  quantity: z.int().positive(),
  neededAt: z.int(),
  /** Hours until then; left out: it is owed now. */
  inH: z.number().positive().optional(),
  equipmentId: z.string().nullable(),
  /** Of the equipment; substitutes may be approved for some models only. */
  modelId: z.string().optional(),
  /** It asks for this predecessor of the situation's part. */
  askedPartId: z.string().optional(),
  shortageMinorPerH: z.int().min(0),
  /** One of the situation's contracts. */
  contractId: z.string().optional(),
  /** Hours that the clock of each charge of the contract has run, in their order; null: it runs no more. */
  clockedH: z.array(z.number().min(0).nullable()).optional(),
  /** What the contract of its machine says of other parts. */
  substitution: SubstitutionRule.optional(),
});
export type OpenNeed = z.infer<typeof OpenNeed>;

/** Pieces at a depot, here or on their way, that wait for one component to fail. */
const Reservation = z.object({
  reservationId: z.string(),
  componentId: z.string(),
  equipmentId: z.string(),
  positionId: z.string(),
  quantity: z.int().positive(),
  expiresAt: z.int(),
  /** It stands while P(failure within `withinH` hours) is at least `keepPpm`. */
  withinH: z.int().positive(),
  keepPpm: z.int().min(0),
  /** The component failed since: its need takes pieces like any other. */
  failed: z.boolean(),
});
export type Reservation = z.infer<typeof Reservation>;

/** Pieces that a campaign is still expected to ask for; see `campaignDemand`. */
const Campaign = z.object({
  campaignId: z.string(),
  machines: z.int().positive(),
  quantity: z.int().positive(),
  takePpm: z.int().min(1).max(1_000_000),
  startsAt: z.int(),
  endsAt: z.int(),
  /** How sure the rate is, and what the campaign has seen of it; left out: the rate is certain. */
  evidence: z
    .object({
      strength: z.number().positive(),
      machines: z.int().positive(),
      served: z.int().min(0),
    })
    .optional(),
});

/** A transfer that the newest rebalancing run proposes to the depot. */
const PlannedMove = z.object({
  runId: z.string(),
  fromDepotId: z.string(),
  mode: z.string(),
  quantity: z.int().positive(),
  plannedAt: z.int(),
});
export type PlannedMove = z.infer<typeof PlannedMove>;

export const DepotSituation = z.object({
  depotId: z.string(),
  partyId: z.string(),
  parentDepotId: z.string().nullable(),
  /** Usable pieces on the shelf, not promised to anyone. */
  onHand: z.int().min(0),
  /** Those of them that do not last for ever, the first to expire first. */
  lots: z.array(z.object({lot: z.string(), quantity: z.int().positive(), usableUntil: z.int()})).optional(),
  /** Unserviceable pieces here that no workshop has been asked to repair. */
  repairable: z.int().positive().optional(),
  receipts: z.array(Receipt),
  /** Owed now, or so soon that an order for them is due. */
  needs: z.array(OpenNeed),
  /** Needs by date that an order can still wait for (planned-need.ts). */
  planned: z.array(OpenNeed).optional(),
  /** The first made first. */
  reservations: z.array(Reservation).default([]),
  components: z.array(RiskyComponent),
  backgroundPerYear: z.number().min(0),
  /** Variance to mean of the background demand; 1 = Poisson. */
  backgroundVmr: z.number().min(1),
  /** Which demand forecast the two come from; without it the master data says them. */
  background: z
    .object({
      asOf: z.int(),
      priorKind: z.string(),
      priorPerYear: z.number().min(0),
      credibility: z.number().min(0).max(1),
      historyMonths: z.number().min(0),
    })
    .optional(),
  /** Demand of each month of the year over that of the mean month, January first. */
  season: z.array(z.number().min(0)).length(12).optional(),
  /** Sorted by id. */
  campaigns: z.array(Campaign).optional(),
  holdingRatePerYear: z.number().min(0),
  mayStock: z.boolean(),
  mustStock: z.boolean(),
  maxStock: z.int().min(0).nullable(),
  /** What the newest plan of the whole network has this shelf hold at least; the decision's own level may be higher. */
  stockFloor: z.int().min(0).optional(),
  /** By donor and mode. */
  plannedMoves: z.array(PlannedMove).optional(),
  /** A backorder that lasted too long, or the recovery from one. */
  supplyShock: SupplyShock.optional(),
  /** Needs of the days that `policy.recurring` looks back which had to wait. */
  backordersLately: z.int().positive().optional(),
  sources: z.array(Source),
});
export type DepotSituation = z.infer<typeof DepotSituation>;

const Lane = z.object({
  fromDepotId: z.string(),
  toDepotId: z.string(),
  mode: z.string(),
  ...arrival,
  costMinor: z.int().min(0),
  costPerPieceMinor: z.int().min(0),
  ...charges,
  sendable: Sendable.optional(),
  /** Agreed between its depots: what a piece costs, and how many one transfer takes at most. */
  pool: Pool.optional(),
});
export type Lane = z.infer<typeof Lane>;

/** What a contract charges for a late case, as far as a decision can know it. */
const Charge = z.object({
  termNo: z.int(),
  scope: TermScope,
  /** Hours on the clause's clock that are allowed. */
  limitH: z.number().min(0),
  /** Share of a week in which the clock runs. */
  clockShare: z.number().min(0).max(1),
  formula: PenaltyFormula,
});
export type Charge = z.infer<typeof Charge>;

/** The version in force, with its charges in the part's currency. */
const ContractCharges = z.object({
  contractId: z.string(),
  version: z.int(),
  charges: z.array(Charge),
});
export type ContractCharges = z.infer<typeof ContractCharges>;

/** A part that is approved to do the work of the situation's part, as it stands in the network; for machines that stand already. */
const Substitute = z.object({
  partId: z.string(),
  unitCostMinor: z.int().min(0),
  weightG: z.int().min(0).optional(),
  /** Pieces of it for one of ours. */
  ratio: z.int().positive(),
  /** Equipment models that it is approved for; none named: all. */
  models: z.array(z.string()),
  depots: z.array(DepotSituation),
  lanes: z.array(Lane),
});
export type Substitute = z.infer<typeof Substitute>;

export const Situation = z.object({
  groupId: z.string(),
  now: z.int(),
  part: z.object({
    partId: z.string(),
    unitCostMinor: z.int().min(0),
    currency: z.string().length(3),
    /** Of one piece. Options of a situation without it are not itemised. */
    weightG: z.int().min(0).optional(),
    shelfLifeD: z.int().positive().optional(),
    /** Flagged in the master data: nothing is bought ahead any more. */
    endOfLife: z.literal(true).optional(),
    criticality: Criticality.optional(),
  }),
  depots: z.array(DepotSituation),
  lanes: z.array(Lane),
  /** Only where machines stand for the part; sorted by id. */
  substitutes: z.array(Substitute).optional(),
  /** Those of the machines above that charge for a late case by typed terms, sorted by id. */
  contracts: z.array(ContractCharges).optional(),
  /** What was asked for of this part and not carried out: what waits for a planner, what one turned down lately, what shadow noted. */
  asked: z
    .array(
      z.object({
        depotId: z.string(),
        action: z.string(),
        essence: z.string(),
        /** A planner turned it down: it keeps nothing from other depots. */
        rejected: z.literal(true).optional(),
        /** When, and at which position of the depot and those it feeds. */
        at: z.int().optional(),
        position: z.int().optional(),
      }),
    )
    .optional(),
  policy: Policy,
});
export type Situation = z.infer<typeof Situation>;
