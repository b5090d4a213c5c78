import {describe, expect, it} from 'vitest';
import {erpnextPurchaseOrder} from '../../docs/integrations/examples/erpnext.ts';
import {odooPurchaseOrder} from '../../docs/integrations/examples/odoo.ts';
import {sapPurchaseOrder} from '../../docs/integrations/examples/sap.ts';
import {OrderReleased} from '../../domain/effect-message.ts';

/** As the webhook sends it. */
const order = OrderReleased.parse({
  type: 'order.released',
  decisionId: 'd3310078-a728-533b-a6c3-d22a1cc3bb8d',
  orderId: '6b1f5c0e-9d5a-5a3e-8f0c-2f6f1f0b7a11',
  action: 'order',
  partId: 'BRG-6310-C4',
  quantity: 3,
  to: 'VLO-C',
  from: {kind: 'supplier', id: 'SUP-1'},
  mode: null,
  expectedAt: '2026-01-20T06:30:00.000Z',
  landedCost: {minor: 27600, currency: 'EUR'},
});
const transfer = OrderReleased.parse({...order, from: {kind: 'depot', id: 'LYS-1'}});
const org = {companyCode: '1010', purchasingOrganization: '1010', purchasingGroup: '001', unit: 'PC'};
const ids = {partner: {'SUP-1': 7}, product: {'BRG-6310-C4': 42}};
const frame = {company: 'Demo', releasedOn: '2026-01-05'};

describe('example mappings of a released order', () => {
  it('K1 Odoo: one create of purchase.order, by the numbers of that Odoo', () => {
    expect(odooPurchaseOrder(order, ids)).toEqual([
      'purchase.order',
      'create',
      [
        {
          partner_id: 7,
          origin: order.orderId,
          date_planned: '2026-01-20 06:30:00',
          order_line: [[0, 0, {product_id: 42, product_qty: 3, date_planned: '2026-01-20 06:30:00'}]],
        },
      ],
    ]);
    expect(() => odooPurchaseOrder(order, {...ids, product: {}})).toThrow('no product for part BRG-6310-C4');
  });

  it('K1 ERPNext: one Purchase Order with its item and warehouse', () => {
    expect(erpnextPurchaseOrder(order, frame)).toMatchObject({
      supplier: 'SUP-1',
      schedule_date: '2026-01-20',
      forestock_order_id: order.orderId,
      items: [{item_code: 'BRG-6310-C4', qty: 3, warehouse: 'VLO-C'}],
    });
  });

  it('K1 SAP: a purchase order with an item and its schedule line, the date at midnight UTC', () => {
    expect(sapPurchaseOrder(order, org)).toMatchObject({
      Supplier: 'SUP-1',
      to_PurchaseOrderItem: {
        results: [
          {
            Material: 'BRG-6310-C4',
            Plant: 'VLO-C',
            OrderQuantity: '3',
            to_ScheduleLine: {results: [{ScheduleLineDeliveryDate: '/Date(1768867200000)/'}]},
          },
        ],
      },
    });
  });

  it('makes no purchase order of a transfer', () => {
    expect(odooPurchaseOrder(transfer, ids)).toBeNull();
    expect(erpnextPurchaseOrder(transfer, frame)).toBeNull();
    expect(sapPurchaseOrder(transfer, org)).toBeNull();
  });
});
