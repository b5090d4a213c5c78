import {z} from 'zod';
import {PenaltyFormula} from '../penalty.ts';
import {currency, hours, minor, percent, role, span} from './measures.ts';

/**
 * What a service level counts. The first three judge each case by itself: a need of a machine under the contract. The others add up what
 * the machines of a window waited.
 */
export const SLA_METRICS = ['responseH', 'restoreH', 'fillRate', 'availability', 'backorderDays'] as const;
export const SlaMetric = z.enum(SLA_METRICS);
export type SlaMetric = z.infer<typeof SlaMetric>;

export const SLA_WINDOWS = ['month', 'quarter', 'year'] as const;
export const SlaWindow = z.enum(SLA_WINDOWS);
export type SlaWindow = z.infer<typeof SlaWindow>;

const text = z.string().min(1).max(200);

const Sla = z.strictObject({
  /**
   * responseH: asked until the first piece is given · restoreH: needed until the last one is · fillRate: share given in time ·
   * availability: share of its machines' hours without waiting · backorderDays: days that its needs wait together.
   */
  metric: SlaMetric,
  /** Hours; of fillRate and availability percent, of backorderDays days of 24 hours. */
  target: hours,
  /** Of responseH and restoreH: percent of the cases that must keep the target. */
  sharePct: percent.default(100),
  /** Of fillRate: hours after the need that still count as filled. */
  withinH: hours.default(0),
  window: SlaWindow.default('month'),
  calendar: z.string().default('always'),
  /** Hours after a breach within which it must be remedied. */
  remediationH: hours.optional(),
  /** Agreed beforehand: its clock stands still then. */
  exclusions: z
    .array(span({reason: text}))
    .max(100)
    .default([]),
});

/** The service level, of the same version, that a term is about; its scope is the scope of both. */
const slaTermNo = z.int().min(1);

type Charges = Partial<z.input<typeof PenaltyFormula>>;

export function isCharging({
  perEventMinor = 0,
  perHourMinor = 0,
  tiers = [],
  pctOfFee = 0,
  floorMinor = 0,
}: Charges): boolean {
  return (
    perEventMinor + perHourMinor + pctOfFee + floorMinor > 0 ||
    tiers.some((tier) => (tier.perEventMinor ?? 0) + (tier.perHourMinor ?? 0) + (tier.pctOfFee ?? 0) > 0)
  );
}

export function namesItsFee({feeMinor, pctOfFee, tiers = []}: Charges): boolean {
  return feeMinor !== undefined || [{pctOfFee}, ...tiers].every((one) => one.pctOfFee === undefined);
}
export const NO_FEE = 'charges a share of a fee that it does not name: write feeMinor';

export function hasRisingTiers({tiers = []}: Charges): boolean {
  return tiers.every((tier, i) => i === 0 || tier.afterH > tiers[i - 1]!.afterH);
}
export const NO_RISE = 'has tiers that do not rise';

/** Every late case is charged by the formula; where waiting is added up, its hours beyond those allowed are. */
const Penalty = z
  .strictObject({
    slaTermNo,
    currency,
    ...PenaltyFormula.shape,
    /** All cases of one window together cost this at most. */
    capPerWindowMinor: minor.nullable().default(null),
  })
  .refine(isCharging, 'charges nothing')
  .refine(namesItsFee, NO_FEE)
  .refine(hasRisingTiers, NO_RISE);

/** Paid for each window without a late case, or with no more waiting than allowed. */
const Bonus = z.strictObject({slaTermNo, currency, perWindowMinor: minor.min(1)});

/** Reached when so many windows in a row were breached. */
const Trigger = z.strictObject({
  slaTermNo,
  consecutiveWindows: z.int().min(1).max(24),
  cureDays: z.int().min(0).default(0),
});

const ForceMajeure = z.strictObject({
  /** What the parties call so. */
  events: z.array(text).min(1).max(100),
  /** Within so many hours it is to be declared. */
  noticeHours: hours,
  /** The supplier must name another source. */
  altSourceDuty: z.boolean().default(false),
  /** What was declared: the clocks of the version's service levels about the same machines, parts and depots stand still then. */
  declared: z
    .array(span({event: text}))
    .max(100)
    .default([]),
});

/** When a need of its machines has waited so long, a role hears of it: warning, breach and escalation, as far as they are named. */
const Escalation = z
  .strictObject({
    levels: z
      .array(
        z.strictObject({afterMin: z.int().min(0).max(525_600), role, channel: z.string().min(1).max(200)}),
      )
      .min(1)
      .max(3),
  })
  .refine(
    ({levels}) => levels.every((one, i) => i === 0 || one.afterMin > levels[i - 1]!.afterMin),
    'has levels that do not rise',
  );

/** Promises to a customer, and what follows from keeping or breaking them. */
export const SERVICE_PARAMS = {
  sla: Sla,
  penalty: Penalty,
  bonus: Bonus,
  review: Trigger,
  terminate: Trigger,
  escalation: Escalation,
  forceMajeure: ForceMajeure,
} as const;
