import type {JSX} from 'preact';
import {Money, moneyText} from '../../ui/figures.tsx';
import {Section} from '../../ui/page.tsx';
import {Instant} from '../../ui/instant.tsx';
import {Empty} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import type {WhatIfAnswer} from './overlay-form.ts';

type Change = WhatIfAnswer['report']['changes'][number];

/** What changes, in sum and decision by decision. */
export function WhatIfResult({
  answer: {report, changesLeftOut},
}: {
  readonly answer: WhatIfAnswer;
}): JSX.Element {
  const {decisions, changed, same, reproduced, totals, untouched, changes} = report;
  return (
    <>
      <Section title="In sum">
        {decisions === 0 ? (
          <Empty>No decision was taken in these days.</Empty>
        ) : (
          <>
            <p>
              <strong>
                {changed} of {decisions} decisions would be others
              </strong>
              , {same} stay the same.
            </p>
            {reproduced < decisions && (
              <p class="quiet">
                {decisions - reproduced} were recorded by another version and are compared with what today’s
                would do.
              </p>
            )}
            {untouched.map((path) => (
              <p key={path} class="warn">
                {path} found nothing to change.
              </p>
            ))}
            <Table
              caption="Sums by currency"
              rows={totals}
              rowKey={({currency}) => currency}
              columns={[
                {key: 'currency', title: 'Currency', cell: ({currency}) => currency},
                {
                  key: 'pieces',
                  title: 'Pieces moved',
                  numeric: true,
                  cell: ({before, after}) => `${before.pieces} → ${after.pieces}`,
                },
                {
                  key: 'landed',
                  title: 'To pay',
                  numeric: true,
                  cell: ({before, after, currency}) =>
                    `${moneyText(before.landedMinor, currency)} → ${moneyText(after.landedMinor, currency)}`,
                },
                {
                  key: 'expected',
                  title: 'Expected cost of those that change',
                  numeric: true,
                  cell: ({beforeMinor, afterMinor, compared, currency}) =>
                    compared === 0
                      ? '–'
                      : `${moneyText(beforeMinor, currency)} → ${moneyText(afterMinor, currency)}`,
                },
              ]}
            />
          </>
        )}
      </Section>
      {changes.length > 0 && (
        <Section title="Decisions that change">
          <Table
            caption="Decisions that change, the oldest first"
            rows={changes}
            rowKey={({decisionId}) => decisionId}
            columns={[
              {
                key: 'when',
                title: 'When',
                cell: ({decidedAt}) => <Instant at={new Date(decidedAt).toISOString()} />,
              },
              {key: 'part', title: 'Part', cell: ({partId}) => partId},
              {key: 'before', title: 'Was', cell: ({before}) => actText(before)},
              {key: 'after', title: 'Would be', cell: ({after}) => actText(after)},
              {
                key: 'costBefore',
                title: 'Was, expected',
                numeric: true,
                cell: ({before, currency}) => <Expected act={before} currency={currency} />,
              },
              {
                key: 'costAfter',
                title: 'Would be, expected',
                numeric: true,
                cell: ({after, currency}) => <Expected act={after} currency={currency} />,
              },
            ]}
          />
          {changesLeftOut > 0 && <p class="quiet">{changesLeftOut} more are counted above and not listed.</p>}
        </Section>
      )}
    </>
  );
}

/** 'order 2 from SUP for D-1, proposed'; doing nothing is nothing wherever it is done. */
function actText({action, quantity, sourceId, depotId, state}: Change['before']): string {
  if (action === 'nothing') return 'nothing';
  return `${action} ${quantity}${sourceId === null ? '' : ` from ${sourceId}`} for ${depotId}, ${state}`;
}

function Expected({act, currency}: {readonly act: Change['before']; readonly currency: string}): JSX.Element {
  return act.expectedMinor === null ? (
    <span class="quiet">not open</span>
  ) : (
    <Money minor={act.expectedMinor} currency={currency} />
  );
}
