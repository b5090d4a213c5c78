import {z} from 'zod';
import {PartyId} from '../ids.ts';
import {currency, days, minor, percent, pieces, role} from './measures.ts';

const text = z.string().min(1).max(200);
const texts = z.array(text).min(1).max(100);

const Aging = z
  .strictObject({
    /** So old or older, the payer bears this share of the value, written down by so much. */
    buckets: z
      .array(z.strictObject({fromDays: days, payerSharePct: percent, writeDownPct: percent.default(0)}))
      .min(1)
      .max(20),
    payerPartyId: PartyId,
  })
  .refine(
    ({buckets}) => buckets.every((one, i) => i === 0 || one.fromDays > buckets[i - 1]!.fromDays),
    'has buckets that do not rise',
  );

/** Checked, kept and shown for statements, audits and people; no decision, deadline or sum follows from them by itself. */
export const KEPT_PARAMS = {
  aging: Aging,
  buyback: z.strictObject({
    condition: z.enum(['new', 'serviceable', 'unserviceable']),
    /** Of what was paid. */
    valuationPct: percent,
    windowDays: days,
  }),
  dataShare: z.strictObject({
    fields: texts,
    granularity: z.enum(['reading', 'hour', 'day', 'month']),
    frequency: z.enum(['stream', 'hourly', 'daily', 'weekly', 'monthly']),
    purpose: text,
    retentionDays: days,
    /** The party hears of a breach within so many hours of its discovery. */
    breachNoticeH: z.int().min(1).max(720).optional(),
    roles: z.array(role).min(1).max(100),
  }),
  audit: z.strictObject({
    frequency: z.enum(['monthly', 'quarterly', 'yearly', 'on-demand']),
    scope: texts,
    costBearer: PartyId,
    noticeDays: days.default(0),
  }),
  warranty: z.strictObject({
    months: z.int().min(1).max(600),
    /** None named: every failure. */
    failureCodes: z.array(text).max(1000).default([]),
    evidence: z.array(text).max(100).default([]),
    labourMinorPerH: minor.default(0),
    currency,
  }),
  capacityShare: z.strictObject({
    partnerPartyId: PartyId,
    unitsPerPeriod: pieces,
    /** For each unit. */
    rateMinor: minor,
    currency,
    trigger: text,
  }),
} as const;
