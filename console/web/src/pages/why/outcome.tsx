import type {JSX} from 'preact';
import {Link} from 'wouter-preact';
import {hrefTo} from '../../ui/page-address.ts';
import {Instant} from '../../ui/instant.tsx';
import {Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Delivery, useOrder} from '../order/delivery.tsx';
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
        <Ordered orderId={orderId} />
      )}
    </Section>
  );
}

function Ordered({orderId}: {readonly orderId: string}): JSX.Element {
  const order = useOrder(orderId);
  return (
    <Loaded query={order} what="the order">
      {(found) =>
        found === null ? (
          <Empty>No order was placed. It is once the proposal is approved.</Empty>
        ) : (
          <>
            <Delivery order={found} />
            <p>
              <Link href={hrefTo('orders', orderId)}>The order</Link>
            </p>
          </>
        )
      }
    </Loaded>
  );
}
