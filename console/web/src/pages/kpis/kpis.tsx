import type {JSX} from 'preact';
import {useQuery} from '@tanstack/preact-query';
import {Link} from 'wouter-preact';
import {api, ask} from '../../data/client.ts';
import {useWorldNow} from '../../data/world-now.ts';
import {Page, Section} from '../../ui/page.tsx';
import {Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {Age, figureText, madeOf} from './kpi-figures.tsx';
import {WindowField, useWindowDays, windowFrom} from './kpi-window.tsx';

/** All key figures of a window; each leads to its definition, its parts and its rows. */
export default function Kpis(): JSX.Element {
  const [days, setDays] = useWindowDays();
  const now = useWorldNow();
  const kpis = useQuery({
    queryKey: ['kpis', days],
    enabled: now !== null,
    queryFn: () => ask(api.GET('/api/v1/kpis', {params: {query: {from: windowFrom(now!, days)}}})),
  });
  return (
    <Page title="Key figures">
      <WindowField days={days} set={setDays} />
      <Section title="Figures">
        <Loaded query={kpis} what="figures">
          {({kpis: reports}) => (
            <Table
              caption="Key figures of the window"
              rows={reports.flatMap((report) => {
                const none = {
                  key: null,
                  currency: null,
                  rows: 0,
                  numerator: 0,
                  denominator: null,
                  value: null,
                };
                return (report.figures.length === 0 ? [none] : report.figures).map((figure) => ({
                  report,
                  figure,
                }));
              })}
              rowKey={({report, figure}) => `${report.definition.id} ${figure.currency ?? ''}`}
              columns={[
                {
                  key: 'name',
                  title: 'Figure',
                  cell: ({report: {definition}}) => (
                    <Link href={`/kpis/${definition.id}?days=${days}`}>{definition.name}</Link>
                  ),
                },
                {
                  key: 'value',
                  title: 'Value',
                  numeric: true,
                  cell: ({report, figure}) => figureText(figure, report.definition.unit),
                },
                {
                  key: 'of',
                  title: 'Made of',
                  cell: ({figure}) => <span class="quiet">{madeOf(figure)}</span>,
                },
                {key: 'better', title: 'Better', cell: ({report}) => report.definition.better},
                {key: 'age', title: 'As of', cell: ({report}) => <Age freshness={report.freshness} />},
              ]}
            />
          )}
        </Loaded>
      </Section>
    </Page>
  );
}
