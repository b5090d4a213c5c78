import {z} from 'zod';
import {PenaltyFormula} from '../../../domain/penalty.ts';
import {Policy} from '../decision/policy.ts';
import {TermChange} from './what-if-term-change.ts';

/**
 * Another world, laid over the situations that decisions were taken from: only what differs is named. Each entry changes what its
 * selectors name (a selector that is left out means all), entries of one list one after the other. Money in minor units of the part's
 * currency.
 */
const scale = z.number().positive();
const minor = z.int().min(0);
const hours = z.number().min(0);
const at = {partId: z.string().optional(), depotId: z.string().optional()};
const source = {...at, sourceId: z.string().optional(), kind: z.enum(['normal', 'emergency', 'repair']).optional()}; // prettier-ignore
const lane = {
  partId: z.string().optional(),
  fromDepotId: z.string().optional(),
  toDepotId: z.string().optional(),
  mode: z.string().optional(),
};

/** An object that names at least one of the fields that change something; a name that is none of its fields is a mistake. */
function entry<S extends z.ZodRawShape, C extends z.ZodRawShape>(
  selectors: S,
  changes: C,
): z.ZodObject<S & C, z.core.$strict> {
  const fields = Object.keys(changes);
  return z
    .strictObject({...selectors, ...changes})
    .refine(
      (value: Record<string, unknown>) => fields.some((field) => value[field] !== undefined),
      `changes nothing; name at least one of ${fields.join(', ')}`,
    );
}

const Stock = entry(at, {
  /** Pieces on the shelf instead. */
  onHand: z.int().min(0).optional(),
  /** Pieces more, or fewer with a minus; a shelf that has not so many is empty then. */
  addOnHand: z.int().optional(),
  /** Target at least; null takes the plan's away. */
  stockFloor: z.int().min(0).nullable().optional(),
  maxStock: z.int().min(0).nullable().optional(),
  mayStock: z.boolean().optional(),
  mustStock: z.boolean().optional(),
}).refine(
  ({onHand, addOnHand}) => onHand === undefined || addOnHand === undefined,
  'name onHand or addOnHand, not both',
);

const SourceLeadTime = entry(source, {
  /** Of mean and deviation, those of an expedited delivery included. */
  scale: scale.optional(),
  meanDays: z.number().positive().optional(),
  sdDays: z.number().min(0).optional(),
});
const LaneTransit = entry(lane, {
  scale: scale.optional(),
  meanHours: z.number().positive().optional(),
  sdHours: hours.optional(),
});

const PartCost = entry({partId: at.partId}, {scale: scale.optional(), unitCostMinor: minor.optional()});
const SourceCost = entry(source, {
  priceScale: scale.optional(),
  priceMinor: minor.optional(),
  orderCostMinor: minor.optional(),
  /** Of freight a consignment and a kilogram. */
  freightScale: z.number().min(0).optional(),
  expediteFeeMinor: minor.optional(),
  minimum: z.int().positive().optional(),
  multiple: z.int().positive().optional(),
});
const LaneCost = entry(lane, {
  /** Of the consignment's, the piece's and the kilogram's. */
  freightScale: z.number().min(0).optional(),
  costMinor: minor.optional(),
  costPerPieceMinor: minor.optional(),
});
const HoldingCost = entry(at, {ratePerYear: z.number().min(0).optional(), scale: scale.optional()});
const ShortageCost = entry(
  {...at, equipmentId: z.string().optional()},
  {scale: z.number().min(0).optional(), perHourMinor: minor.optional()},
);

const ContractCharge = entry(
  {contractId: z.string().optional(), termNo: z.int().optional()},
  {
    /** The charge is not made. */
    waived: z.literal(true).optional(),
    /** Of every sum of the formula. */
    scale: scale.optional(),
    /** Hours on the clause's clock that are allowed. */
    limitH: hours.optional(),
    formula: z.strictObject(PenaltyFormula.shape).optional(),
  },
);

const components = {...at, classId: z.string().optional()};
/** Which curve a component is forecast by. */
export const ModelChange = z.discriminatedUnion('method', [
  /** Its age alone: this Weibull law, else that of its class in the master data, else the class's MTBF. */
  z.strictObject({
    ...components,
    method: z.literal('age'),
    law: z.strictObject({shape: z.number().positive(), scaleH: z.number().positive()}).optional(),
  }),
  /** The newest forecast that another model version had made of it by then. */
  z.strictObject({...components, method: z.literal('version'), modelVersion: z.string()}),
  /** The recorded curve with its hazard times a factor: p becomes 1 − (1 − p)^factor. */
  z.strictObject({...components, method: z.literal('hazard-scale'), factor: z.number().min(0)}),
]);
export type ModelChange = z.infer<typeof ModelChange>;

const list = <T extends z.ZodType>(of: T) => z.array(of).default([]);

export const Overlay = z.strictObject({
  policy: Policy.pick({
    reviewH: true,
    hysteresis: true,
    frozenH: true,
    lotShare: true,
    marginMinor: true,
    marginShare: true,
    holdingDaysMax: true,
    lotCoverDaysMax: true,
    shortageFloorMinorPerH: true,
    serviceMinPpm: true,
    missedPiece: true,
    orderRule: true,
    mode: true,
    autoOrderMaxMinor: true,
    autoOrderMaxMinorBySegment: true,
  })
    .partial()
    .strict()
    .optional(),
  /** Before everything that is stated of stock, times and costs. */
  terms: list(TermChange),
  stock: list(Stock),
  leadTimes: z
    .strictObject({sources: list(SourceLeadTime), lanes: list(LaneTransit)})
    .default({sources: [], lanes: []}),
  costs: z
    .strictObject({
      parts: list(PartCost),
      sources: list(SourceCost),
      lanes: list(LaneCost),
      holding: list(HoldingCost),
      shortage: list(ShortageCost),
    })
    .default({parts: [], sources: [], lanes: [], holding: [], shortage: []}),
  contracts: list(ContractCharge),
  model: list(ModelChange),
});
export type Overlay = z.infer<typeof Overlay>;
