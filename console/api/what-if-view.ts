import {z} from 'zod';
import {ACTIONS} from '../../domain/decision.ts';

const Act = z.object({
  depotId: z.string(),
  action: z.enum(ACTIONS),
  quantity: z.int(),
  sourceId: z.string().nullable(),
  mode: z.string().nullable(),
  state: z.enum(['recorded', 'proposed', 'executed']),
  landedMinor: z.int(),
  expectedMinor: z.int().nullable(),
});
const ActTotals = z.object({acts: z.int(), pieces: z.int(), landedMinor: z.int()});

/** What is taken anew is each decision by itself; sums are over all decisions of a currency. */
export const WhatIfReport = z.object({
  depth: z.literal('each-decision-alone'),
  decisions: z.int(),
  reproduced: z.int(),
  same: z.int(),
  changed: z.int(),
  byAction: z.array(
    z.object({before: z.enum(ACTIONS), after: z.enum(ACTIONS), same: z.int(), changed: z.int()}),
  ),
  totals: z.array(
    z.object({
      currency: z.string(),
      before: ActTotals,
      after: ActTotals,
      compared: z.int(),
      beforeMinor: z.int(),
      afterMinor: z.int(),
    }),
  ),
  untouched: z.array(z.string()),
  changes: z.array(
    z.object({
      decisionId: z.string(),
      decidedAt: z.int().describe('Epoch milliseconds'),
      partId: z.string(),
      currency: z.string(),
      before: Act,
      after: Act,
    }),
  ),
});
