import {z} from 'zod';
import {instantOf} from '../time.ts';

/** Whole minor units of a currency. */
export const minor = z.int().min(0);
/** Ten years at most: more is a typing mistake. */
export const hours = z.number().min(0).max(87_660);
export const days = z.int().min(0).max(3_660);
export const percent = z.number().min(0).max(100);
/** A million at most: more is a typing mistake. */
export const pieces = z.int().min(1).max(1_000_000);
export const currency = z.string().regex(/^[A-Z]{3}$/, 'is no currency: write the three letters of ISO 4217');
/** Someone's part in a process, such as 'planner' or 'service-manager', as the company calls it. */
export const role = z.string().min(1).max(100);
export const date = z.iso.date('is no date: write it as 2026-08-03');

const instant = z.iso.datetime('is no instant: write it as 2026-08-03T06:00:00Z');
/** From an instant until before another one, with what it is about. */
export const span = <S extends z.ZodRawShape>(about: S) =>
  z
    .strictObject({...about, from: instant, until: instant})
    .refine(
      (value: Record<string, unknown>) =>
        instantOf(String(value['from'])) < instantOf(String(value['until'])),
      'does not end after it begins',
    );
