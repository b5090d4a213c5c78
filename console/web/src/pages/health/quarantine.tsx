import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {useQuery} from '@tanstack/preact-query';
import {api, ask} from '../../data/client.ts';
import type {Answer} from '../../data/client.ts';
import {useSession} from '../../data/session.ts';
import {ActDialog} from '../../ui/act-dialog.tsx';
import {Instant} from '../../ui/instant.tsx';
import {Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {MendDialog} from './mend-dialog.tsx';
import {LOOK_AGAIN_MS, useMended} from './refresh.ts';

type Row = Answer<'/api/v1/quarantine'>['quarantine'][number];
const SHOWN_MAX = 200;

/** Rows that did not fit the books: issues, receipts, machines, reports. */
export function Quarantine(): JSX.Element {
  const session = useSession();
  const mayMend = session.data?.can('intake.mend') === true;
  const [mending, setMending] = useState<Row | null>(null);
  const [dropping, setDropping] = useState<Row | null>(null);
  const rows = useQuery({
    queryKey: ['quarantine'],
    queryFn: () => ask(api.GET('/api/v1/quarantine', {params: {query: {state: 'open', limit: SHOWN_MAX}}})),
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <Section title="Rows in quarantine">
      <Loaded query={rows} what="rows in quarantine">
        {({quarantine}) =>
          quarantine.length === 0 ? (
            <Empty>None. A row that does not fit the books is kept here as it was sent.</Empty>
          ) : (
            <Table
              caption="Rows in quarantine"
              rows={quarantine}
              rowKey={({quarantineId}) => quarantineId}
              columns={[
                {key: 'when', title: 'Received', cell: ({receivedAt}) => <Instant at={receivedAt} />},
                {key: 'kind', title: 'What', cell: ({kind}) => kind.replaceAll('-', ' ')},
                {key: 'why', title: 'Why', cell: ({reason, detail}) => `${reason}: ${detail}`},
                {
                  key: 'row',
                  title: 'Row',
                  cell: ({body}) => <code class="long">{JSON.stringify(body)}</code>,
                },
                {
                  key: 'acts',
                  title: '',
                  cell: (row) =>
                    mayMend && (
                      <div class="actions">
                        <button onClick={() => setMending(row)}>Mend …</button>
                        <button onClick={() => setDropping(row)}>Drop …</button>
                      </div>
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {mending && <Mend row={mending} close={() => setMending(null)} />}
      {dropping && <Drop row={dropping} close={() => setDropping(null)} />}
    </Section>
  );
}

function Mend({row, close}: {readonly row: Row; readonly close: () => void}): JSX.Element {
  return (
    <MendDialog
      title={`Mend a row: ${row.kind.replaceAll('-', ' ')}`}
      text={JSON.stringify(row.body, null, 2)}
      close={close}
      about={
        <p>
          {row.reason}: {row.detail}
        </p>
      }
      resubmit={async (corrected) => {
        const body = corrected === null ? {} : {body: JSON.parse(corrected) as Record<string, unknown>};
        const params = {path: {quarantineId: row.quarantineId}};
        await ask(api.POST('/api/v1/quarantine/{quarantineId}/resubmit', {params, body}));
        return 'The row is booked';
      }}
    />
  );
}

function Drop({row, close}: {readonly row: Row; readonly close: () => void}): JSX.Element {
  const mended = useMended();
  return (
    <ActDialog
      title="Drop a row"
      action="Drop"
      needsReason={false}
      close={close}
      act={async () => {
        const params = {path: {quarantineId: row.quarantineId}};
        await ask(api.POST('/api/v1/quarantine/{quarantineId}/drop', {params, body: {}}));
        await mended();
        return 'The row is dropped';
      }}
    >
      <p>It is never booked, and nothing takes that back. {row.detail}</p>
    </ActDialog>
  );
}
