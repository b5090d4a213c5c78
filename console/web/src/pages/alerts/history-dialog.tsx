import type {JSX} from 'preact';
import {useQuery} from '@tanstack/preact-query';
import {api, ask} from '../../data/client.ts';
import type {Reply} from '../../data/client.ts';
import {Badge} from '../../ui/figures.tsx';
import {Dialog} from '../../ui/dialog.tsx';
import {Instant} from '../../ui/instant.tsx';
import {Sentence} from '../../ui/sentence.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {words} from '../../ui/words.ts';
import type {Alert} from './alert-columns.tsx';

type History = Reply<'/api/v1/alerts/{alertId}/history'>;

const TONE = {waiting: 'warn', sent: 'good', digested: 'quiet', withheld: 'quiet'} as const;

/** What happened to an alert, what people said about it, and who was told. */
export function HistoryDialog({
  alert: {alertId, subject, text},
  close,
}: {
  readonly alert: Alert;
  readonly close: () => void;
}): JSX.Element {
  const history = useQuery({
    queryKey: ['alerts', alertId, 'history'],
    queryFn: () => ask(api.GET('/api/v1/alerts/{alertId}/history', {params: {path: {alertId}}})),
  });
  return (
    <Dialog title={`History of ${subject}`} close={close}>
      <p class="quiet">
        <Sentence>{text}</Sentence>
      </p>
      <Loaded query={history} what="the history">
        {({events, notices}) => (
          <>
            <Events events={events} />
            <h3>Messages</h3>
            <Messages notices={notices} />
          </>
        )}
      </Loaded>
      <p>
        <button onClick={close}>Close</button>
      </p>
    </Dialog>
  );
}

function Events({events}: {readonly events: History['events']}): JSX.Element {
  return (
    <Table
      caption="What happened, newest first"
      rows={events}
      rowKey={({at, type, until}) => `${at} ${type} ${until ?? ''}`}
      columns={[
        {key: 'at', title: 'When', cell: ({at}) => <Instant at={at} />},
        {
          key: 'what',
          title: 'What',
          cell: ({type, until, note, resolution}) => (
            <>
              {words(type)}
              {resolution !== null && `: ${words(resolution)}`}
              {until !== null && (
                <>
                  {' '}
                  until <Instant at={until} />
                </>
              )}
              {note !== null && <p>{note}</p>}
            </>
          ),
        },
        {key: 'who', title: 'By', cell: ({actor}) => actor ?? '–'},
      ]}
    />
  );
}

function Messages({notices}: {readonly notices: History['notices']}): JSX.Element {
  if (notices.length === 0) return <Empty>Nobody was told of it.</Empty>;
  return (
    <Table
      caption="Messages, newest first"
      rows={notices}
      rowKey={({recipientId, reason, madeAt}) => `${recipientId} ${reason} ${madeAt}`}
      columns={[
        {
          key: 'to',
          title: 'To',
          cell: ({recipientId}) => (recipientId === '' ? <span class="quiet">nobody</span> : recipientId),
        },
        {key: 'why', title: 'Because', cell: ({reason}) => words(reason)},
        {
          key: 'state',
          title: 'Became',
          cell: ({state, why, settledAt, dueAt}) => (
            <>
              <Badge tone={TONE[state]}>{state}</Badge>{' '}
              <span class="quiet">
                {settledAt === null ? 'not before ' : ''}
                <Instant at={settledAt ?? dueAt} />
                {why !== null && `: ${why}`}
              </span>
            </>
          ),
        },
      ]}
    />
  );
}
