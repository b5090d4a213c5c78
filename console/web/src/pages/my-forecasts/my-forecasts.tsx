import {useInfiniteQuery} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {api, ask} from '../../data/client.ts';
import type {Reply} from '../../data/client.ts';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';

type Forecast = Reply<'/api/v1/my/forecasts'>['forecasts'][number];

const PAGE_PARTS = 50;
type More = Parameters<typeof Table>[0]['more'];
const FILE = '/api/v1/my/forecasts.csv';

/** What a supplier can expect to be asked for, part by part and month by month. */
export default function MyForecasts(): JSX.Element {
  const forecasts = useInfiniteQuery({
    queryKey: ['my-forecasts'],
    queryFn: ({pageParam: cursor}) =>
      ask(
        api.GET('/api/v1/my/forecasts', {
          params: {query: {limit: PAGE_PARTS, ...(cursor === null ? {} : {cursor})}},
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({nextCursor}: Reply<'/api/v1/my/forecasts'>) => nextCursor,
  });
  return (
    <Page
      title="My forecasts"
      actions={
        <a class="button" href={FILE}>
          As a file
        </a>
      }
    >
      <Section title="Expected demand, pieces a month">
        <p class="quiet">
          Of all depots that are filled by you, directly or through another depot. What machines announce by
          their readings comes on top; this month counts from today on.
        </p>
        <Loaded query={forecasts} what="the forecasts">
          {({pages}) => {
            const rows = pages.flatMap((page) => page.forecasts);
            return rows.length === 0 ? (
              <Empty>There is no forecast yet; the next night makes one for each part that you supply.</Empty>
            ) : (
              <ByPart
                rows={rows}
                more={
                  forecasts.hasNextPage
                    ? {read: () => void forecasts.fetchNextPage(), reading: forecasts.isFetchingNextPage}
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

function ByPart({rows, more}: {readonly rows: readonly Forecast[]; readonly more: More}): JSX.Element {
  const months = [...new Set(rows.map(({month}) => month))];
  const parts = [...new Set(rows.map(({partId}) => partId))].map((partId) =>
    rows.filter((row) => row.partId === partId),
  );
  return (
    <Table
      caption="Expected demand by part and month, the busiest part first"
      rows={parts}
      more={more}
      rowKey={([first]) => first!.partId}
      columns={[
        {
          key: 'part',
          title: 'Part',
          cell: ([first]) => (
            <>
              <strong>{first!.partId}</strong>
              <p class="quiet">{first!.partName}</p>
            </>
          ),
        },
        ...months.map((month) => ({
          key: month,
          title: monthText(month),
          numeric: true,
          cell: (part: readonly Forecast[]) =>
            (part.find((one) => one.month === month)?.pieces ?? 0).toFixed(1),
        })),
      ]}
    />
  );
}

const MONTH = new Intl.DateTimeFormat(undefined, {month: 'short', year: 'numeric', timeZone: 'UTC'});

/** '2026-01' → 'Jan 2026'. */
function monthText(month: string): string {
  return MONTH.format(new Date(`${month}-01T00:00:00Z`));
}
