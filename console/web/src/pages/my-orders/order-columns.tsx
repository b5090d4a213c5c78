import type {JSX} from 'preact';
import type {Reply} from '../../data/client.ts';
import {Badge} from '../../ui/figures.tsx';
import {Instant} from '../../ui/instant.tsx';
import type {Column} from '../../ui/table.tsx';

export type MyOrder = Reply<'/api/v1/my/orders'>['orders'][number];

const STATES = {released: 'to confirm', confirmed: 'confirmed', shipped: 'under way'} as const;

/** @param confirm Asks for a date; null: who looks may not give one. */
export function orderColumns(confirm: ((order: MyOrder) => void) | null): readonly Column<MyOrder>[] {
  const columns: readonly Column<MyOrder>[] = [
    {
      key: 'part',
      title: 'Part',
      cell: ({partId, partName}) => (
        <>
          <strong>{partId}</strong>
          <p class="quiet">{partName}</p>
        </>
      ),
    },
    {
      key: 'pieces',
      title: 'Pieces',
      numeric: true,
      cell: ({qty, receivedQty, shippedQty}) => (
        <>
          {qty}
          {shippedQty > receivedQty && <p class="quiet">{shippedQty - receivedQty} under way</p>}
          {receivedQty > 0 && <p class="quiet">{receivedQty} received</p>}
        </>
      ),
    },
    {key: 'to', title: 'To', cell: ({depotId}) => depotId},
    {key: 'ordered', title: 'Ordered', cell: ({orderedAt}) => <Instant at={orderedAt} year />},
    {
      key: 'wanted',
      title: 'Wanted by',
      cell: ({requestedAt}) =>
        requestedAt === null ? <span class="quiet">–</span> : <Instant at={requestedAt} year />,
    },
    {key: 'confirmed', title: 'Confirmed for', cell: (order) => <Confirmed order={order} />},
    {
      key: 'state',
      title: 'State',
      cell: ({state, isLate}) => (
        <>
          <Badge tone={state === 'released' ? 'warn' : 'good'}>{STATES[state]}</Badge>{' '}
          {isLate && <Badge tone="bad">late</Badge>}
        </>
      ),
    },
  ];
  if (confirm === null) return columns;
  return [
    ...columns,
    {
      key: 'act',
      title: 'Date',
      cell: (order) => {
        const text = order.promisedAt === null ? 'Confirm' : 'Change';
        return (
          <button
            onClick={() => confirm(order)}
            aria-label={`${text}: ${order.partId}, order ${order.orderId}`}
          >
            {text}
          </button>
        );
      },
    },
  ];
}

function Confirmed({order: {promisedAt, slips}}: {readonly order: MyOrder}): JSX.Element {
  if (promisedAt === null) return <span class="quiet">not yet</span>;
  return (
    <>
      <Instant at={promisedAt} year />
      {slips > 0 && <p class="quiet">moved back {slips === 1 ? 'once' : `${slips} times`}</p>}
    </>
  );
}
