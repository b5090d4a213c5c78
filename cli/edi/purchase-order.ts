import type {Segment} from './interchange.ts';

/** What an 850 needs of an order. */
export interface PurchaseOrder {
  readonly purchaseOrderNo: string;
  readonly kind: string;
  readonly partId: string;
  readonly uom: string;
  readonly qty: number;
  readonly fromLoc: string;
  readonly toLoc: string;
  readonly orderedAt: string;
  readonly expectedAt: string;
}

/** Kinds that are bought; a transfer or a repair is no purchase. */
export const BOUGHT: ReadonlySet<string> = new Set(['purchase', 'expedite', 'emergency']);

/**
 * One order as an 850, with one line; the depot is where it goes, the date when it is asked for.
 *
 * Example: 3 of VAC-30 for WAW-1 until 12 January → BEG*00*NE*…, DTM*002*20260112, N1*ST**92*WAW-1, PO1*1*3*EA***BP*VAC-30.
 */
export function purchaseOrderSegments(order: PurchaseOrder): readonly Segment[] {
  const day = (instant: string): string => instant.slice(0, 10).replaceAll('-', '');
  const bare = (place: string): string => place.replace(/^\w+:/, '');
  const segment = (tag: string, ...elements: string[]): Segment => ({tag, elements});
  return [
    segment(
      'BEG',
      '00',
      order.kind === 'purchase' ? 'NE' : 'RO',
      order.purchaseOrderNo,
      '',
      day(order.orderedAt),
    ),
    segment('DTM', '002', day(order.expectedAt)),
    segment('N1', 'ST', '', '92', bare(order.toLoc)),
    segment('N1', 'SU', '', '92', bare(order.fromLoc)),
    segment('PO1', '1', String(order.qty), order.uom, '', '', 'BP', order.partId),
    segment('CTT', '1'),
  ];
}
