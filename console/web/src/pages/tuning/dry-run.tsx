import type {JSX} from 'preact';
import {Link} from 'wouter-preact';
import {Money, moneyText} from '../../ui/figures.tsx';
import {hrefTo} from '../../ui/page-address.ts';
import {Instant} from '../../ui/instant.tsx';
import {Empty} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import {actText} from '../act-text.ts';
import type {Report} from './parameters.ts';

type Of<Depth> = Extract<Report['report'], {depth: Depth}>;
const SHOWN = 200;

/** What the last days would have been with the change, one by one. */
export function DryRunReport({run: {since, unseen, report}}: {readonly run: Report}): JSX.Element {
  return (
    <div role="status">
      <h3>
        Dry run since <Instant at={since} year />
      </h3>
      {unseen.map(({field, why}) => (
        <p key={field} class="warn">
          {field} does not show here: {why}.
        </p>
      ))}
      {report.depth === 'each-decision-alone' && <Decisions report={report} />}
      {report.depth === 'each-component-alone' && <Forecasts report={report} />}
      {report.depth === 'each-night-alone' && <Nights report={report} />}
    </div>
  );
}

function Decisions({report}: {readonly report: Of<'each-decision-alone'>}): JSX.Element {
  const {decisions, changed, totals, changes} = report;
  return (
    <>
      <p>
        {changed} of {decisions} decisions would be different.
      </p>
      {totals.map(({currency, before, after, beforeMinor, afterMinor, compared}) => (
        <p key={currency}>
          Ordered or moved: {before.pieces} pieces for {moneyText(before.landedMinor, currency)} as it was,{' '}
          {after.pieces} for {moneyText(after.landedMinor, currency)} with the change. Expected cost of{' '}
          {compared} that can be compared: {moneyText(beforeMinor, currency)}, then{' '}
          {moneyText(afterMinor, currency)}.
        </p>
      ))}
      {changes.length > 0 && (
        <Table
          caption="Decisions that would be different"
          rows={changes.slice(0, SHOWN)}
          rowKey={({decisionId}) => decisionId}
          columns={[
            {
              key: 'part',
              title: 'Part',
              cell: ({partId, decisionId, before}) => (
                <Link href={hrefTo('decisions', decisionId)}>
                  {partId} at {before.depotId}
                </Link>
              ),
            },
            {
              key: 'when',
              title: 'Decided',
              cell: ({decidedAt}) => <Instant at={new Date(decidedAt).toISOString()} />,
            },
            {
              key: 'before',
              title: 'As it was',
              cell: ({before}) => `${actText(before)} (${before.state})`,
            },
            {
              key: 'after',
              title: 'With the change',
              cell: ({after}) => `${actText(after)} (${after.state})`,
            },
            {
              key: 'costBefore',
              title: 'Expected cost before',
              numeric: true,
              cell: ({before, currency}) => <Money minor={before.expectedMinor} currency={currency} />,
            },
            {
              key: 'costAfter',
              title: 'and after',
              numeric: true,
              cell: ({after, currency}) => <Money minor={after.expectedMinor} currency={currency} />,
            },
          ]}
        />
      )}
      {changes.length > SHOWN && (
        <p class="quiet">
          The first {SHOWN} of {changes.length}.
        </p>
      )}
    </>
  );
}

function Forecasts({report}: {readonly report: Of<'each-component-alone'>}): JSX.Element {
  const {forecasts, told, explained, changed, changes} = report;
  return (
    <>
      <p>
        Of {forecasts} forecasts, {told.before} were told to replenish and {told.after} would be;{' '}
        {explained.before} are explained and {explained.after} would be. {changed} change.
      </p>
      {changes.length > 0 && (
        <Table
          caption="Forecasts that would be told or no longer be"
          rows={changes.slice(0, SHOWN)}
          rowKey={({componentId, asOf}) => `${componentId} ${asOf}`}
          columns={[
            {key: 'component', title: 'Component', cell: ({componentId}) => componentId},
            {key: 'when', title: 'As of', cell: ({asOf}) => <Instant at={asOf} />},
            {
              key: 'told',
              title: 'Change',
              cell: ({told: side}) => (side === 'before' ? 'no longer told' : 'told'),
            },
          ]}
        />
      )}
    </>
  );
}

function Nights({report}: {readonly report: Of<'each-night-alone'>}): JSX.Element {
  const {nights, changes} = report;
  const fall = (first: (typeof changes)[number]['before']): JSX.Element | string =>
    first === null ? (
      'never out of bounds'
    ) : (
      <>
        <Instant at={first.night} />: {first.breaches.join(', ')}
      </>
    );
  return (
    <>
      <p>
        {nights} nights on record; {changes.length} versions would be out of bounds on another night.
      </p>
      {changes.length === 0 ? (
        <Empty>Nothing would have fallen back, or stayed, otherwise.</Empty>
      ) : (
        <Table
          caption="Versions that would be out of bounds on another night"
          rows={changes}
          rowKey={({modelVersionId, equipmentClassId}) => `${modelVersionId} ${equipmentClassId}`}
          columns={[
            {
              key: 'version',
              title: 'Version',
              cell: ({modelVersionId, equipmentClassId}) => `${modelVersionId} (${equipmentClassId})`,
            },
            {key: 'before', title: 'As it was', cell: ({before}) => fall(before)},
            {key: 'after', title: 'With the change', cell: ({after}) => fall(after)},
          ]}
        />
      )}
    </>
  );
}
