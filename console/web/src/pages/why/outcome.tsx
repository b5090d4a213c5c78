import {useQuery} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {api, ask} from '../../data/client.ts';
import {percent} from '../../ui/chance.ts';
import {Badge, Money} from '../../ui/figures.tsx';
import {Instant} from '../../ui/instant.tsx';
import {Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import type {Decision} from './why-data.ts';

/** Who said what about it, the order that came of it, and its delivery. */
export function Outcome({decision}: {readonly decision: Decision}): JSX.Element {
  const {reviews, orderId, action} = decision;
  return (
    <Section title="What came of it">
      {reviews.map(({reviewNo, actor, verdict, reasonCode, note, quantity, at}) => (
        <p key={reviewNo}>
          <Instant at={at} />: {actor} said <strong>{verdict}</strong>
          {quantity !== null && ` (${quantity})`}
          {reasonCode !== null && `, ${reasonCode.replaceAll('-', ' ')}`}
          {note !== null && `: ${note}`}
        </p>
      ))}
      {orderId === null ? (
        <Empty>{action === 'nothing' ? 'Nothing was to be done.' : 'Nothing is ordered for it.'}</Empty>
      ) : (
        <Delivery orderId={orderId} />
      )}
    </Section>
  );
}

function Delivery({orderId}: {readonly orderId: string}): JSX.Element {
  const orders = useQuery({
    queryKey: ['decisions', 'order', orderId],
    queryFn: () => ask(api.GET('/api/v1/orders', {params: {query: {orderId, limit: 1}}})),
  });
  return (
    <Loaded query={orders} what="the order">
      {({orders: [order]}) =>
        order === undefined ? (
          <Empty>No order was placed. It is once the proposal is approved.</Empty>
        ) : (
          <ol class="steps">
            <li>
              <Instant at={order.orderedAt} />: {order.kind} of {order.qty} from{' '}
              {order.fromLoc.replace(/^\w+:/, '')}, for{' '}
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
        )
      }
    </Loaded>
  );
}
