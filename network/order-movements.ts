import {invariant} from '../domain/invariant.ts';
import {ok, refused, type Result} from '../domain/result.ts';
import type {SupplyOrder} from './core/order-state.ts';
import {ISSUABLE_CONDITIONS, lotKey} from './core/stock-rules.ts';
import type {Work} from './command.ts';
import type {StockBalance, TitleTransfer} from './stock-ports.ts';

/** How a place of a supplier begins. */
const SUPPLIER = 'supplier:';

/** The supplier whose place it is; null where it is none's. */
export function supplierAt(loc: string): string | null {
  return loc.startsWith(SUPPLIER) ? loc.slice(SUPPLIER.length) : null;
}

/** Pieces of the order leave their source for `transit:<order>`; what a supplier sends is `ownerPartyId`'s on the way. */
export async function shipPieces(
  {ports, books, now, cause}: Work,
  order: SupplyOrder,
  qty: number,
  ownerPartyId: string,
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
    await books.post({...common, ownerPartyId, movementId, sourceKey, condition, qty, lot: '', serial: ''});
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
export async function landPieces(
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
export async function ownerInTransit(
  {books, now}: Work,
  order: SupplyOrder,
  named: TitleTransfer | undefined,
): Promise<string> {
  const supplier = supplierAt(order.fromLoc);
  if (supplier === null || order.kind === 'repair') return order.ownerPartyId;
  const title = named ?? (await books.agreedTitle(order, supplier, now));
  return title === 'shipment' ? order.ownerPartyId : supplier;
}
