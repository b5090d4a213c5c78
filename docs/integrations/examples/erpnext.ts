import type {z} from 'zod';
import type {OrderReleased} from '../../../domain/effect-message.ts';

/**
 * The body of ERPNext's POST /api/resource/Purchase Order for a released order; null for what a purchase order is not. Forestock's
 * part ids are item codes, its depots warehouses, its suppliers suppliers by name.
 *
 * `forestock_order_id` is a custom field, set unique: a repeat is then refused with a duplicate, which is a success.
 */
export function erpnextPurchaseOrder(
  order: z.output<typeof OrderReleased>,
  {company, releasedOn}: {readonly company: string; readonly releasedOn: string},
): Readonly<Record<string, unknown>> | null {
  if (order.from.kind !== 'supplier') return null;
  const day = order.expectedAt.slice(0, 10);
  return {
    doctype: 'Purchase Order',
    company,
    supplier: order.from.id,
    transaction_date: releasedOn,
    schedule_date: day,
    forestock_order_id: order.orderId,
    items: [{item_code: order.partId, qty: order.quantity, schedule_date: day, warehouse: order.to}],
  };
}
