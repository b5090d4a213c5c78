import {z} from 'zod';
import {phraseAlert} from '../../notices/api.ts';
import {CASE_RESOLUTIONS} from '../../replenish/api.ts';
import type {AlertRecord} from '../../replenish/api.ts';
import {Instant} from './wire.ts';
import type {DeepReadonly} from './wire.ts';

export const Resolution = z
  .enum(CASE_RESOLUTIONS)
  .describe(
    'one-off: it will not come again; lasting: demand has changed; planned: somebody knew of it; wrong-data: the books were wrong',
  );

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
    acknowledgedBy: z.string().nullable().describe('Its owner: who said last that it is seen to'),
    acknowledgedUntil: Instant.nullable().describe('Null: until its cause is gone'),
    snoozedUntil: Instant.nullable().describe('Told again then'),
    dueAt: Instant.nullable().describe('By when somebody is to have looked into it; null: it is no case'),
    resolution: Resolution.nullable().describe('What was found; null: not closed by anybody'),
    resolvedBy: z.string().nullable(),
    body: z.looseObject({}).describe('The facts of its kind'),
  })
  .meta({title: 'Alert'});

/** An alert with how far up its escalation path it has come. */
export const StandingAlert = Alert.extend({
  tier: z
    .object({
      step: z.int().describe('Step of its escalation path that was told last, from 1'),
      steps: z.int(),
      role: z.string().describe('Who was told then'),
      next: z
        .object({role: z.string(), at: Instant})
        .nullable()
        .describe('Who hears of it next when nobody answers'),
    })
    .nullable()
    .describe('Null: nobody is told of it, or not yet'),
}).meta({title: 'StandingAlert'});

export function alertView(record: AlertRecord): DeepReadonly<z.output<typeof Alert>> {
  return {
    ...record,
    state: record.state as 'open' | 'acknowledged' | 'cleared',
    text: phraseAlert(record),
  };
}
