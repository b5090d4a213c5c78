import {z} from 'zod';
import {HOUR_MS, plusMs} from '../../domain/time.ts';
import type {WhyDecision} from './trace.ts';
import {Instant} from './wire.ts';
import type {DeepReadonly} from './wire.ts';

const Shelf = z.object({
  onHand: z.int(),
  owed: z.int().describe('Now, or so soon that an order for it is due'),
  reserved: z.int().describe('Held for machines that are expected to fail'),
  receipts: z.array(
    z.object({
      orderId: z.string(),
      kind: z.string(),
      quantity: z.int(),
      expectedAt: Instant,
      sdH: z.number().describe('Standard deviation of that, in hours'),
    }),
  ),
  position: z.int().describe('On hand + on order − owed, of the depot and all that it feeds'),
  target: z.int().describe('Order-up-to level of the same'),
  onShelves: z.int().describe('What of both belongs to the shelves that it feeds'),
  covered: z.number().describe('P(demand ≤ position less what belongs to the shelves it feeds)'),
  wanted: z.number().describe('What that should be: the critical ratio, or the service that was agreed'),
  source: z
    .object({kind: z.string(), id: z.string(), meanH: z.number(), sdH: z.number()})
    .nullable()
    .describe('The usual source and its lead time, in hours'),
  reviewH: z.number(),
  underageMinor: z.int().describe('What a missing piece costs: its cheapest rescue'),
  overageMinor: z.int().describe('What a piece too early costs'),
  shortageMinorPerH: z.int(),
  reactiveMinor: z.int().describe('Expected cost of meeting failures as they come'),
  waitingMinor: z.int().describe('Expected cost of doing nothing at all'),
});

const Window = z.object({
  componentId: z.string(),
  equipmentId: z.string(),
  positionId: z.string(),
  from: Instant,
  to: Instant,
  signals: z
    .array(
      z.object({
        signal: z.string(),
        unit: z.string(),
        normalLow: z.number().nullable(),
        normalHigh: z.number().nullable(),
        steps: z
          .array(z.object({at: Instant, mean: z.number(), min: z.number(), max: z.number()}))
          .describe('The window in at most 240 steps; those in which nothing was heard are left out'),
      }),
    )
    .describe('Those that weigh most in the forecast first; at most 4'),
  events: z.array(
    z.object({at: Instant, type: z.string(), code: z.string().nullable(), positionId: z.string().nullable()}),
  ),
});

export const Why = z
  .object({
    decisionId: z.string(),
    partId: z.string(),
    depotId: z.string(),
    decidedAt: Instant,
    currency: z.string(),
    shelf: Shelf,
    demand: z
      .object({
        mean: z.number(),
        p: z.array(z.number()).describe('P(0 pieces), P(1 piece), …'),
        beyond: z.number().describe('P(more than these)'),
      })
      .describe('Asked for until an order placed at the next look would arrive'),
    windows: z.array(Window).describe('Of the components that the reasons name'),
  })
  .meta({title: 'DecisionWhy'});

export function whyView({decision, shelf, windows}: WhyDecision): DeepReadonly<z.output<typeof Why>> {
  const {decisionId, partId, depotId, decidedAt, currency} = decision;
  const {demand, receipts, ...rest} = shelf;
  return {
    ...{decisionId, partId, depotId, decidedAt, currency, demand},
    shelf: {
      ...rest,
      receipts: receipts.map(({orderId, kind, quantity, meanH, sdH}) => ({
        ...{orderId, kind, quantity, sdH},
        expectedAt: plusMs(decidedAt, meanH * HOUR_MS),
      })),
    },
    windows: windows.map(({forecast, signals, events}) => ({
      componentId: forecast.componentId,
      equipmentId: forecast.equipmentId,
      positionId: forecast.positionId,
      from: forecast.windowFrom,
      to: forecast.asOf,
      signals,
      events,
    })),
  };
}
