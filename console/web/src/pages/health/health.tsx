import type {JSX} from 'preact';
import {useQuery} from '@tanstack/preact-query';
import {api, ask} from '../../data/client.ts';
import type {Answer} from '../../data/client.ts';
import {Badge} from '../../ui/figures.tsx';
import {Instant} from '../../ui/instant.tsx';
import {Page, Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {DeadLetters} from './dead-letters.tsx';
import {Effects} from './effects.tsx';
import {Quarantine} from './quarantine.tsx';
import {LOOK_AGAIN_MS} from './refresh.ts';
import {UnknownEquipment} from './unknown-equipment.tsx';

type StreamHealth = Answer<'/api/v1/health'>;

/** How the stream does, and everything that waits for somebody to mend it. */
export default function Health(): JSX.Element {
  const health = useQuery({
    queryKey: ['health'],
    queryFn: () => ask(api.GET('/api/v1/health')),
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <Page title="Stream health">
      <Loaded query={health} what="the state of the stages">
        {(state) => (
          <div class="columns">
            <Stages state={state} />
            <div>
              <Behind state={state} />
              <Intake state={state} />
            </div>
          </div>
        )}
      </Loaded>
      <Silent />
      <UnknownEquipment />
      <DeadLetters />
      <Quarantine />
      <Effects />
    </Page>
  );
}

/** Loops in trouble stand in the open; those that work are counted, and listed for who wants to see them. */
function Stages({state: {checks}}: {readonly state: StreamHealth}): JSX.Element {
  const unwell = checks.filter(({ok}) => !ok);
  const well = checks.filter(({ok}) => ok);
  return (
    <Section title="Stages">
      {unwell.length > 0 && <Loops caption="Loops in trouble" checks={unwell} />}
      <details>
        <summary>
          <Badge tone="good">well</Badge> {well.length} of {checks.length} loops
        </summary>
        <Loops caption="Loops that work" checks={well} />
      </details>
    </Section>
  );
}

function Loops({
  caption,
  checks,
}: {
  readonly caption: string;
  readonly checks: StreamHealth['checks'];
}): JSX.Element {
  return (
    <Table
      caption={caption}
      rows={checks}
      rowKey={({name}) => name}
      columns={[
        {key: 'name', title: 'Loop', cell: ({name}) => name},
        {
          key: 'state',
          title: 'State',
          cell: ({ok, detail}) => (
            <>
              <Badge tone={ok ? 'good' : 'bad'}>{ok ? 'well' : 'unwell'}</Badge> {detail}
            </>
          ),
        },
      ]}
    />
  );
}

function Behind({state: {lag, outbox}}: {readonly state: StreamHealth}): JSX.Element {
  const behind = [
    {name: 'installed base', rows: lag.network, what: 'rows to read'},
    {name: 'forecasts', rows: lag.predict, what: 'rows to read'},
    {name: 'decisions', rows: lag.signals, what: 'signals to look at'},
    {name: 'outbox', rows: outbox.pending, what: 'effects to deliver'},
  ];
  return (
    <Section title="Behind">
      <Table
        caption="What each stage has still to do"
        rows={behind}
        rowKey={({name}) => name}
        columns={[
          {key: 'name', title: 'Stage', cell: ({name}) => name},
          {key: 'rows', title: 'Still to do', numeric: true, cell: ({rows, what}) => `${rows} ${what}`},
        ]}
      />
    </Section>
  );
}

function Intake({state: {counts, rejected}}: {readonly state: StreamHealth}): JSX.Element {
  return (
    <Section title="Intake">
      {counts === null ? (
        <Empty>The door runs in another process; its figures are in that one’s metrics.</Empty>
      ) : (
        <p>
          Since this process began: {counts.packets} packets, {counts.stored} messages stored,{' '}
          {counts.repeated} repeats known already, {counts.conflicts} conflicts, {counts.refusedForNow} left
          with their sender.
        </p>
      )}
      <h3>Refused, and not mended yet</h3>
      {rejected.length === 0 ? (
        <Empty>None: every message was taken, or has been mended.</Empty>
      ) : (
        <Table
          caption="Letters that wait, by reason"
          rows={rejected}
          rowKey={({reason}) => reason}
          columns={[
            {key: 'reason', title: 'Reason', cell: ({reason}) => reason},
            {
              key: 'letters',
              title: 'Letters (times sent)',
              numeric: true,
              cell: ({letters, messages}) => `${letters} (${messages})`,
            },
            {key: 'last', title: 'Last', cell: ({lastReceivedAt}) => <Instant at={lastReceivedAt} />},
          ]}
        />
      )}
    </Section>
  );
}

/** Machines that say nothing, and the alert that stands for all of them when the line itself is down. */
function Silent(): JSX.Element {
  const read = (kind: string) => ask(api.GET('/api/v1/alerts', {params: {query: {kind, limit: 500}}}));
  const silent = useQuery({
    queryKey: ['alerts', 'silent'],
    queryFn: async () =>
      (await Promise.all([read('telemetry-outage'), read('equipment-silent')])).flatMap(({alerts}) => alerts),
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <Section title="Silent equipment">
      <Loaded query={silent} what="silent equipment">
        {(alerts) =>
          alerts.length === 0 ? (
            <Empty>All monitored equipment has been heard within six of its intervals.</Empty>
          ) : (
            <Table
              caption="Silent equipment"
              rows={alerts}
              rowKey={({alertId}) => alertId}
              columns={[
                {
                  key: 'what',
                  title: 'Equipment',
                  cell: ({kind, subject, body}) =>
                    kind === 'telemetry-outage'
                      ? `${String(body['silent'])} of ${String(body['expected'])}: the line itself seems down`
                      : subject,
                },
                {
                  key: 'because',
                  title: 'Because',
                  cell: ({body}) =>
                    typeof body['because'] === 'string' ? body['because'].replaceAll('-', ' ') : '',
                },
                {
                  key: 'heard',
                  title: 'Heard last',
                  cell: ({body: {lastHeardAt}}) =>
                    typeof lastHeardAt === 'string' ? <Instant at={lastHeardAt} /> : 'never',
                },
                {key: 'since', title: 'Alert since', cell: ({openedAt}) => <Instant at={openedAt} />},
              ]}
            />
          )
        }
      </Loaded>
    </Section>
  );
}
