import type {JSX} from 'preact';
import {useState} from 'preact/hooks';
import {keepPreviousData, useQuery} from '@tanstack/preact-query';
import {api, ask} from '../../data/client.ts';
import type {Answer} from '../../data/client.ts';
import {useSession} from '../../data/session.ts';
import {ActDialog} from '../../ui/act-dialog.tsx';
import {Field} from '../../ui/field.tsx';
import {Instant} from '../../ui/instant.tsx';
import {Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {MendDialog} from './mend-dialog.tsx';
import {LOOK_AGAIN_MS, useMended} from './refresh.ts';

type Letter = Answer<'/api/v1/dead-letters'>['deadLetters'][number];
const STATES = ['rejected', 'quarantined', 'resubmitted', 'dropped'] as const;
const PAGE = 25;
/** The route's own limit. */
const SHOWN_MAX = 1000;
const SHOWN_OF_PAYLOAD = 160;

/** Messages that the door did not take: to be mended and sent again, or dropped. */
export function DeadLetters(): JSX.Element {
  const session = useSession();
  const mayMend = session.data?.can('intake.mend') === true;
  const [state, setState] = useState<(typeof STATES)[number]>('rejected');
  const [limit, setLimit] = useState(PAGE);
  const [mending, setMending] = useState<string | null>(null);
  const [dropping, setDropping] = useState<Letter | null>(null);
  const letters = useQuery({
    queryKey: ['dead-letters', state, limit],
    queryFn: () => ask(api.GET('/api/v1/dead-letters', {params: {query: {state, limit}}})),
    refetchInterval: LOOK_AGAIN_MS,
    placeholderData: keepPreviousData,
  });
  return (
    <Section title="Dead letters">
      <Field label="Which">
        {(tie) => (
          <select
            {...tie}
            value={state}
            onChange={(event) => setState(event.currentTarget.value as typeof state)}
          >
            {STATES.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        )}
      </Field>
      <Loaded query={letters} what="dead letters">
        {({deadLetters: rows}) =>
          rows.length === 0 ? (
            <Empty>None. A message that cannot be taken is kept here with its bytes and the reason.</Empty>
          ) : (
            <Table
              caption="Dead letters, newest first"
              rows={rows}
              rowKey={({deadLetterId}) => deadLetterId}
              more={
                rows.length === limit && limit < SHOWN_MAX
                  ? {
                      read: () => setLimit(Math.min(SHOWN_MAX, limit + PAGE)),
                      reading: letters.isPlaceholderData,
                    }
                  : undefined
              }
              columns={[
                {key: 'when', title: 'Received', cell: ({receivedAt}) => <Instant at={receivedAt} />},
                {
                  key: 'topic',
                  title: 'Topic',
                  cell: ({topic}) => <span class="long">{topic}</span>,
                },
                {
                  key: 'why',
                  title: 'Why',
                  cell: ({reason, detail, seenCount}) => (
                    <>
                      {reason}: {detail}
                      {seenCount > 1 && <span class="quiet"> (sent {seenCount} times)</span>}
                    </>
                  ),
                },
                {
                  key: 'payload',
                  title: 'Payload',
                  cell: ({payload}) => <code class="long">{payload.slice(0, SHOWN_OF_PAYLOAD)}</code>,
                },
                {
                  key: 'acts',
                  title: '',
                  cell: (letter) =>
                    mayMend &&
                    (letter.state === 'rejected' || letter.state === 'quarantined') && (
                      <div class="actions">
                        <button onClick={() => setMending(letter.deadLetterId)}>Mend …</button>
                        <button onClick={() => setDropping(letter)}>Drop …</button>
                      </div>
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {mending !== null && <Mend deadLetterId={mending} close={() => setMending(null)} />}
      {dropping !== null && <Drop letter={dropping} close={() => setDropping(null)} />}
    </Section>
  );
}

/** Reads the whole payload first: the list shows the beginning only. */
function Mend({
  deadLetterId,
  close,
}: {
  readonly deadLetterId: string;
  readonly close: () => void;
}): JSX.Element {
  const params = {path: {deadLetterId}};
  const letter = useQuery({
    queryKey: ['dead-letter', deadLetterId],
    queryFn: () => ask(api.GET('/api/v1/dead-letters/{deadLetterId}', {params})),
    staleTime: Infinity,
  });
  return (
    <Loaded query={letter} what="the message">
      {({payload, topic, reason, detail}) => (
        <MendDialog
          title="Mend a message"
          text={payload}
          close={close}
          about={
            <p>
              <span class="long">{topic}</span> was refused, {reason}: {detail}
            </p>
          }
          resubmit={async (corrected) => {
            const {messages} = await ask(
              api.POST('/api/v1/dead-letters/{deadLetterId}/resubmit', {
                params,
                body: corrected === null ? {} : {payload: corrected},
              }),
            );
            return `${messages} ${messages === 1 ? 'message' : 'messages'} taken`;
          }}
        />
      )}
    </Loaded>
  );
}

function Drop({letter, close}: {readonly letter: Letter; readonly close: () => void}): JSX.Element {
  const mended = useMended();
  return (
    <ActDialog
      title="Drop a message"
      action="Drop"
      needsReason={false}
      close={close}
      act={async () => {
        const params = {path: {deadLetterId: letter.deadLetterId}};
        await ask(api.POST('/api/v1/dead-letters/{deadLetterId}/drop', {params}));
        await mended();
        return `The message of ${letter.topic} is dropped`;
      }}
    >
      <p>
        It is not read again, and nothing takes that back. <span class="long">{letter.topic}</span>:{' '}
        {letter.detail}
      </p>
    </ActDialog>
  );
}
