import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {useInfiniteQuery, useQuery} from '@tanstack/preact-query';
import {Link, useParams} from 'wouter-preact';
import {api, ask} from '../../data/client.ts';
import type {paths} from '../../data/paths.d.ts';
import {useWorldNow} from '../../data/world-now.ts';
import {Field} from '../../ui/field.tsx';
import {hrefTo} from '../../ui/page-address.ts';
import {Instant} from '../../ui/instant.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {Age, Definition, figureText, madeOf} from './kpi-figures.tsx';
import type {KpiReport} from './kpi-figures.tsx';
import {WindowField, useWindowDays, windowFrom} from './kpi-window.tsx';

type Query = NonNullable<paths['/api/v1/kpis']['get']['parameters']['query']>;
type Dimension = NonNullable<Query['by']>;
type KpiId = NonNullable<Query['kpiId']>;
const PARTS_SHOWN = 20;

/** One key figure: what it means, its parts by a dimension, and the very rows that were summed. */
export default function KpiPage(): JSX.Element {
  const kpiId = useParams<{kpiId: KpiId}>().kpiId;
  const [days, setDays] = useWindowDays();
  const now = useWorldNow();
  const from = now === null ? '' : windowFrom(now, days);
  const whole = useQuery({
    queryKey: ['kpis', kpiId, days],
    enabled: now !== null,
    queryFn: () => ask(api.GET('/api/v1/kpis', {params: {query: {kpiId, from}}})),
  });
  const title = whole.data?.kpis[0]?.definition.name ?? 'Key figure';
  return (
    <Page title={title} actions={<Link href={`/kpis?days=${days}`}>All key figures</Link>}>
      <WindowField days={days} set={setDays} />
      <Loaded query={whole} what="the figure">
        {({kpis}) =>
          kpis.map((report) => (
            <div key={report.definition.id} class="columns">
              <Section title="Figure">
                {report.figures.map((figure) => (
                  <p key={figure.currency ?? ''}>
                    <strong class="big">{figureText(figure, report.definition.unit)}</strong>{' '}
                    <span class="quiet">{madeOf(figure)}</span>
                  </p>
                ))}
                {report.figures.length === 0 && <Empty>Nothing to measure in this window.</Empty>}
                <p>
                  As of <Age freshness={report.freshness} />
                </p>
              </Section>
              <Section title="What it means">
                <Definition definition={report.definition} />
              </Section>
              <Parts kpiId={kpiId} from={from} days={days} definition={report.definition} />
            </div>
          ))
        }
      </Loaded>
      {now !== null && <Rows kpiId={kpiId} from={from} days={days} />}
    </Page>
  );
}

interface Asked {
  readonly kpiId: KpiId;
  readonly from: string;
  readonly days: number;
}

function Parts({kpiId, from, days, definition}: Asked & Pick<KpiReport, 'definition'>): JSX.Element | null {
  const [by, setBy] = useState<Dimension | undefined>(definition.dimensions[0]);
  const parts = useQuery({
    queryKey: ['kpis', kpiId, days, by],
    enabled: by !== undefined,
    queryFn: () =>
      ask(api.GET('/api/v1/kpis', {params: {query: {kpiId, from, by: by!, limit: PARTS_SHOWN}}})),
  });
  if (by === undefined) return null;
  return (
    <Section title="Taken apart">
      <Field label="By" hint="The parts add up to the figure.">
        {(tie) => (
          <select {...tie} value={by} onChange={(event) => setBy(event.currentTarget.value as Dimension)}>
            {definition.dimensions.map((one) => (
              <option key={one} value={one}>
                {one === 'partner' ? (definition.partner ?? one) : one}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Loaded query={parts} what="the parts">
        {({kpis: [report]}) => {
          const rest = report?.rest.map((figure) => ({...figure, key: 'all others'})) ?? [];
          return (
            <Table
              caption={`${definition.name} by ${by}`}
              rows={[...(report?.figures ?? []), ...rest]}
              rowKey={({key, currency}) => `${key ?? ''} ${currency ?? ''}`}
              columns={[
                {
                  key: 'key',
                  title: by,
                  cell: ({key}) =>
                    key === null || key === '' ? <span class="quiet">none stated</span> : key,
                },
                {
                  key: 'value',
                  title: 'Value',
                  numeric: true,
                  cell: (figure) => figureText(figure, definition.unit),
                },
                {key: 'of', title: 'Made of', numeric: true, cell: madeOf},
              ]}
            />
          );
        }}
      </Loaded>
    </Section>
  );
}

function Rows({kpiId, from, days}: Asked): JSX.Element {
  const rows = useInfiniteQuery({
    queryKey: ['kpis', kpiId, days, 'rows'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({pageParam: cursor}) =>
      ask(
        api.GET('/api/v1/kpis/{kpiId}/rows', {
          params: {path: {kpiId}, query: {from, limit: 50, ...(cursor === undefined ? {} : {cursor})}},
        }),
      ),
    getNextPageParam: ({nextCursor}) => nextCursor ?? undefined,
  });
  return (
    <Section title="Rows">
      <Loaded query={rows} what="the rows">
        {({pages}) => {
          const listed = pages.flatMap((page) => page.rows);
          const definition = pages[0]!.definition;
          if (listed.length === 0) return <Empty>No row in this window.</Empty>;
          return (
            <Table
              caption={`Rows of ${definition.name}, the newest first`}
              rows={listed}
              rowKey={({ref, currency}) => `${ref} ${currency ?? ''}`}
              columns={[
                {key: 'at', title: 'When', cell: ({at}) => <Instant at={at} year />},
                {
                  key: 'part',
                  title: 'Part at depot',
                  cell: ({partId, depotId}) =>
                    partId === null || depotId === null ? (
                      (depotId ?? <span class="quiet">–</span>)
                    ) : (
                      <Link href={hrefTo('part-depots', partId, depotId)}>
                        {partId} at {depotId}
                      </Link>
                    ),
                },
                {
                  key: 'partner',
                  title: 'Partner',
                  cell: ({partnerId}) => partnerId ?? <span class="quiet">–</span>,
                },
                {
                  key: 'n',
                  title: definition.numerator,
                  numeric: true,
                  cell: ({numerator}) => round(numerator),
                },
                ...(definition.denominator === null
                  ? []
                  : [
                      {
                        key: 'd',
                        title: definition.denominator,
                        numeric: true,
                        cell: (row: {denominator: number | null}) => round(row.denominator ?? 0),
                      },
                    ]),
              ]}
              more={
                rows.hasNextPage
                  ? {read: () => void rows.fetchNextPage(), reading: rows.isFetchingNextPage}
                  : undefined
              }
            />
          );
        }}
      </Loaded>
    </Section>
  );
}

function round(count: number): string {
  return String(Math.round(count * 100) / 100);
}
