import {useQuery} from '@tanstack/preact-query';
import type {JSX} from 'preact';
import {api, ask} from '../../data/client.ts';
import {needColumns} from '../../ui/need-columns.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';

const ROWS = 200;

/** What a customer waits for, and until when. */
export default function MyBackorders(): JSX.Element {
  const backorders = useQuery({
    queryKey: ['my-backorders'],
    queryFn: () => ask(api.GET('/api/v1/my/backorders', {params: {query: {limit: ROWS}}})),
    refetchInterval: 60_000,
  });
  return (
    <Page title="My backorders">
      <Section title="Parts that you wait for">
        <Loaded query={backorders} what="what you wait for">
          {({backorders: rows}) =>
            rows.length === 0 ? (
              <Empty>You wait for no part.</Empty>
            ) : (
              <Table
                caption="Parts that you wait for, the oldest need first"
                rows={rows}
                rowKey={({demandId}) => demandId}
                columns={needColumns}
              />
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}
