import {z} from 'zod';
import {APPROVER_ROLES, MODES} from '../../../domain/decision.ts';
import {SEGMENTS} from '../../../domain/segment.ts';

export const Criticality = z.enum(SEGMENTS);

/** What ops tune; versioned data with effective dates (platform.parameter). */
export const Policy = z.object({
  version: z.string(),
  mode: z.enum(MODES),
  /** Pieces beyond what the lead time needs: hours that a quiet group may wait for its next look. The nightly round looks once a day, so fewer than 24 count on looks that do not come. */
  reviewH: z.number().positive(),
  /** Share of the allowed risk (1 − critical ratio) by which the position must fail before an order goes out. */
  hysteresis: z.number().min(0).max(1),
  /** Hours for which an order that was asked for stands whatever forecasts say meanwhile, while the depot's position is the same. 0 or left out: none. */
  frozenH: z.number().min(0).optional(),
  /** P(the failures of components of one lot have a cause in common), by which those of the lot fail together; 0 or left out: never. */
  lotShare: z.number().min(0).max(1).optional(),
  /** An option must save this much against waiting, and this share of the waiting cost. */
  marginMinor: z.int().min(0),
  marginShare: z.number().min(0).max(1),
  /** Demand at an all but dead depot: an early piece is held at most this long before it is used or sent on. */
  holdingDaysMax: z.number().positive(),
  /** An order brings an economic lot for so many days of demand at most; 0 or left out: no more than is needed. */
  lotCoverDaysMax: z.number().min(0).optional(),
  /** Waiting for a piece costs at least this, where no machine's downtime is known. */
  shortageFloorMinorPerH: z.int().positive(),
  /**
   * network: a depot that serves no known machine prices waiting by the part's machines elsewhere, and a depot that feeds others prices a
   * missing piece by what their shelves risk meanwhile. Left out: each as if it were alone.
   */
  missedPiece: z.literal('network').optional(),
  /**
   * next-look: a depot that orders piece by piece, and whose missed pieces are fetched for a fee, orders a piece once leaving it to the next look costs more
   * than holding it until then. Left out: by the newsvendor of the lead time like every other depot.
   */
  orderRule: z.literal('next-look').optional(),
  alertOpenMinor: z.int().min(0),
  alertClearMinor: z.int().min(0),
  autoOrderMaxMinor: z.int().min(0),
  /** By risk: the same limit for parts of a criticality, in place of the general one; 0: none of them goes out unasked. */
  autoOrderMaxMinorBySegment: z.partialRecord(Criticality, z.int().min(0)).optional(),
  autoOrdersPerDay: z.int().min(0),
  /** An order of more than this waits for somebody of this role; of bands that it is beyond, the highest counts. Left out: planners answer all. With segments a band is of parts of those alone. */
  approvalBands: z
    .array(
      z.object({
        aboveMinor: z.int().min(0),
        approverRole: z.enum(APPROVER_ROLES),
        segments: z.array(Criticality).min(1).optional(),
      }),
    )
    .max(8)
    .optional(),
  /** Segments: P(demand ≤ level) that parts of a criticality have at least, in ppm, where costs alone would ask for less. */
  serviceMinPpm: z.partialRecord(Criticality, z.int().min(0).max(999_999)).optional(),
  /** A shelf that let customers wait so often within so many days has at least this service until they are past; left out: none has. */
  recurring: z
    .object({
      backorders: z.int().positive(),
      withinDays: z.int().positive(),
      serviceMinPpm: z.int().min(0).max(999_999),
    })
    .optional(),
  /** A promised date is kept with this probability. */
  promiseConfidence: z.number().min(0.5).max(0.999).default(0.9),
});
export type Policy = z.infer<typeof Policy>;

export const DEFAULT_POLICY: Policy = {
  version: 'default-3',
  mode: 'shadow',
  reviewH: 24,
  hysteresis: 0.25,
  frozenH: 24,
  marginMinor: 5_000,
  marginShare: 0.05,
  holdingDaysMax: 730,
  lotCoverDaysMax: 365,
  shortageFloorMinorPerH: 500,
  missedPiece: 'network',
  orderRule: 'next-look',
  alertOpenMinor: 100_000,
  alertClearMinor: 50_000,
  autoOrderMaxMinor: 2_000_000,
  autoOrdersPerDay: 200,
  promiseConfidence: 0.9,
};
