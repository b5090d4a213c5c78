import type {JSX} from 'preact';
import {Badge} from '../../ui/figures.tsx';
import {Instant} from '../../ui/instant.tsx';
import {Table} from '../../ui/table.tsx';
import type {Previewed} from './profile-draft.ts';

/** Each message as the door would read it, or why it would not, with the next step. */
export function PreviewTable({messages}: {readonly messages: readonly Previewed[]}): JSX.Element {
  const rows = messages.map((message, no) => ({...message, no}));
  return (
    <Table
      caption="Messages as they would be read"
      rows={rows}
      rowKey={({no}) => String(no)}
      columns={[
        {
          key: 'state',
          title: 'Taken',
          cell: ({reading}) =>
            reading === null ? <Badge tone="bad">no</Badge> : <Badge tone="good">yes</Badge>,
        },
        {key: 'equipment', title: 'Equipment', cell: ({equipmentId}) => equipmentId ?? '–'},
        {
          key: 'time',
          title: 'Observed',
          cell: ({reading}) => (reading === null ? '–' : <Instant at={reading.observedAt} year />),
        },
        {
          key: 'what',
          title: 'What it says',
          cell: ({reading, refusal}) =>
            reading === null ? (
              <>
                {refusal?.reason}: {refusal?.detail} <span class="quiet">{refusal?.next}</span>
              </>
            ) : reading.event === null ? (
              Object.entries(reading.values)
                .map(([signal, value]) => `${signal} ${value}`)
                .join(', ')
            ) : (
              `${reading.event.type} ${reading.event.code ?? ''}`
            ),
        },
      ]}
    />
  );
}
