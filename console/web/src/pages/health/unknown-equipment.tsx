import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {useQuery} from '@tanstack/preact-query';
import {api, ask} from '../../data/client.ts';
import type {Answer} from '../../data/client.ts';
import {useSession} from '../../data/session.ts';
import {Instant} from '../../ui/instant.tsx';
import {Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {AddEquipment} from './add-equipment.tsx';
import {LOOK_AGAIN_MS} from './refresh.ts';

export type Stranger = Answer<'/api/v1/dead-letters/equipment'>['equipment'][number];

/** Equipment that sends and that nobody has added: what it sent waits for it. */
export function UnknownEquipment(): JSX.Element {
  const session = useSession();
  const mayAdd = session.data?.can('equipment.change') === true && session.data.can('intake.mend');
  const [adding, setAdding] = useState<Stranger | null>(null);
  const strangers = useQuery({
    queryKey: ['dead-letters', 'equipment'],
    queryFn: () => ask(api.GET('/api/v1/dead-letters/equipment')),
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <Section title="Unknown equipment">
      <Loaded query={strangers} what="unknown equipment">
        {({equipment}) =>
          equipment.length === 0 ? (
            <Empty>None: whoever sends is in the installed base.</Empty>
          ) : (
            <Table
              caption="Unknown equipment"
              rows={equipment}
              rowKey={({equipmentId}) => equipmentId}
              columns={[
                {key: 'equipment', title: 'Equipment', cell: ({equipmentId}) => equipmentId},
                {key: 'letters', title: 'Messages that wait', numeric: true, cell: ({letters}) => letters},
                {key: 'first', title: 'First', cell: ({firstReceivedAt}) => <Instant at={firstReceivedAt} />},
                {key: 'last', title: 'Last', cell: ({lastReceivedAt}) => <Instant at={lastReceivedAt} />},
                {key: 'topic', title: 'Topic', cell: ({lastTopic}) => <span class="long">{lastTopic}</span>},
                {
                  key: 'acts',
                  title: '',
                  cell: (stranger) => mayAdd && <button onClick={() => setAdding(stranger)}>Add it …</button>,
                },
              ]}
            />
          )
        }
      </Loaded>
      {adding && <AddEquipment stranger={adding} close={() => setAdding(null)} />}
    </Section>
  );
}
