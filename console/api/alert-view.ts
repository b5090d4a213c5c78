import {z} from 'zod';
import {phraseAlert} from '../../notices/api.ts';
import type {AlertRecord} from '../../replenish/api.ts';
import {Instant} from './wire.ts';
import type {DeepReadonly} from './wire.ts';

export const Alert = z
  .object({
    alertId: z.string(),
    kind: z.string(),
    subject: z.string().describe('What it is about: "part@depot", an equipment, the line'),
    text: z.string(),
    openedAt: Instant,
    state: z.enum(['open', 'acknowledged', 'cleared']),
    level: z.int(),
    moneyMinor: z.int().describe('Expected cost of doing nothing'),
    currency: z.string().nullable(),
    decisionId: z.string().nullable().describe('The decision that raised it'),
    body: z.looseObject({}).describe('The facts of its kind'),
  })
  .meta({title: 'Alert'});

export function alertView(record: AlertRecord): DeepReadonly<z.output<typeof Alert>> {
  return {
    ...record,
    state: record.state as 'open' | 'acknowledged' | 'cleared',
    text: phraseAlert(record),
  };
}
