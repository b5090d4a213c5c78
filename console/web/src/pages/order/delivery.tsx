import {useQuery} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {api, ask} from '../../data/client.ts';
import type {Reply, RequestError} from '../../data/client.ts';
import {percent} from '../../ui/chance.ts';
import {placeName} from '../../ui/coming-orders.tsx';
import {Badge, Money} from '../../ui/figures.tsx';
import {Instant} from '../../ui/instant.tsx';

export type Order = Reply<'/api/v1/orders'>['orders'][number];

/** One order as it stands; null: there is none of that id. Read again when something happens to a decision. */
export function useOrder(orderId: string): ReturnType<typeof useQuery<Order | null, RequestError>> {
  return useQuery<Order | null, RequestError>({
    queryKey: ['decisions', 'order', orderId],
    queryFn: async () => {
      const {orders} = await ask(api.GET('/api/v1/orders', {params: {query: {orderId, limit: 1}}}));
      return orders[0] ?? null;
    },
  });
}

/** From its placing to its last piece. */
export function Delivery({order}: {readonly order: Order}): JSX.Element {
  return (
    <ol class="steps">
      <li>
        <Instant at={order.orderedAt} />: {order.kind} of {order.qty} from {placeName(order.fromLoc)}, for{' '}
        <Money minor={order.costMinor} currency={order.currency} /> <Badge>{order.state}</Badge>
      </li>
      <li>
        Expected <Instant at={order.expectedAt} />
        {order.promisedAt !== null && (
          <>
            , promised for <Instant at={order.promisedAt} />
          </>
        )}
        {order.slips > 0 && <span class="warn"> moved back {order.slips} times</span>}
        {order.lateProbability !== null && `, late with ${percent(order.lateProbability)}`}
      </li>
      <li>
        {order.shippedQty} of {order.qty} sent, {order.receivedQty} received
        {order.receivedAt !== null && (
          <>
            , the last <Instant at={order.receivedAt} />
          </>
        )}
      </li>
    </ol>
  );
}
