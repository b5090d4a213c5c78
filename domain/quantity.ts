import {z} from 'zod';
import {invariant} from './invariant.ts';

/** The largest number of PostgreSQL's integer columns: counters and numbers that stand for an id. */
export const INT4_MAX = 2_147_483_647;

/** Whole pieces in the part's stocking unit of measure; cartons and metres are converted at the edge. */
export const Pieces = z.int().min(0).max(1_000_000_000).brand<'Pieces'>();
export type Pieces = z.infer<typeof Pieces>;

/** 0 to 1. */
export type Probability = number;

/** Whole parts per million: how a probability enters a decision, so that re-deciding is byte-equal. */
export type Ppm = number;
export const PPM = 1_000_000;

export function toPpm(probability: Probability): Ppm {
  invariant(probability >= 0 && probability <= 1, 'a probability is within 0..1');
  return Math.round(probability * PPM);
}

/** Whole minor units (cents) of an ISO 4217 currency. */
export interface Money {
  readonly minor: number;
  readonly currency: string;
}

/** Every currency in this product has two decimals in print. Example: {minor: 123456, currency: 'EUR'} → '1,234.56 EUR'. */
export function formatMoney({minor, currency}: Money): string {
  const sign = minor < 0 ? '-' : '';
  const whole = String(Math.floor(Math.abs(minor) / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${whole}.${String(Math.abs(minor) % 100).padStart(2, '0')} ${currency}`;
}
