import type {z} from 'zod';
import type {OrderReleased} from '../../../domain/effect-message.ts';

type Order = z.output<typeof OrderReleased>;

/** Numbers of your Odoo for the names of Forestock: look them up once by external id or default code. */
export interface OdooIds {
  readonly partner: Readonly<Record<string, number>>;
  readonly product: Readonly<Record<string, number>>;
}

/**
 * The arguments of Odoo's `execute_kw` that make a purchase order of a released order; null for what a purchase order is not
 * (a transfer between depots, a hurry-up, a substitute from the shelf).
 *
 * `origin` carries the order id: look for it before you create, for the webhook may send one order twice.
 */
export function odooPurchaseOrder(
  order: Order,
  ids: OdooIds,
): readonly [string, string, readonly unknown[]] | null {
  if (order.from.kind !== 'supplier') return null;
  const partner = ids.partner[order.from.id ?? ''];
  const product = ids.product[order.partId];
  if (partner === undefined)
    throw new Error(`Odoo has no partner for supplier ${order.from.id}; add it to the ids`);
  if (product === undefined)
    throw new Error(`Odoo has no product for part ${order.partId}; add it to the ids`);
  const planned = order.expectedAt.slice(0, 19).replace('T', ' '); // Odoo's UTC form
  const line = {product_id: product, product_qty: order.quantity, date_planned: planned};
  return [
    'purchase.order',
    'create',
    [{partner_id: partner, origin: order.orderId, date_planned: planned, order_line: [[0, 0, line]]}],
  ];
}
