import {z} from 'zod';
import {ACTIONS} from './decision.ts';

/** An order that Forestock has released: what an ERP turns into a purchase order, and a depot into a transfer. */
export const OrderReleased = z
  .object({
    type: z.literal('order.released'),
    decisionId: z.string(),
    orderId: z
      .string()
      .describe('By which it is confirmed, shipped and received (/api/v1/orders/{orderId}/…)'),
    action: z.enum(ACTIONS),
    partId: z.string(),
    quantity: z.int().min(1).describe('Pieces, in the part’s stocking unit'),
    demandId: z.string().optional().describe('With a substitute: the line that it serves'),
    insteadOf: z.string().optional().describe('With a substitute: the part that was asked for'),
    to: z.string().describe('The depot that gets it'),
    from: z.object({
      kind: z.enum(['supplier', 'depot', 'order']).nullable(),
      id: z.string().nullable().describe('Of the supplier or the depot; of the order that is hurried'),
    }),
    mode: z.string().nullable().describe('road, air, sea, courier'),
    expectedAt: z.iso.datetime(),
    landedCost: z.object({minor: z.int(), currency: z.string()}).describe('To be paid, price included'),
  })
  .meta({title: 'OrderReleased'});

/** Pieces of a substitute on the very shelf are set aside: nothing is ordered or moved. */
export const SubstituteAllotted = OrderReleased.extend({
  type: z.literal('substitute.allotted'),
  orderId: z.null(),
}).meta({title: 'SubstituteAllotted'});

/** An alert that people are told of. */
export const AlertNotice = z
  .looseObject({
    type: z
      .string()
      .regex(/^alert[.]/)
      .describe('alert.opened, or alert. and the level that it has reached'),
    alertId: z.string(),
    kind: z.string(),
    subject: z.string(),
    decisionId: z.string().nullable(),
  })
  .describe('The facts of its kind stand beside these fields')
  .meta({title: 'AlertNotice'});

/** What a customer is told of a line of its own that waits. A fact that it is not sent is absent. */
export const CustomerNotice = z
  .object({
    type: z.enum([
      'customer.promised',
      'customer.moved',
      'customer.prolonged',
      'customer.filled',
      'customer.cancelled',
    ]),
    problemId: z.string().describe('The line; one for all messages about it'),
    title: z.string().describe('As it was approved'),
    text: z.string().describe('As it was approved'),
    link: z.null(),
    level: z.literal(1),
    demandId: z.string(),
    partId: z.string(),
    partName: z.string(),
    equipmentId: z.string().nullable(),
    depotId: z.string().optional(),
    tier: z.string(),
    qty: z.int(),
    state: z.enum(['open', 'filled', 'cancelled']),
    neededAt: z.iso.datetime(),
    promisedAt: z.iso.datetime().nullable(),
    promisedBefore: z.iso.datetime().optional().describe('The date that was told last'),
    waitingDays: z.int().min(0).describe('Whole days since it was needed'),
  })
  .meta({title: 'CustomerNotice'});
