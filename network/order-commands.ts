import {z} from 'zod';
import {invariant} from '../domain/invariant.ts';
import {ok, refused, type Result} from '../domain/result.ts';
import {epochMs} from '../domain/time.ts';
import {advanceOrder, type OrderEvent, type OrderState, type SupplyOrder} from './core/order-state.ts';
import {ISSUABLE_CONDITIONS, lotKey} from './core/stock-rules.ts';
import {type Command, instantText, origin, type Work} from './command.ts';
import {fillWaiting} from './fill.ts';
import type {StockBalance, TitleTransfer} from './ports.ts';
import {signalGroups} from './settle.ts';

/** How a place of a supplier begins. */
const SUPPLIER = 'supplier:';
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
  lot: z.string().default(''),
  serial: z.string().default(''),
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

/** Pieces of the order leave their source for `transit:<order>`. */
async function shipPieces(
  {ports, books, now, cause}: Work,
  order: SupplyOrder,
  qty: number,
  goods: {readonly lot: string; readonly serial: string; readonly ownerPartyId: string},
): Promise<Result<null>> {
  const transit = `transit:${order.orderId}`;
  const common = {source: 'order', partId: order.partId, fromLoc: order.fromLoc, loc: transit, worldAt: now};
  if (!order.fromLoc.startsWith('depot:')) {
    if (order.kind === 'repair') {
      const handed = await handIn({ports, books, now, cause}, order, qty);
      if (!handed.ok) return handed;
    }
    const sourceKey = `${cause}:ship`;
    const movementId = ports.causeId('movement', 'order', sourceKey);
    const condition = order.kind === 'repair' ? 'serviceable' : 'new';
    await books.post({...common, ...goods, movementId, sourceKey, condition, qty});
    return ok(null);
  }
  const expired = await books.expiredLots([order.partId], now);
  const shelf = (await books.balances([order.fromLoc], [order.partId])).filter(
    (row) =>
      row.ownerPartyId === order.ownerPartyId && isIssuable(row.condition) && !expired.has(lotKey(row)),
  );
  const there = shelf.reduce((sum, row) => sum + row.qty, 0);
  if (there < qty) {
    return refused(
      'not-enough-stock',
      `order ${order.orderId}: ${order.fromLoc} has ${there} usable pieces, not ${qty}; ship what is there`,
    );
  }
  for (const [index, {row, taken}] of takeFrom(shelf, qty).entries()) {
    const sourceKey = `${cause}:ship:${index}`;
    const movementId = ports.causeId('movement', 'order', sourceKey);
    await books.post({...common, ...row, loc: transit, movementId, sourceKey, serial: '', qty: taken});
  }
  return ok(null);
}

/** What a workshop sends back repaired has left the depot unserviceable. */
async function handIn(
  {ports, books, now, cause}: Pick<Work, 'ports' | 'books' | 'now' | 'cause'>,
  order: SupplyOrder,
  qty: number,
): Promise<Result<null>> {
  const broken = (await books.balances([order.toLoc], [order.partId])).filter(
    (row) => row.ownerPartyId === order.ownerPartyId && row.condition === 'unserviceable',
  );
  const there = broken.reduce((sum, row) => sum + row.qty, 0);
  if (there < qty) {
    return refused(
      'not-enough-stock',
      `order ${order.orderId}: ${order.toLoc} has ${there} unserviceable pieces to repair, not ${qty}; book what came back first`,
    );
  }
  for (const [index, {row, taken}] of takeFrom(broken, qty).entries()) {
    const sourceKey = `${cause}:hand-in:${index}`;
    const movementId = ports.causeId('movement', 'order', sourceKey);
    await books.post({
      ...row,
      movementId,
      source: 'order',
      sourceKey,
      serial: '',
      fromLoc: row.loc,
      loc: order.fromLoc,
      qty: taken,
      worldAt: now,
    });
  }
  return ok(null);
}

function isIssuable(condition: string): boolean {
  return (ISSUABLE_CONDITIONS as readonly string[]).includes(condition);
}

function takeFrom(
  rows: readonly StockBalance[],
  qty: number,
): {readonly row: StockBalance; readonly taken: number}[] {
  let open = qty;
  return rows.flatMap((row) => {
    const taken = Math.min(open, row.qty);
    open -= taken;
    return taken > 0 ? [{row, taken}] : [];
  });
}

/**
 * Pieces arrive. Where owner or lot change with the arrival they pass through `title:<order>`: one movement has one owner and
 * one lot, so a change of hands is two, and the books stay double entry for each.
 */
async function landPieces(
  {ports, books, now, cause}: Work,
  order: SupplyOrder,
  qty: number,
  {lot, serial}: {readonly lot: string; readonly serial: string},
): Promise<void> {
  const transit = `transit:${order.orderId}`;
  const rows = takeFrom(await books.balances([transit], [order.partId]), qty);
  invariant(
    rows.reduce((sum, {taken}) => sum + taken, 0) === qty,
    'what an order has shipped and not received is in transit',
  );
  for (const [index, {row, taken}] of rows.entries()) {
    const post = async (
      leg: string,
      fromLoc: string,
      loc: string,
      hands: {ownerPartyId: string; lot: string},
    ): Promise<void> => {
      const sourceKey = `${cause}:${leg}:${index}`;
      const movementId = ports.causeId('movement', 'order', sourceKey);
      await books.post({
        ...row,
        ...hands,
        movementId,
        source: 'order',
        sourceKey,
        serial,
        fromLoc,
        loc,
        qty: taken,
        worldAt: now,
      });
    };
    const landed = {ownerPartyId: order.ownerPartyId, lot: lot === '' ? row.lot : lot};
    if (landed.ownerPartyId === row.ownerPartyId && landed.lot === row.lot) {
      await post('receive', transit, order.toLoc, landed);
    } else {
      await post('hand-over', transit, `title:${order.orderId}`, row);
      await post('receive', `title:${order.orderId}`, order.toLoc, landed);
    }
  }
}

/** The buyer's own pieces stay its own, in a workshop too; a supplier's pass at the event that the command names, else the contract, else at receipt. */
async function ownerInTransit(
  {books, now}: Work,
  order: SupplyOrder,
  named: TitleTransfer | undefined,
): Promise<string> {
  if (!order.fromLoc.startsWith(SUPPLIER) || order.kind === 'repair') return order.ownerPartyId;
  const supplier = order.fromLoc.slice(SUPPLIER.length);
  const title = named ?? (await books.agreedTitle(order, supplier, now));
  return title === 'shipment' ? order.ownerPartyId : supplier;
}

export const confirmOrder: Command<z.infer<typeof ConfirmOrder>, OrderAfter> = {
  kind: 'confirm-order',
  schema: ConfirmOrder,
  quarantined: false,
  work: (body, work) =>
    step(body, 'confirm', work, async ({fromLoc}) => {
      const {books, now} = work;
      const partyId = fromLoc.startsWith(SUPPLIER) ? fromLoc.slice(SUPPLIER.length) : null;
      if (partyId !== null) await books.hearFeed({kind: 'order-confirmations', partyId, newestAt: now}, now);
      return ok(null);
    }),
};

export const cancelOrder: Command<z.infer<typeof CancelOrder>, OrderAfter> = {
  kind: 'cancel-order',
  schema: CancelOrder,
  quarantined: false,
  work: (body, work) => step(body, 'cancel', work),
};

export const shipOrder: Command<z.infer<typeof ShipOrder>, OrderAfter> = {
  kind: 'ship-order',
  schema: ShipOrder,
  quarantined: false,
  work: (body, work) =>
    step(body, 'ship', work, async (before, after) => {
      const ownerPartyId = await ownerInTransit(work, before, body.titleTransfer);
      return shipPieces(work, before, after.shippedQty - before.shippedQty, {
        lot: '',
        serial: '',
        ownerPartyId,
      });
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
        const shipped = await shipPieces(work, before, unannounced, {
          lot: '',
          serial: '',
          ownerPartyId: before.ownerPartyId,
        });
        if (!shipped.ok) return shipped;
      }
      await landPieces(work, before, qty, body);
      const depotId = before.toLoc.replace(/^depot:/, '');
      if (ports.autoIssue) await fillWaiting(ports, books, [depotId], [before.partId], now);
      return ok(null);
    }),
};
