import type {JSX} from 'preact';
import {useMemo} from 'preact/hooks';
import {useQuery} from '@tanstack/preact-query';
import {Link} from 'wouter-preact';
import {api, ask} from '../../data/client.ts';
import {hrefTo} from '../../ui/page-address.ts';
import {usePageIds} from '../../ui/page-ids.ts';
import {Page, Section} from '../../ui/page.tsx';
import {Instant, hours} from '../../ui/instant.tsx';
import {ppmText} from '../../ui/chance.ts';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {ForecastChart} from './forecast-chart.tsx';
import {SignalChart} from './signal-chart.tsx';

/** Newest forecasts that are read: four weeks of a machine with a few components, one a night, fit well within. */
const FORECASTS_READ = 500;

/** One machine: its signals, what is forecast of its components, what is built in, and what it waits for. */
export default function EquipmentPage(): JSX.Element {
  const {equipmentId} = usePageIds('equipmentId');
  const path = {equipmentId};
  const installed = useQuery({
    queryKey: ['equipment', equipmentId],
    queryFn: () => ask(api.GET('/api/v1/equipment/{equipmentId}', {params: {path}})),
  });
  const forecasts = useQuery({
    queryKey: ['equipment', equipmentId, 'forecasts'],
    queryFn: () =>
      ask(
        api.GET('/api/v1/equipment/{equipmentId}/forecasts', {
          params: {path, query: {limit: FORECASTS_READ}},
        }),
      ),
  });
  const telemetry = useQuery({
    queryKey: ['equipment', equipmentId, 'telemetry'],
    queryFn: () => ask(api.GET('/api/v1/equipment/{equipmentId}/telemetry', {params: {path}})),
  });
  const work = useQuery({
    queryKey: ['equipment', equipmentId, 'work'],
    queryFn: () => ask(api.GET('/api/v1/equipment/{equipmentId}/work', {params: {path}})),
  });
  const newest = useMemo(() => {
    const seen = new Map<string, number>();
    for (const {componentId, horizonsH, cumulativePpm} of forecasts.data?.forecasts ?? [])
      if (!seen.has(componentId)) seen.set(componentId, cumulativePpm[horizonsH.length - 1] ?? 0);
    return seen;
  }, [forecasts.data]);
  return (
    <Page title={`Equipment ${equipmentId}`}>
      <Section title="Built in">
        <Loaded query={installed} what="what is built in">
          {({installed: rows}) => (
            <Table
              caption="Components"
              rows={rows}
              rowKey={({positionId}) => positionId}
              columns={[
                {key: 'position', title: 'Position', cell: ({positionId}) => positionId},
                {key: 'serial', title: 'Serial', cell: ({componentId}) => componentId},
                {
                  key: 'part',
                  title: 'Part',
                  cell: ({partId, depotIds: [first]}) =>
                    first === undefined ? (
                      partId
                    ) : (
                      <Link href={hrefTo('part-depots', partId, first)}>{partId}</Link>
                    ),
                },
                {key: 'age', title: 'In service', numeric: true, cell: ({ageH}) => hours(ageH)},
                {
                  key: 'p',
                  title: 'Fails within 28 days',
                  numeric: true,
                  cell: ({componentId}) => {
                    const ppm = newest.get(componentId);
                    return ppm === undefined ? <span class="quiet">not forecast</span> : ppmText(ppm);
                  },
                },
                {key: 'depots', title: 'Served by', cell: ({depotIds}) => depotIds.join(', ')},
              ]}
            />
          )}
        </Loaded>
      </Section>
      <Section title="Waits for">
        <Loaded query={work} what="open work">
          {({needs}) =>
            needs.length === 0 ? (
              <Empty>Nothing: it has every part that it asked for.</Empty>
            ) : (
              <Table
                caption="Open needs, the oldest first"
                rows={needs}
                rowKey={({demandId}) => demandId}
                columns={[
                  {
                    key: 'part',
                    title: 'Part',
                    cell: ({partId, depotId}) => (
                      <Link href={hrefTo('part-depots', partId, depotId)}>
                        {partId} at {depotId}
                      </Link>
                    ),
                  },
                  {key: 'qty', title: 'Pieces', numeric: true, cell: ({openQty}) => openQty},
                  {key: 'needed', title: 'Needed', cell: ({neededAt}) => <Instant at={neededAt} />},
                  {
                    key: 'promised',
                    title: 'Promised',
                    cell: ({promisedAt}) =>
                      promisedAt === null ? (
                        <span class="quiet">no date yet</span>
                      ) : (
                        <Instant at={promisedAt} />
                      ),
                  },
                ]}
              />
            )
          }
        </Loaded>
      </Section>
      <Section title="Forecasts">
        <Loaded query={forecasts} what="forecasts">
          {({forecasts: rows}) =>
            rows.length === 0 ? (
              <Empty>None of its components is forecast yet.</Empty>
            ) : (
              <ForecastChart forecasts={rows} />
            )
          }
        </Loaded>
      </Section>
      <Section title="Signals of the last two weeks">
        <Loaded query={telemetry} what="signals">
          {({signals}) =>
            signals.length === 0 ? (
              <Empty>It has sent nothing in this time.</Empty>
            ) : (
              <div class="columns">
                {signals.map((series) => (
                  <SignalChart key={series.signal} series={series} />
                ))}
              </div>
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}
