import {useInfiniteQuery, useQueryClient} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {api, ask} from '../../data/client.ts';
import type {Reply} from '../../data/client.ts';
import {useSession} from '../../data/session.ts';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {ConfirmDialog} from './confirm-dialog.tsx';
import {orderColumns} from './order-columns.tsx';
import type {MyOrder} from './order-columns.tsx';

const PAGE_ROWS = 50;

/** A supplier's open orders: what is wanted when, what was confirmed, what is late; and a date for each. */
export default function MyOrders(): JSX.Element {
  const [chosen, choose] = useState<MyOrder | null>(null);
  const queries = useQueryClient();
  const session = useSession();
  const orders = useInfiniteQuery({
    queryKey: ['my-orders'],
    queryFn: ({pageParam: cursor}) =>
      ask(
        api.GET('/api/v1/my/orders', {
          params: {query: {limit: PAGE_ROWS, ...(cursor === null ? {} : {cursor})}},
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({nextCursor}: Reply<'/api/v1/my/orders'>) => nextCursor,
  });
  const mayConfirm = session.data?.can('own-orders.confirm') === true;
  return (
    <Page title="My orders">
      <Section title="Open orders">
        <Loaded query={orders} what="your orders">
          {({pages}) => {
            const rows = pages.flatMap((page) => page.orders);
            return rows.length === 0 ? (
              <Empty>No order is open. A new one stands here as soon as it is released to you.</Empty>
            ) : (
              <Table
                caption="Open orders, the soonest due first"
                rows={rows}
                rowKey={({orderId}) => orderId}
                columns={orderColumns(mayConfirm ? choose : null)}
                more={
                  orders.hasNextPage
                    ? {read: () => void orders.fetchNextPage(), reading: orders.isFetchingNextPage}
                    : undefined
                }
              />
            );
          }}
        </Loaded>
      </Section>
      {chosen !== null && (
        <ConfirmDialog
          order={chosen}
          today={(orders.data?.pages.at(-1)?.asOf ?? chosen.dueAt).slice(0, 10)}
          close={() => choose(null)}
          done={() => void queries.invalidateQueries({queryKey: ['my-orders']})}
        />
      )}
    </Page>
  );
}
