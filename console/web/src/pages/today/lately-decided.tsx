import type {JSX} from 'preact';
import {useQuery} from '@tanstack/preact-query';
import {Link} from 'wouter-preact';
import {api, ask} from '../../data/client.ts';
import {hrefTo} from '../../ui/page-address.ts';
import {Instant} from '../../ui/instant.tsx';
import {Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';

const SHOWN = 10;

/** The newest decisions, also those that say "nothing, because". */
export function LatelyDecided(): JSX.Element {
  const decisions = useQuery({
    queryKey: ['decisions', 'lately'],
    queryFn: () => ask(api.GET('/api/v1/decisions', {params: {query: {limit: SHOWN}}})),
  });
  return (
    <Section title="Lately decided">
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
                  cell: ({decisionId, partId, depotId, text}) => (
                    <Link href={hrefTo('decisions', decisionId)}>{`${partId} at ${depotId}: ${text}`}</Link>
                  ),
                },
                {key: 'state', title: 'State', cell: ({state}) => state},
                {key: 'when', title: 'When', cell: ({decidedAt}) => <Instant at={decidedAt} />},
              ]}
            />
          )
        }
      </Loaded>
    </Section>
  );
}
