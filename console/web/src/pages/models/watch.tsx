import type {JSX} from 'preact';
import {useQuery} from '@tanstack/preact-query';
import {api, ask} from '../../data/client.ts';
import type {Answer} from '../../data/client.ts';
import {Badge} from '../../ui/figures.tsx';
import {hours, Instant} from '../../ui/instant.tsx';
import {Section} from '../../ui/page.tsx';
import {Empty, Loaded} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';

type Slice = Answer<'/api/v1/model-watch'>['slices'][number];

/** What was forecast and what came of it: calibration, alarms and drift, as the last night found them. */
export function Watch({said}: {readonly said?: string}): JSX.Element {
  const watch = useQuery({
    queryKey: ['model-watch'],
    queryFn: () => ask(api.GET('/api/v1/model-watch', {params: {query: {limit: 500}}})),
  });
  return (
    <Loaded query={watch} what="the nightly watch">
      {({night, slices}) => {
        const shown = said === undefined ? slices : slices.filter((one) => one.said === said);
        return (
          <>
            <Section title="Said and seen">
              {night !== null && (
                <p class="quiet">
                  As the night of <Instant at={night} year /> found it
                </p>
              )}
              {shown.length === 0 ? (
                <Empty>
                  Nothing to judge yet. The nightly round compares forecasts with what came of them once their
                  horizon has passed.
                </Empty>
              ) : (
                <Outcomes slices={shown} />
              )}
            </Section>
            {shown.length > 0 && <DriftSection slices={shown} />}
          </>
        );
      }}
    </Loaded>
  );
}

function Outcomes({slices}: {readonly slices: readonly Slice[]}): JSX.Element {
  return (
    <Table
      caption="Forecasts against what came of them, by version and class"
      rows={slices}
      rowKey={sliceKey}
      columns={[
        {key: 'said', title: 'Version', cell: ({said, equipmentClassId}) => `${said} (${equipmentClassId})`},
        {
          key: 'state',
          title: 'Bounds',
          cell: ({breaches}) =>
            breaches.length === 0 ? (
              <Badge tone="good">within</Badge>
            ) : (
              <Badge tone="bad">{`out: ${breaches.join(', ')}`}</Badge>
            ),
        },
        {
          key: 'calibration',
          title: 'Failures said / seen',
          cell: ({figures}) =>
            figures.calibration.map(({horizonH, expected, observed, low, high}) => (
              <p key={horizonH} class={observed < low || observed > high ? 'bad' : undefined}>
                {hours(horizonH)}: {expected.toFixed(1)} / {observed}{' '}
                <span class="quiet">
                  (a right model: {low}–{high})
                </span>
              </p>
            )),
        },
        {
          key: 'alarms',
          title: 'Alarms',
          cell: ({figures: {alarms}}) => (
            <>
              <p>
                {alarms.foreseen} of {alarms.failures} failures foreseen
                {alarms.leadHours !== null && `, ${hours(alarms.leadHours)} ahead (median)`}
              </p>
              <p>
                {alarms.falseAlarms} false
                {alarms.falseAlarmsPerMachineYear !== null &&
                  `, ${alarms.falseAlarmsPerMachineYear.toFixed(2)} a machine and year`}
              </p>
            </>
          ),
        },
      ]}
    />
  );
}

function DriftSection({slices}: {readonly slices: readonly Slice[]}): JSX.Element {
  const rows = slices
    .flatMap((slice) =>
      [...(slice.figures.scores === null ? [] : [slice.figures.scores]), ...slice.figures.inputs].map(
        (drift) => ({slice, drift}),
      ),
    )
    .sort((one, other) => other.drift.psi - one.drift.psi);
  return (
    <Section title="Drift">
      <p class="quiet">
        Each version’s scores and inputs now, against those of its first four weeks. What counts as shifted is in
        predict.watch, under Tuning.
      </p>
      {rows.length === 0 ? (
        <Empty>There is no version with eight weeks behind it yet.</Empty>
      ) : (
        <Table
          caption="Drift of scores and inputs, largest first"
          rows={rows}
          rowKey={({slice, drift}) => `${sliceKey(slice)} ${drift.of}`}
          columns={[
            {
              key: 'of',
              title: 'Of',
              cell: ({slice, drift}) => `${drift.of}, ${slice.equipmentClassId} (${slice.said})`,
            },
            {key: 'psi', title: 'PSI', numeric: true, cell: ({drift}) => drift.psi.toFixed(3)},
            {key: 'ks', title: 'KS distance', numeric: true, cell: ({drift}) => drift.ks.toFixed(3)},
            {
              key: 'chance',
              title: 'By chance alone',
              numeric: true,
              cell: ({drift}) => (drift.pValue < 0.001 ? 'under 0.1 %' : `${(drift.pValue * 100).toFixed(1)} %`),
            },
            {
              key: 'seen',
              title: 'Counted, then and now',
              numeric: true,
              cell: ({drift}) => `${drift.before} / ${drift.now}`,
            },
          ]}
        />
      )}
    </Section>
  );
}

function sliceKey({said, equipmentClassId, depotId}: Slice): string {
  return `${said} ${equipmentClassId} ${depotId ?? '*'}`;
}
