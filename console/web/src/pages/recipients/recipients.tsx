import type {JSX} from 'preact';
import {useMutation, useQuery} from '@tanstack/preact-query';
import {useState} from 'preact/hooks';
import {api, ask} from '../../data/client.ts';
import type {RequestError} from '../../data/client.ts';
import {useSession} from '../../data/session.ts';
import {Badge} from '../../ui/figures.tsx';
import {notify} from '../../ui/notices.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {RecipientDialog} from './recipient-dialog.tsx';
import {NEW_RECIPIENT} from './recipient-draft.ts';
import type {Recipient} from './recipient-draft.ts';

/** Who is told of alerts, by which way and when. Credentials go in and are never shown. */
export default function Recipients(): JSX.Element {
  const mayChange = useSession().data?.can('recipients.change') === true;
  const [changing, setChanging] = useState<Recipient | typeof NEW_RECIPIENT | null>(null);
  const recipients = useQuery({
    queryKey: ['recipients'],
    queryFn: () => ask(api.GET('/api/v1/recipients')),
  });
  const test = useMutation<unknown, RequestError, string>({
    mutationFn: (recipientId) =>
      ask(
        api.POST('/api/v1/recipients/{recipientId}/test', {
          params: {path: {recipientId}},
          body: {actor: 'console'},
        }),
      ),
    onSuccess: (_, recipientId) =>
      notify({
        tone: 'good',
        text: `A test message to ${recipientId} is on its way; if it cannot leave, Stream health says so.`,
      }),
    onError: ({message}) => notify({tone: 'bad', text: message}),
  });
  return (
    <Page
      title="Recipients"
      actions={mayChange && <button onClick={() => setChanging(NEW_RECIPIENT)}>Add a recipient …</button>}
    >
      <Section title="Who is told of alerts">
        <Loaded query={recipients} what="recipients">
          {({recipients: rows}) =>
            rows.length === 0 ? (
              <Empty>Nobody: alerts stand in the console alone until somebody is added.</Empty>
            ) : (
              <Table
                caption="Recipients"
                rows={rows}
                rowKey={({recipientId}) => recipientId}
                columns={[
                  {key: 'who', title: 'Recipient', cell: (one) => <Who recipient={one} />},
                  {
                    key: 'where',
                    title: 'By',
                    cell: ({channel, address}) => <span class="long">{`${channel}: ${address}`}</span>,
                  },
                  {key: 'hears', title: 'Hears of', cell: (one) => <Hears recipient={one} />},
                  {key: 'when', title: 'When', cell: (one) => <When recipient={one} />},
                  {
                    key: 'do',
                    title: '',
                    cell: (one) =>
                      mayChange && (
                        <div class="actions">
                          <button aria-label={`Change ${one.recipientId}`} onClick={() => setChanging(one)}>
                            Change …
                          </button>
                          <button
                            aria-label={`Send ${one.recipientId} a test`}
                            disabled={test.isPending}
                            onClick={() => test.mutate(one.recipientId)}
                          >
                            Test
                          </button>
                        </div>
                      ),
                  },
                ]}
              />
            )
          }
        </Loaded>
      </Section>
      {changing !== null && <RecipientDialog recipient={changing} close={() => setChanging(null)} />}
    </Page>
  );
}

function Who({
  recipient: {recipientId, role, partyId, active},
}: {
  readonly recipient: Recipient;
}): JSX.Element {
  return (
    <>
      <strong>{recipientId}</strong> {!active && <Badge tone="warn">told nothing</Badge>}
      <p class="quiet">
        {role === '*' ? 'whatever the role' : role}
        {partyId !== null && `, of ${partyId}`}
      </p>
    </>
  );
}

function Hears({recipient: {kinds, depots, levelMin}}: {readonly recipient: Recipient}): JSX.Element {
  return (
    <>
      {kinds === null ? 'every kind' : kinds.join(', ')}
      <p class="quiet">
        {depots === null ? 'all depots' : depots.join(', ')}
        {levelMin > 1 && `, from level ${levelMin}`}
      </p>
    </>
  );
}

function When({
  recipient: {hours, timeZone, quietBelow, perHour},
}: {
  readonly recipient: Recipient;
}): JSX.Element {
  return (
    <>
      {hours} <span class="quiet">{timeZone}</span>
      <p class="quiet">
        {quietBelow === null ? 'never outside' : `from level ${quietBelow} at any time`}
        {perHour !== null && `, ${perHour} an hour`}
      </p>
    </>
  );
}
