import {z} from 'zod';
import {DepotId, EquipmentId, PartId, PartyId} from './ids.ts';
import {PenaltyFormula} from './penalty.ts';
import type {Result} from './result.ts';
import {ok, refused} from './result.ts';

/**
 * Contract terms as data. Only what changes a decision, a deadline, a permission or a sum is typed; the rest of a contract is the
 * clause that a term points to.
 */

/** What a service level counts. Each is judged case by case: a need of a machine under the contract. */
export const SLA_METRICS = ['responseH', 'restoreH', 'fillRate'] as const;
export const SlaMetric = z.enum(SLA_METRICS);
export type SlaMetric = z.infer<typeof SlaMetric>;

export const SLA_WINDOWS = ['month', 'quarter', 'year'] as const;
export const SlaWindow = z.enum(SLA_WINDOWS);
export type SlaWindow = z.infer<typeof SlaWindow>;

const percent = z.number().min(0).max(100);
const hours = z.number().min(0).max(87_660); // ten years: more is a typing mistake
const minor = z.int().min(0);
const currency = z.string().regex(/^[A-Z]{3}$/, 'is no currency: write the three letters of ISO 4217');
const pieces = z.int().positive();

const Sla = z.strictObject({
  /** responseH: asked until the first piece is given · restoreH: needed until the last one is · fillRate: share given in time. */
  metric: SlaMetric,
  /** Hours; of fillRate percent. */
  target: hours,
  /** Of responseH and restoreH: percent of the cases that must keep the target. */
  sharePct: percent.default(100),
  /** Of fillRate: hours after the need that still count as filled. */
  withinH: hours.default(0),
  window: SlaWindow.default('month'),
  calendar: z.string().default('always'),
  /** Hours after a breach within which it must be remedied. */
  remediationH: hours.optional(),
});

/** The service level, of the same version, that a term is about; its scope is the scope of both. */
const slaTermNo = z.int().min(1);

/** Every late case is charged by the formula. */
const Penalty = z
  .strictObject({
    slaTermNo,
    currency,
    ...PenaltyFormula.shape,
    /** All cases of one window together cost this at most. */
    capPerWindowMinor: minor.nullable().default(null),
  })
  .refine(
    ({perEventMinor, perHourMinor, tiers}) =>
      perEventMinor + perHourMinor > 0 || tiers.some((tier) => tier.perEventMinor + tier.perHourMinor > 0),
    'charges nothing',
  )
  .refine(
    ({tiers}) => tiers.every((tier, i) => i === 0 || tier.afterH > tiers[i - 1]!.afterH),
    'has tiers that do not rise',
  );

/** Paid for each window without a late case. */
const Bonus = z.strictObject({slaTermNo, currency, perWindowMinor: minor.min(1)});

/** Reached when so many windows in a row were breached. */
const Trigger = z.strictObject({
  slaTermNo,
  consecutiveWindows: z.int().min(1).max(24),
  cureDays: z.int().min(0).default(0),
});

const PARAMS = {
  sla: Sla,
  penalty: Penalty,
  bonus: Bonus,
  review: Trigger,
  terminate: Trigger,
  moq: z.strictObject({min: pieces, multiple: pieces.default(1)}),
  exclusivity: z.strictObject({supplierPartyId: PartyId, emergencyExcepted: z.boolean().default(true)}),
  ownership: z.strictObject({
    model: z.enum(['owned', 'consignment', 'vmi', 'shared']),
    ownerPartyId: PartyId,
    holderPartyId: PartyId.optional(),
    titleTransfer: z.enum(['shipment', 'receipt', 'consumption']),
    maxQty: pieces.optional(),
  }),
  usableBy: z.strictObject({ownerPartyId: PartyId, partyIds: z.array(PartyId).min(1)}),
  lane: z.strictObject({
    rule: z.enum(['forbidden', 'licence-needed']),
    fromDepotId: DepotId.optional(),
    toDepotId: DepotId.optional(),
    partFlags: z.array(z.string().min(1)).default([]),
  }),
  price: z
    .strictObject({
      model: z.enum(['fixed', 'cost-plus', 'volume-tier']),
      currency,
      priceMinor: minor.optional(),
      markupPct: z.number().min(0).optional(),
      tiers: z.array(z.strictObject({fromQty: pieces, priceMinor: minor})).optional(),
    })
    .refine(
      ({model, priceMinor, markupPct, tiers}) =>
        ({fixed: priceMinor, 'cost-plus': markupPct, 'volume-tier': tiers})[model] !== undefined,
      'lacks what its model needs: priceMinor of fixed, markupPct of cost-plus, tiers of volume-tier',
    ),
} as const;

export type TermType = keyof typeof PARAMS;
export const TERM_TYPES = Object.keys(PARAMS) as readonly TermType[];
export type TermParams<T extends TermType = TermType> = z.output<(typeof PARAMS)[T]>;

/** What a term is about; a list that is left out leaves nothing out. */
export const TermScope = z.strictObject({
  equipmentIds: z.array(EquipmentId).min(1).optional(),
  partIds: z.array(PartId).min(1).optional(),
  depotIds: z.array(DepotId).min(1).optional(),
});
export type TermScope = z.infer<typeof TermScope>;

export function inScope(
  {equipmentIds, partIds, depotIds}: TermScope,
  {
    equipmentId,
    partId,
    depotId,
  }: {readonly equipmentId: string; readonly partId: string; readonly depotId: string},
): boolean {
  const names = (ids: readonly string[] | undefined, id: string): boolean => ids?.includes(id) ?? true;
  return names(equipmentIds, equipmentId) && names(partIds, partId) && names(depotIds, depotId);
}

/** A term with its parameters, checked by its type; defaults are filled in. */
export type TypedTerm = {[T in TermType]: {readonly type: T; readonly params: TermParams<T>}}[TermType];

/**
 * Example: ('penalty', {slaTermNo: 1, currency: 'EUR', perHourMinor: 10000}) → the penalty with its defaults;
 * ('fine', …) → refused with 'unknown-term-type'.
 */
export function readTerm(type: string, params: unknown): Result<TypedTerm, 'unknown-term-type' | 'bad-term'> {
  const schema = Object.hasOwn(PARAMS, type) ? (PARAMS as Record<string, z.ZodType>)[type] : undefined;
  if (schema === undefined)
    return refused('unknown-term-type', `"${type}" is no term type: one of ${TERM_TYPES.join(', ')}`);
  const read = schema.safeParse(params);
  if (read.success) return ok({type, params: read.data} as TypedTerm);
  const [issue] = read.error.issues;
  const where = issue!.path.length === 0 ? '' : `${issue!.path.join('.')}: `;
  return refused('bad-term', `${where}${issue!.message}`);
}
