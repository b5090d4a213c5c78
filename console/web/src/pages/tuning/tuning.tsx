import type {JSX} from 'preact';
import {Link} from 'wouter-preact';
import {hrefTo} from '../../ui/page-address.ts';
import {Instant} from '../../ui/instant.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {useParameters} from './parameters.ts';

/** What ops tune: data with effective dates. */
export default function Tuning(): JSX.Element {
  const parameters = useParameters();
  return (
    <Page title="Tuning">
      <Section title="What can be tuned">
        <Loaded query={parameters} what="what is tuned">
          {({parameters: rows}) => (
            <Table
              caption="What can be tuned"
              rows={rows}
              rowKey={({key}) => key}
              columns={[
                {
                  key: 'key',
                  title: 'Name',
                  cell: ({key}) => <Link href={hrefTo('tuning', key)}>{key}</Link>,
                },
                {key: 'about', title: 'What it is', cell: ({about}) => about},
                {
                  key: 'stated',
                  title: 'In force',
                  cell: ({stated}) => {
                    const fields = Object.keys(stated).length;
                    return fields === 0 ? 'as delivered' : `${fields} of its fields stated here`;
                  },
                },
                {
                  key: 'newest',
                  title: 'Newest version',
                  cell: ({versions: [newest]}) =>
                    newest === undefined ? (
                      <span class="quiet">–</span>
                    ) : (
                      <>
                        <Instant at={newest.from} year /> by {newest.changedBy}
                      </>
                    ),
                },
              ]}
            />
          )}
        </Loaded>
      </Section>
    </Page>
  );
}
