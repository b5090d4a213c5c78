import type {JSX} from 'preact';
import {useInfiniteQuery, useQuery} from '@tanstack/preact-query';
import {useState} from 'preact/hooks';
import {api, ask} from '../../data/client.ts';
import type {Reply} from '../../data/client.ts';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {Filters} from './filters.tsx';
import {NO_FILTER, queryOf} from './filter.ts';
import type {BackorderFilter} from './filter.ts';
import {REGISTER_COLUMNS} from './register-columns.tsx';
import {ShareOuts} from './share-outs.tsx';
import {Summary} from './summary.tsx';

const PAGE_ROWS = 50;

/** Needs whose time has passed: what they come to, whom they hit, and the register line by line. */
export default function Backorders(): JSX.Element {
  const [filter, setFilter] = useState<BackorderFilter>(NO_FILTER);
  const query = queryOf(filter);
  const summary = useQuery({
    queryKey: ['backorders', 'summary', query],
    queryFn: () => ask(api.GET('/api/v1/backorders/summary', {params: {query}})),
    placeholderData: (before: Reply<'/api/v1/backorders/summary'> | undefined) => before,
  });
  const register = useInfiniteQuery({
    queryKey: ['backorders', 'register', query],
    queryFn: ({pageParam: cursor}) =>
      ask(
        api.GET('/api/v1/backorders', {
          params: {query: {...query, limit: PAGE_ROWS, ...(cursor === null ? {} : {cursor})}},
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({nextCursor}: Reply<'/api/v1/backorders'>) => nextCursor,
  });
  return (
    <Page title="Backorders">
      <Filters filter={filter} change={setFilter} />
      <Loaded query={summary} what="what they come to">
        {(sums) => <Summary sums={sums} filter={filter} change={setFilter} />}
      </Loaded>
      <Section title="Register">
        <Loaded query={register} what="the register">
          {({pages}) => {
            const rows = pages.flatMap(({backorders}) => backorders);
            return rows.length === 0 ? (
              <Empty>
                {filter === NO_FILTER
                  ? 'Nobody waits for a part past its time.'
                  : 'No backorder is like that; choose less.'}
              </Empty>
            ) : (
              <Table
                caption="Backorders, the oldest first"
                rows={rows}
                rowKey={({demandId}) => demandId}
                columns={REGISTER_COLUMNS}
                more={
                  register.hasNextPage
                    ? {read: () => void register.fetchNextPage(), reading: register.isFetchingNextPage}
                    : undefined
                }
              />
            );
          }}
        </Loaded>
      </Section>
      <ShareOuts partId={query.partId} depotId={query.depotId} />
    </Page>
  );
}
