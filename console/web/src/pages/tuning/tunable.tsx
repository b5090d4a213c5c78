import type {JSX} from 'preact';
import {useSession} from '../../data/session.ts';
import {Instant} from '../../ui/instant.tsx';
import {usePageIds} from '../../ui/page-ids.ts';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {ChangeForm} from './change-form.tsx';
import {useParameters} from './parameters.ts';
import type {Parameter} from './parameters.ts';

/** One tunable: what is in force, a change with its dry run, and every version. */
export default function TunablePage(): JSX.Element {
  const {key} = usePageIds('key');
  const session = useSession();
  const parameters = useParameters();
  return (
    <Page title={key}>
      <Loaded query={parameters} what="what is tuned">
        {({parameters: all}) => {
          const parameter = all.find((one) => one.key === key);
          if (parameter === undefined) return <Empty>There is nothing called {key} to tune.</Empty>;
          return (
            <>
              <p>It says {parameter.about}.</p>
              <ChangeForm
                key={key}
                parameter={parameter}
                mayChange={session.data?.can('parameters.change') === true}
                mayTry={session.data?.can('what-if.run') === true}
              />
              <Versions versions={parameter.versions} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function Versions({versions}: {readonly versions: Parameter['versions']}): JSX.Element {
  return (
    <Section title="Versions">
      {versions.length === 0 ? (
        <Empty>Nobody has stated anything: all of it is as delivered.</Empty>
      ) : (
        <Table
          caption="Versions, newest first, those still to come included"
          rows={versions}
          rowKey={({from}) => from}
          columns={[
            {key: 'from', title: 'From', cell: ({from}) => <Instant at={from} year />},
            {key: 'by', title: 'By', cell: ({changedBy}) => changedBy},
            {
              key: 'value',
              title: 'Stated; the rest as delivered',
              cell: ({value}) => <code class="long">{JSON.stringify(value)}</code>,
            },
          ]}
        />
      )}
    </Section>
  );
}
