import type {JSX} from 'preact';
import {useMutation, useQuery} from '@tanstack/preact-query';
import {api, ask} from '../../data/client.ts';
import {useSession} from '../../data/session.ts';
import {Instant} from '../../ui/instant.tsx';
import {notify} from '../../ui/notices.tsx';
import {Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {LOOK_AGAIN_MS, useMended} from './refresh.ts';

const SHOWN_MAX = 200;

/** Orders and messages that could not be delivered after their last attempt. */
export function Effects(): JSX.Element {
  const session = useSession();
  const mended = useMended();
  const effects = useQuery({
    queryKey: ['effects'],
    queryFn: () => ask(api.GET('/api/v1/outbox/dead', {params: {query: {limit: SHOWN_MAX}}})),
    refetchInterval: LOOK_AGAIN_MS,
  });
  const replaying = useMutation({
    mutationFn: (outboxId: number) =>
      ask(api.POST('/api/v1/outbox/{outboxId}/replay', {params: {path: {outboxId: String(outboxId)}}})),
    onSuccess: async ({outboxId}) => {
      notify({text: `Effect ${outboxId} is in the queue again`, tone: 'good'});
      await mended();
    },
    onError: ({message}) => notify({text: message, tone: 'bad'}),
  });
  return (
    <Section title="Effects that could not leave">
      <Loaded query={effects} what="effects">
        {({effects: rows}) =>
          rows.length === 0 ? (
            <Empty>
              None. An effect that fails at its last attempt stops here, and what it carries is kept.
            </Empty>
          ) : (
            <Table
              caption="Dead effects, oldest first"
              rows={rows}
              rowKey={({outboxId}) => String(outboxId)}
              columns={[
                {key: 'at', title: 'Since', cell: ({at}) => <Instant at={at} />},
                {key: 'target', title: 'To', cell: ({target}) => target},
                {
                  key: 'cause',
                  title: 'For',
                  cell: ({causeKind, causeId}) => <span class="long">{`${causeKind} ${causeId}`}</span>,
                },
                {
                  key: 'error',
                  title: 'Last answer',
                  cell: ({lastError, attempts}) => `${lastError ?? 'none'} (${attempts} attempts)`,
                },
                {
                  key: 'acts',
                  title: '',
                  cell: ({outboxId}) =>
                    session.data?.can('outbox.replay') === true && (
                      <button disabled={replaying.isPending} onClick={() => replaying.mutate(outboxId)}>
                        Send again
                      </button>
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
    </Section>
  );
}
