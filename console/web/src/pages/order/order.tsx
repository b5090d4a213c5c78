import type {JSX} from 'preact';
import {Link} from 'wouter-preact';
import {placeName} from '../../ui/coming-orders.tsx';
import {hrefTo} from '../../ui/page-address.ts';
import {usePageIds} from '../../ui/page-ids.ts';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Delivery, useOrder} from './delivery.tsx';
import type {Order} from './delivery.tsx';

/** One order: how it does, what it was placed for and where it goes. */
export default function OrderPage(): JSX.Element {
  const {orderId} = usePageIds('orderId');
  const order = useOrder(orderId);
  return (
    <Page title={order.data ? `${order.data.kind} of ${order.data.qty} ${order.data.partId}` : 'Order'}>
      <Loaded query={order} what="the order">
        {(found) => (found === null ? <Empty>There is no order {orderId}.</Empty> : <Story order={found} />)}
      </Loaded>
    </Page>
  );
}

/** Who sends, with where to read more of it. */
function Sender({location}: {readonly location: string}): JSX.Element {
  const name = placeName(location);
  const page = location.startsWith('depot:') ? 'network' : 'suppliers';
  return <Link href={hrefTo(page, name)}>{name}</Link>;
}

function Story({order}: {readonly order: Order}): JSX.Element {
  const {partId, toLoc, fromLoc, decisionId, purchaseOrderNo, uom, mode} = order;
  const depotId = toLoc.startsWith('depot:') ? placeName(toLoc) : null;
  return (
    <>
      <Section title="Delivery">
        <Delivery order={order} />
      </Section>
      <Section title="What it is">
        <dl class="facts">
          <dt>To</dt>
          <dd>
            {depotId === null ? (
              placeName(toLoc)
            ) : (
              <Link href={hrefTo('part-depots', partId, depotId)}>
                {partId} at {depotId}
              </Link>
            )}
          </dd>
          <dt>From</dt>
          <dd>
            <Sender location={fromLoc} />
            {mode !== null && `, by ${mode}`}
          </dd>
          <dt>Purchase order</dt>
          <dd>
            {purchaseOrderNo} <span class="quiet">counted in {uom}</span>
          </dd>
          <dt>Because</dt>
          <dd>
            {decisionId === null ? (
              'it was ordered elsewhere'
            ) : (
              <Link href={hrefTo('decisions', decisionId)}>of this decision</Link>
            )}
          </dd>
        </dl>
      </Section>
    </>
  );
}
