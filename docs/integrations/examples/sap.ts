import type {z} from 'zod';
import type {OrderReleased} from '../../../domain/effect-message.ts';

/**
 * The body of a deep insert into A_PurchaseOrder of SAP's OData service API_PURCHASEORDER_PROCESS_SRV; null for what a purchase
 * order is not. Forestock's part ids are materials, its depots plants, its suppliers supplier numbers.
 *
 * The order id does not fit SAP's 12 characters of "your reference" (CorrespncExternalReference): keep the pair
 * (order id, purchase order number) with you, and look there before you create.
 */
export function sapPurchaseOrder(
  order: z.output<typeof OrderReleased>,
  org: {
    readonly companyCode: string;
    readonly purchasingOrganization: string;
    readonly purchasingGroup: string;
    readonly unit: string;
  },
): Readonly<Record<string, unknown>> | null {
  if (order.from.kind !== 'supplier') return null;
  return {
    PurchaseOrderType: 'NB',
    CompanyCode: org.companyCode,
    PurchasingOrganization: org.purchasingOrganization,
    PurchasingGroup: org.purchasingGroup,
    Supplier: order.from.id,
    DocumentCurrency: order.landedCost.currency,
    to_PurchaseOrderItem: {
      results: [
        {
          PurchaseOrderItem: '10',
          Material: order.partId,
          Plant: order.to,
          OrderQuantity: String(order.quantity),
          PurchaseOrderQuantityUnit: org.unit,
          to_ScheduleLine: {
            results: [
              {
                ScheduleLine: '1',
                ScheduleLineDeliveryDate: `/Date(${Date.parse(order.expectedAt.slice(0, 10))})/`,
                ScheduleLineOrderQuantity: String(order.quantity),
              },
            ],
          },
        },
      ],
    },
  };
}
