import {z} from 'zod';
import {ok, refused, type Result} from '../domain/result.ts';
import {epochMs} from '../domain/time.ts';
import {advanceOrder, type OrderEvent, type OrderState, type SupplyOrder} from './core/order-state.ts';
import {type Command, instantText, origin, type Work} from './command.ts';
import {fillWaiting} from './fill.ts';
import {landPieces, ownerInTransit, shipPieces, supplierAt} from './order-movements.ts';
import {signalGroups} from './settle.ts';

const orderId = z.uuid();
const pieces = z.int().min(1).optional().describe('In the part’s stocking unit; default all that is open');

export const ConfirmOrder = z.object({
  ...origin,
  orderId,
  promisedAt: instantText.optional().describe('When the source will deliver, ISO 8601 in UTC'),
});
export const ShipOrder = z.object({
  ...origin,
  orderId,
  qty: pieces,
  titleTransfer: z
    .enum(['shipment', 'receipt'])
    .optional()
    .describe(
      'When a purchase becomes ours: until then pieces in transit belong to the supplier. Default: by the ownership term of its contract, else receipt',
    ),
});
export const ReceiveOrder = z.object({
  ...origin,
  orderId,
  qty: pieces,
  lot: z.string().default('').describe('Lot name, where the part is kept by lot'),
  serial: z.string().default('').describe('Serial of the one piece, where the part is kept by serial'),
});
export const CancelOrder = z.object({...origin, orderId});

export interface OrderAfter {
  readonly orderId: string;
  readonly state: OrderState;
  readonly shippedQty: number;
  readonly receivedQty: number;
}

type Change = {readonly qty?: number | undefined; readonly promisedAt?: string | undefined};

/** Takes one step of the order's life, writes its event and tells the part's planning group. */
async function step(
  body: {readonly source: string; readonly sourceKey: string; readonly orderId: string} & Change,
  event: OrderEvent,
  {ports, books, now, cause}: Work,
  move: (before: SupplyOrder, after: SupplyOrder) => Promise<Result<null>> = async () => ok(null),
): Promise<Result<OrderAfter>> {
  const before = await books.order(body.orderId);
  if (before === null)
    return refused('unknown-order', `order ${body.orderId} is not known; look it up in the list of orders`);
  const {qty, promisedAt} = body;
  const advanced = advanceOrder(before, event, {
    ...(qty === undefined ? {} : {qty}),
    ...(promisedAt === undefined ? {} : {promisedAt: epochMs(Date.parse(promisedAt))}),
  });
  if (!advanced.ok) return advanced;
  const after = {
    ...advanced.value,
    receivedAt: advanced.value.state === 'received' ? now : before.receivedAt,
  };
  const moved = await move(before, after);
  if (!moved.ok) return moved;
  await books.saveOrder(after);
  if (before.state === 'released') await books.clearUnanswered(after.orderId, now);
  if (after.slips > before.slips) await books.raiseSlip(after, now);
  else if (after.slips > 0 && isSlipOver(after)) await books.clearSlip(after, now);
  const {source, sourceKey} = body;
  const eventQty = after.receivedQty - before.receivedQty || after.shippedQty - before.shippedQty || null;
  await books.appendOrderEvent({
    orderId: body.orderId,
    source,
    sourceKey,
    type: event,
    qty: eventQty,
    worldAt: now,
  });
  await signalGroups(ports, books, new Map([[after.partId, cause]]), 'order', now);
  return ok({
    orderId: after.orderId,
    state: after.state,
    shippedQty: after.shippedQty,
    receivedQty: after.receivedQty,
  });
}

/** The order has ended, or its source came back to its first word. */
function isSlipOver({state, promisedAt, firstPromisedAt}: SupplyOrder): boolean {
  if (state === 'received' || state === 'cancelled' || state === 'rejected') return true;
  return promisedAt !== null && firstPromisedAt !== null && promisedAt <= firstPromisedAt;
}

export const confirmOrder: Command<z.infer<typeof ConfirmOrder>, OrderAfter> = {
  kind: 'confirm-order',
  schema: ConfirmOrder,
  quarantined: false,
  work: (body, work) =>
    step(body, 'confirm', work, async ({fromLoc}) => {
      const {books, now} = work;
      const partyId = supplierAt(fromLoc);
      if (partyId !== null) await books.hearFeed({kind: 'order-confirmations', partyId, newestAt: now}, now);
      return ok(null);
    }),
};

export const cancelOrder: Command<z.infer<typeof CancelOrder>, OrderAfter> = {
  kind: 'cancel-order',
  schema: CancelOrder,
  quarantined: false,
  work: (body, work) =>
    step(body, 'cancel', work, async (before) => {
      await work.books.tellCancelled(before, work.now);
      return ok(null);
    }),
};

export const shipOrder: Command<z.infer<typeof ShipOrder>, OrderAfter> = {
  kind: 'ship-order',
  schema: ShipOrder,
  quarantined: false,
  work: (body, work) =>
    step(body, 'ship', work, async (before, after) => {
      const ownerPartyId = await ownerInTransit(work, before, body.titleTransfer);
      return shipPieces(work, before, after.shippedQty - before.shippedQty, ownerPartyId);
    }),
};

export const receiveOrder: Command<z.infer<typeof ReceiveOrder>, OrderAfter> = {
  kind: 'receive-order',
  schema: ReceiveOrder,
  quarantined: false,
  work: (body, work) =>
    step(body, 'receive', work, async (before, after) => {
      const {books, ports, now} = work;
      const part = (await books.stockPart(before.partId))!;
      const qty = after.receivedQty - before.receivedQty;
      const fromSupplier = !before.fromLoc.startsWith('depot:');
      if (fromSupplier && part.lotRequired && body.lot === '') {
        return refused(
          'lot-missing',
          `order ${before.orderId}: part ${part.partId} is kept by lot; name the lot that came in`,
        );
      }
      const unannounced = after.shippedQty - before.shippedQty;
      if (unannounced > 0) {
        const shipped = await shipPieces(work, before, unannounced, before.ownerPartyId);
        if (!shipped.ok) return shipped;
      }
      await landPieces(work, before, qty, body);
      const depotId = before.toLoc.replace(/^depot:/, '');
      if (ports.autoIssue) await fillWaiting(ports, books, [depotId], [before.partId], now);
      return ok(null);
    }),
};
