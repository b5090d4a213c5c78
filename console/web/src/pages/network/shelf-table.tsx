import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {useInfiniteQuery} from '@tanstack/preact-query';
import {Link} from 'wouter-preact';
import {api, ask} from '../../data/client.ts';
import type {Reply} from '../../data/client.ts';
import {Field} from '../../ui/field.tsx';
import {Money} from '../../ui/figures.tsx';
import {hrefTo} from '../../ui/page-address.ts';
import {Instant} from '../../ui/instant.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import type {Column} from '../../ui/table.tsx';

const PAGE_ROWS = 50;
const SORTS = {risk: 'dearest risk first', empty: 'soonest empty first', part: 'by part'} as const;
type Sort = keyof typeof SORTS;

type Row = Reply<'/api/v1/part-depots'>['partDepots'][number];

/** One and the same, so that a further page draws its own rows alone. */
const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'part',
    title: 'Part at depot',
    cell: ({partId, partName, depotId}) => (
      <>
        <Link href={hrefTo('part-depots', partId, depotId)}>
          {partId} at {depotId}
        </Link>{' '}
        <span class="quiet">{partName}</span>
      </>
    ),
  },
  {key: 'here', title: 'On hand', numeric: true, cell: ({onHand}) => onHand},
  {key: 'coming', title: 'On order', numeric: true, cell: ({onOrder}) => onOrder},
  {key: 'owed', title: 'Owed', numeric: true, cell: ({owed}) => owed},
  {key: 'target', title: 'Target', numeric: true, cell: ({target}) => target},
  {
    key: 'risk',
    title: 'Risk',
    numeric: true,
    cell: ({riskMinor, currency}) => <Money minor={riskMinor} currency={currency} />,
  },
  {
    key: 'empty',
    title: 'Likely empty',
    cell: ({emptyAt}) => (emptyAt === null ? <span class="quiet">not soon</span> : <Instant at={emptyAt} />),
  },
  {key: 'age', title: 'As of', cell: ({asOf}) => <Instant at={asOf} />},
];

/** Parts at depots as their last look saw them, a page at a time. */
export function ShelfTable({
  asked,
}: {
  readonly asked: {readonly depotId?: string; readonly partId?: string; readonly region?: string};
}): JSX.Element {
  const [sort, setSort] = useState<Sort>('risk');
  const shelves = useInfiniteQuery({
    queryKey: ['part-depots', asked, sort],
    initialPageParam: undefined as string | undefined,
    queryFn: ({pageParam: cursor}) =>
      ask(
        api.GET('/api/v1/part-depots', {
          params: {query: {...asked, sort, limit: PAGE_ROWS, ...(cursor === undefined ? {} : {cursor})}},
        }),
      ),
    getNextPageParam: ({nextCursor}) => nextCursor ?? undefined,
  });
  return (
    <>
      <Field label="Order">
        {(tie) => (
          <select {...tie} value={sort} onChange={(event) => setSort(event.currentTarget.value as Sort)}>
            {Object.entries(SORTS).map(([key, text]) => (
              <option key={key} value={key}>
                {text}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Loaded query={shelves} what="shelves">
        {({pages}) => {
          const rows = pages.flatMap(({partDepots}) => partDepots);
          if (rows.length === 0)
            return <Empty>No shelf has been looked at yet. The first look follows the import.</Empty>;
          return (
            <Table
              caption={`Parts at depots, ${SORTS[sort]}`}
              rows={rows}
              rowKey={({partId, depotId}) => `${partId} ${depotId}`}
              columns={COLUMNS}
              more={
                shelves.hasNextPage
                  ? {read: () => void shelves.fetchNextPage(), reading: shelves.isFetchingNextPage}
                  : undefined
              }
            />
          );
        }}
      </Loaded>
    </>
  );
}
