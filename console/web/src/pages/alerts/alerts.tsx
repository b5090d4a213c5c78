import type {JSX} from 'preact';
import {useInfiniteQuery} from '@tanstack/preact-query';
import {useState} from 'preact/hooks';
import {api, ask} from '../../data/client.ts';
import type {Reply} from '../../data/client.ts';
import {useSession} from '../../data/session.ts';
import {Choices} from '../../ui/form-fields.tsx';
import {Instant} from '../../ui/instant.tsx';
import {notify} from '../../ui/notices.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {alertColumns} from './alert-columns.tsx';
import type {Alert} from './alert-columns.tsx';
import {snoozeAloud, useAlertAnswers} from './answers.ts';
import {HistoryDialog} from './history-dialog.tsx';
import {ResolveDialog} from './resolve-dialog.tsx';
import {SnoozeDialog} from './snooze-dialog.tsx';

type Page = Reply<'/api/v1/alerts'>;
type State = 'standing' | 'open' | 'snoozed' | 'acknowledged' | 'cleared';

const PAGE_ROWS = 50;
const STATES: Readonly<Record<State, string>> = {
  standing: 'all that stand',
  open: 'open',
  snoozed: 'snoozed',
  acknowledged: 'seen to',
  cleared: 'cleared',
};

/** Every problem that stands, dearest first: who was told, who hears of it next, and what the digest keeps back. */
export default function Alerts(): JSX.Element {
  const [state, setState] = useState<State>('standing');
  const [asking, setAsking] = useState<{
    readonly what: 'snooze' | 'resolve' | 'history';
    readonly alert: Alert;
  } | null>(null);
  const session = useSession().data;
  const mayAnswer = session?.can('alerts.answer') === true;
  const {say} = useAlertAnswers();
  const alerts = useInfiniteQuery({
    queryKey: ['alerts', state],
    queryFn: ({pageParam: cursor}) =>
      ask(
        api.GET('/api/v1/alerts', {
          params: {
            query: {
              limit: PAGE_ROWS,
              ...(state === 'standing' ? {} : {state}),
              ...(cursor === null ? {} : {cursor}),
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({nextCursor}: Page) => nextCursor,
  });
  const answer = async ({alertId}: Alert, verb: 'acknowledge' | 'unsnooze'): Promise<void> => {
    const refused = await say(alertId, {verb});
    if (refused !== null) notify({tone: 'bad', text: refused.message});
  };
  return (
    <Page
      title="Alerts"
      actions={
        <label>
          Show <Choices choices={STATES} value={state} set={setState} />
        </label>
      }
    >
      <Section title="Problems">
        <Loaded query={alerts} what="alerts">
          {({pages}) => {
            const rows = pages.flatMap((page) => page.alerts);
            return (
              <>
                <Attention budget={pages[0]!.budget} />
                {rows.length === 0 ? (
                  <Empty>
                    {state === 'standing'
                      ? 'None: every machine that is watched is served in time, as far as forecasts see.'
                      : `None is ${STATES[state]}.`}
                  </Empty>
                ) : (
                  <Table
                    caption="Alerts, most money first"
                    rows={rows}
                    rowKey={({alertId}) => alertId}
                    columns={alertColumns({
                      mayAnswer,
                      me: session?.isSignedIn === true ? session.name : null,
                      resolve: (alert) => setAsking({what: 'resolve', alert}),
                      acknowledge: (alert) => void answer(alert, 'acknowledge'),
                      unsnooze: (alert) => void answer(alert, 'unsnooze'),
                      snooze: (alert) => setAsking({what: 'snooze', alert}),
                      history: (alert) => setAsking({what: 'history', alert}),
                    })}
                    more={
                      alerts.hasNextPage
                        ? {read: () => void alerts.fetchNextPage(), reading: alerts.isFetchingNextPage}
                        : undefined
                    }
                  />
                )}
              </>
            );
          }}
        </Loaded>
      </Section>
      {asking?.what === 'snooze' && (
        <SnoozeDialog
          name={asking.alert.subject}
          snooze={(said) =>
            snoozeAloud(say, {alertId: asking.alert.alertId, name: asking.alert.subject}, said)
          }
          close={() => setAsking(null)}
        />
      )}
      {asking?.what === 'resolve' && (
        <ResolveDialog
          name={asking.alert.subject}
          resolve={(found) => say(asking.alert.alertId, {verb: 'resolve', ...found})}
          close={() => setAsking(null)}
        />
      )}
      {asking?.what === 'history' && <HistoryDialog alert={asking.alert} close={() => setAsking(null)} />}
    </Page>
  );
}

/** Example: '6 now, 12 for the digest · 3 snoozed · 2 messages wait, until 08:00 at the earliest'. */
function Attention({
  budget: {now, digest, snoozed, waiting, nextAt, perHour},
}: {
  readonly budget: Page['budget'];
}): JSX.Element {
  return (
    <p>
      <strong>
        {now} now, {digest} for the digest
      </strong>
      <span class="quiet">
        {' '}
        · {snoozed} snoozed · {waiting} {waiting === 1 ? 'message waits' : 'messages wait'}
        {waiting > 0 && nextAt !== null && (
          <>
            , the next may leave <Instant at={nextAt} />
          </>
        )}{' '}
        · each recipient gets {perHour} within an hour, the rest in one digest
      </span>
    </p>
  );
}
