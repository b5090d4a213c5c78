import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {useQuery} from '@tanstack/preact-query';
import {Link} from 'wouter-preact';
import {api, ask} from '../../data/client.ts';
import {useSession} from '../../data/session.ts';
import {Badge} from '../../ui/figures.tsx';
import {hrefTo} from '../../ui/page-address.ts';
import {Instant} from '../../ui/instant.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {RollBack} from './acts.tsx';
import {StandingLine} from './standing.tsx';
import type {Model} from './standing.tsx';
import {Watch} from './watch.tsx';

/** Versions, what each is to its classes, and what came of what they said. */
export default function Models(): JSX.Element {
  const session = useSession();
  const [rollingBack, setRollingBack] = useState(false);
  const models = useQuery({queryKey: ['models'], queryFn: () => ask(api.GET('/api/v1/models'))});
  const rollBack = session.data?.can('models.operate') === true && (
    <button onClick={() => setRollingBack(true)}>Roll back …</button>
  );
  return (
    <Page title="Models" actions={rollBack || undefined}>
      <Section title="Versions">
        <Loaded query={models} what="models">
          {({models: rows}) =>
            rows.length === 0 ? (
              <Empty>
                None is registered. The age law of each class forecasts until one is: put a trained model into the
                models folder.
              </Empty>
            ) : (
              <Versions models={rows} />
            )
          }
        </Loaded>
      </Section>
      <Watch />
      {rollingBack && models.data && (
        <RollBack models={models.data.models} close={() => setRollingBack(false)} />
      )}
    </Page>
  );
}

function Versions({models}: {readonly models: readonly Model[]}): JSX.Element {
  return (
    <Table
      caption="Model versions"
      rows={models}
      rowKey={({modelVersionId}) => modelVersionId}
      columns={[
        {
          key: 'version',
          title: 'Version',
          cell: ({modelVersionId}) => (
            <Link href={hrefTo('models', modelVersionId)}>{modelVersionId}</Link>
          ),
        },
        {
          key: 'standing',
          title: 'What it is',
          cell: ({standings}) =>
            standings.map((standing) => <StandingLine key={standing.equipmentClassId} standing={standing} />),
        },
        {
          key: 'card',
          title: 'Card',
          cell: ({passed}) =>
            passed ? <Badge tone="good">passed the gate</Badge> : <Badge tone="bad">did not pass</Badge>,
        },
        {key: 'source', title: 'Taught on', cell: ({source}) => source},
        {key: 'seen', title: 'First seen', cell: ({firstSeenAt}) => <Instant at={firstSeenAt} year />},
      ]}
    />
  );
}
