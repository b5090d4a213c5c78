import type {JSX} from 'preact';
import {useMemo} from 'preact/hooks';
import {useQuery} from '@tanstack/preact-query';
import {Link} from 'wouter-preact';
import {api, ask} from '../../data/client.ts';
import type {paths} from '../../data/paths.d.ts';
import {Chart} from '../../ui/chart.tsx';
import {chancesApart, ppmText} from '../../ui/chance.ts';
import {Money, pieces} from '../../ui/figures.tsx';
import {hrefTo} from '../../ui/page-address.ts';
import {usePageIds} from '../../ui/page-ids.ts';
import {Instant, hours} from '../../ui/instant.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {Stated} from './stated.tsx';

type Shelf =
  paths['/api/v1/part-depots/{partId}/{depotId}']['get']['responses'][200]['content']['application/json'];

/** One part at one depot: how it stands, the stock of the next weeks, what comes, and who may need it. */
export default function ShelfPage(): JSX.Element {
  const {partId, depotId} = usePageIds('partId', 'depotId');
  const shelf = useQuery({
    queryKey: ['shelf', partId, depotId],
    queryFn: () =>
      ask(api.GET('/api/v1/part-depots/{partId}/{depotId}', {params: {path: {partId, depotId}}})),
  });
  return (
    <Page
      title={`${partId} at ${depotId}`}
      actions={<Link href={hrefTo('network', depotId)}>Depot {depotId}</Link>}
    >
      <Loaded query={shelf} what="the shelf">
        {(data) => (
          <>
            <Section title="Projected stock">
              <Projection shelf={data} />
            </Section>
            <div class="columns">
              <Section title="As decisions see it">
                <Standing shelf={data} />
                <Stated partId={partId} depotId={depotId} />
              </Section>
              <Section title="Coming">
                <Receipts shelf={data} />
              </Section>
            </div>
            <Section title="Who may need it">
              <Components shelf={data} />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Projection({shelf: {days, feeds}}: {readonly shelf: Shelf}): JSX.Element {
  const {x, series} = useMemo(() => {
    const at = (level: number): number[] => days.map(({quantiles}) => quantiles[level]!);
    const line = (label: string, level: number, tone: 'act' | 'quiet') => ({
      label,
      values: at(level),
      tone,
      stepped: true,
    });
    return {
      x: days.map((day) => Date.parse(day.at) / 1000),
      series: [
        line('95 %', 4, 'quiet'),
        line('75 %', 3, 'quiet'),
        line('middle', 2, 'act'),
        line('25 %', 1, 'quiet'),
        line('5 %', 0, 'quiet'),
      ],
    };
  }, [days]);
  const last = days.at(-1)!;
  const empty = days.find(({emptyProbability}) => emptyProbability > 0.5);
  const summary =
    `Net stock in pieces when nothing more is ordered: ${days[0]!.mean.toFixed(1)} now, ${last.mean.toFixed(1)} on average ` +
    `after ${last.hours / 24} days, nine times in ten between ${last.quantiles[0]!} and ${last.quantiles[4]!}.`;
  return (
    <>
      <Chart x={x} series={series} bands={BANDS} unit="pieces" summary={summary} />
      <p>
        {summary}{' '}
        {empty !== undefined && (
          <>
            More likely empty than not from <Instant at={empty.at} /> on.
          </>
        )}
      </p>
      {feeds.length > 0 && (
        <p class="quiet">
          With the demand of {feeds.join(', ')}, which it feeds: they pass on what they are asked for.
        </p>
      )}
    </>
  );
}

/** Nine of ten cases, and half of them. */
const BANDS = [
  [0, 4],
  [1, 3],
] as const;

function Standing({shelf}: {readonly shelf: Shelf}): JSX.Element {
  return (
    <dl class="facts">
      <dt>On hand</dt>
      <dd>{pieces(shelf.onHand)}</dd>
      <dt>Owed</dt>
      <dd>{pieces(shelf.owed)}</dd>
      <dt>Position and target</dt>
      <dd>
        {shelf.position} of {pieces(shelf.target)}
        {shelf.feeds.length > 0 ? ', with all it feeds' : ''}
      </dd>
      <dt>Lead time’s demand covered</dt>
      <dd>{chancesApart(shelf.coveredShare, shelf.wantedShare).join(', wanted ')}</dd>
      <dt>Risk within {hours(shelf.horizonH)}</dt>
      <dd>
        <Money minor={shelf.riskMinor} currency={shelf.currency} />
      </dd>
      <dt>Unit cost</dt>
      <dd>
        <Money minor={shelf.unitCostMinor} currency={shelf.currency} />
      </dd>
    </dl>
  );
}

function Receipts({shelf: {receipts}}: {readonly shelf: Shelf}): JSX.Element {
  if (receipts.length === 0) return <Empty>Nothing is on order.</Empty>;
  return (
    <Table
      caption="Orders under way"
      rows={receipts}
      rowKey={({orderId}) => orderId}
      columns={[
        {
          key: 'kind',
          title: 'Way',
          cell: ({kind, orderId}) => <Link href={hrefTo('orders', orderId)}>{kind}</Link>,
        },
        {key: 'qty', title: 'Pieces', numeric: true, cell: ({quantity}) => quantity},
        {
          key: 'at',
          title: 'Expected',
          cell: ({expectedAt, sdH}) => (
            <>
              <Instant at={expectedAt} /> {sdH > 0 && <span class="quiet">± {hours(sdH)}</span>}
            </>
          ),
        },
      ]}
    />
  );
}

function Components({shelf: {components}}: {readonly shelf: Shelf}): JSX.Element {
  if (components.length === 0) return <Empty>No machine that is forecast needs it here.</Empty>;
  return (
    <Table
      caption="Components, the likeliest to fail first"
      rows={components}
      rowKey={({componentId}) => componentId}
      columns={[
        {
          key: 'machine',
          title: 'Machine',
          cell: ({equipmentId, positionId}) => (
            <>
              <Link href={hrefTo('equipment', equipmentId)}>{equipmentId}</Link>{' '}
              <span class="quiet">{positionId}</span>
            </>
          ),
        },
        {
          key: 'p',
          title: 'Fails within 28 days',
          numeric: true,
          cell: ({probabilityPpm}) => ppmText(probabilityPpm),
        },
        {key: 'qty', title: 'Pieces', numeric: true, cell: ({quantity}) => quantity},
        {key: 'method', title: 'Forecast by', cell: ({method}) => method},
        {key: 'age', title: 'As of', cell: ({asOf}) => <Instant at={asOf} />},
      ]}
    />
  );
}
