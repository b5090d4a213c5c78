import type {JSX} from 'preact';
import {Link} from 'wouter-preact';
import type {Reply} from '../data/client.ts';
import {pieces} from './figures.tsx';
import {hrefTo} from './page-address.ts';
import {Instant} from './instant.tsx';

type WorkItem = Reply<'/api/v1/work'>['items'][number];

/** What lies on a shelf and what is on its way to it, each order with where to read how it does. Null: it is about no shelf. */
export function ComingOrders({
  of: {onHand, coming, comingPieces, partId, depotId},
}: {
  readonly of: Pick<WorkItem, 'onHand' | 'coming' | 'comingPieces' | 'partId' | 'depotId'>;
}): JSX.Element | null {
  if (onHand === null || partId === null || depotId === null) return null;
  const more = comingPieces - coming.reduce((sum, {quantity}) => sum + quantity, 0);
  return (
    <ul class="cover">
      <li>{onHand === 0 ? 'The shelf is empty' : `${pieces(onHand)} on the shelf`}</li>
      {coming.length === 0 && <li>nothing on its way</li>}
      {coming.map(({orderId, kind, quantity, from, expectedAt}) => (
        <li key={orderId}>
          <Link href={hrefTo('orders', orderId)}>{`${kind} of ${quantity} from ${placeName(from)}`}</Link>,
          here <Instant at={expectedAt} />
        </li>
      ))}
      {more > 0 && (
        <li>
          <Link href={hrefTo('part-depots', partId, depotId)}>{`${pieces(more)} more on their way`}</Link>
        </li>
      )}
    </ul>
  );
}

/** 'depot:LYS-1' → 'LYS-1'. */
export function placeName(location: string): string {
  return location.replace(/^\w+:/, '');
}
