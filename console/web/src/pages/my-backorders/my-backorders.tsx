import {useInfiniteQuery} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {api, ask} from '../../data/client.ts';
import type {Reply} from '../../data/client.ts';
import {needColumns} from '../../ui/need-columns.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';

const PAGE_ROWS = 50;

/** What a customer waits for, and until when. */
export default function MyBackorders(): JSX.Element {
  const backorders = useInfiniteQuery({
    queryKey: ['my-backorders'],
    queryFn: ({pageParam: cursor}) =>
      ask(
        api.GET('/api/v1/my/backorders', {
          params: {query: {limit: PAGE_ROWS, ...(cursor === null ? {} : {cursor})}},
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({nextCursor}: Reply<'/api/v1/my/backorders'>) => nextCursor,
    refetchInterval: 60_000,
  });
  return (
    <Page title="My backorders">
      <Section title="Parts that you wait for">
        <Loaded query={backorders} what="what you wait for">
          {({pages}) => {
            const rows = pages.flatMap((page) => page.backorders);
            return rows.length === 0 ? (
              <Empty>You wait for no part.</Empty>
            ) : (
              <Table
                caption="Parts that you wait for, the oldest need first"
                rows={rows}
                rowKey={({demandId}) => demandId}
                columns={needColumns}
                more={
                  backorders.hasNextPage
                    ? {read: () => void backorders.fetchNextPage(), reading: backorders.isFetchingNextPage}
                    : undefined
                }
              />
            );
          }}
        </Loaded>
      </Section>
    </Page>
  );
}
