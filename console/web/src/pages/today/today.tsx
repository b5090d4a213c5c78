import type {JSX} from 'preact';
import {useQuery} from '@tanstack/preact-query';
import {api, ask} from '../../data/client.ts';
import {Money} from '../../ui/figures.tsx';
import {Instant} from '../../ui/instant.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';

const SHOWN = 25;

/** What is at risk, dearest first, and what was decided. */
export default function Today(): JSX.Element {
  const alerts = useQuery({
    queryKey: ['alerts'],
    queryFn: () => ask(api.GET('/api/v1/alerts', {params: {query: {limit: SHOWN}}})),
  });
  const decisions = useQuery({
    queryKey: ['decisions'],
    queryFn: () => ask(api.GET('/api/v1/decisions', {params: {query: {limit: SHOWN}}})),
  });
  return (
    <Page title="Today">
      <Section title="Alerts">
        <Loaded query={alerts} what="alerts">
          {({alerts: rows}) =>
            rows.length === 0 ? (
              <Empty>No part is expected to run out.</Empty>
            ) : (
              <Table
                caption="Alerts, dearest first"
                rows={rows}
                rowKey={({alertId}) => alertId}
                columns={[
                  {key: 'text', title: 'What', cell: ({text}) => text},
                  {
                    key: 'money',
                    title: 'Cost of waiting',
                    numeric: true,
                    cell: ({moneyMinor, currency}) => <Money minor={moneyMinor} currency={currency} />,
                  },
                  {key: 'since', title: 'Since', cell: ({openedAt}) => <Instant at={openedAt} />},
                ]}
              />
            )
          }
        </Loaded>
      </Section>
      <Section title="Decisions">
        <Loaded query={decisions} what="decisions">
          {({decisions: rows}) =>
            rows.length === 0 ? (
              <Empty>None yet. The first follows the first forecast that matters.</Empty>
            ) : (
              <Table
                caption="Decisions, newest first"
                rows={rows}
                rowKey={({decisionId}) => decisionId}
                columns={[
                  {
                    key: 'what',
                    title: 'What',
                    cell: ({partId, depotId, text}) => `${partId} at ${depotId}: ${text}`,
                  },
                  {key: 'state', title: 'State', cell: ({state}) => state},
                  {key: 'when', title: 'When', cell: ({decidedAt}) => <Instant at={decidedAt} />},
                ]}
              />
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}
