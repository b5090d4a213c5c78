import type {JSX} from 'preact';
import {CAUSES, LEVELS, LEVEL_TONE} from '../../data/backorders.ts';
import type {Reply} from '../../data/client.ts';
import {Badge, Money} from '../../ui/figures.tsx';
import {hours} from '../../ui/instant.tsx';
import {Section} from '../../ui/page.tsx';
import {Empty} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import type {BackorderFilter} from './filter.ts';

type Sums = Reply<'/api/v1/backorders/summary'>;

/** Age, causes and customers of the register; an age, a cause and a customer narrow it. */
export function Summary({
  sums,
  filter,
  change,
}: {
  readonly sums: Sums;
  readonly filter: BackorderFilter;
  readonly change: (filter: BackorderFilter) => void;
}): JSX.Element {
  const {lines, pieces, isCut, reviewStatus, reviewsMissing, levels, notLookedAt} = sums;
  return (
    <>
      <p>
        <strong>
          {isCut ? 'The oldest ' : ''}
          {lines} {lines === 1 ? 'line' : 'lines'}, {pieces} {pieces === 1 ? 'piece' : 'pieces'} missing
        </strong>{' '}
        {levels
          .filter((one) => one.lines > 0)
          .map(({level, lines: count}) => (
            <Badge key={level} tone={LEVEL_TONE[level]}>{`${count} ${LEVELS[level]}`}</Badge>
          ))}{' '}
        {reviewStatus === 'red' && <Badge tone="bad">{`${reviewsMissing} without a closed review`}</Badge>}
      </p>
      <div class="columns">
        <Section title="Age">
          <Table
            caption="Lines by age"
            rows={sums.ages}
            rowKey={({fromH}) => String(fromH)}
            columns={[
              {
                key: 'age',
                title: 'Late for',
                cell: ({fromH, toH}) => (
                  <button
                    class="plain link"
                    aria-pressed={filter.age?.fromH === fromH}
                    onClick={() =>
                      change({...filter, age: filter.age?.fromH === fromH ? null : {fromH, toH}})
                    }
                  >
                    {ageText(fromH, toH)}
                  </button>
                ),
              },
              {key: 'lines', title: 'Lines', numeric: true, cell: (row) => row.lines},
              {key: 'pieces', title: 'Pieces', numeric: true, cell: (row) => row.pieces},
              {key: 'share', title: '', cell: (row) => <Share of={row.lines} all={lines} />},
            ]}
          />
        </Section>
        <Section title="Causes">
          {sums.causes.length === 0 ? (
            <Empty>No cause is known yet: each line is looked into when it is first late.</Empty>
          ) : (
            <Table
              caption="What is missing, by cause"
              rows={sums.causes}
              rowKey={({cause}) => cause}
              columns={[
                {
                  key: 'cause',
                  title: 'Cause',
                  cell: ({cause}) => (
                    <button
                      class="plain link"
                      aria-pressed={filter.cause === cause}
                      onClick={() => change({...filter, cause: filter.cause === cause ? '' : cause})}
                    >
                      {CAUSES[cause]}
                    </button>
                  ),
                },
                {key: 'pieces', title: 'Pieces', numeric: true, cell: (row) => row.pieces},
                {key: 'percent', title: 'Share', numeric: true, cell: ({percent}) => `${percent} %`},
                {key: 'drawn', title: '', cell: ({percent}) => <Share of={percent} all={100} />},
              ]}
            />
          )}
          {notLookedAt > 0 && <p class="quiet">{notLookedAt} not looked into yet.</p>}
        </Section>
      </div>
      <Section title="Customers">
        {sums.impact.length === 0 ? (
          <Empty>No customer waits.</Empty>
        ) : (
          <Table
            caption="What it has cost by customer, the dearest first"
            rows={sums.impact}
            rowKey={({customerPartyId, currency}) => `${customerPartyId ?? ''} ${currency}`}
            columns={[
              {
                key: 'customer',
                title: 'Customer',
                cell: ({customerPartyId}) =>
                  customerPartyId === null ? (
                    <span class="quiet">not said</span>
                  ) : (
                    <button class="plain link" onClick={() => change({...filter, customerPartyId})}>
                      {customerPartyId}
                    </button>
                  ),
              },
              {key: 'lines', title: 'Lines', numeric: true, cell: (row) => row.lines},
              {key: 'machines', title: 'Machines', numeric: true, cell: (row) => row.machines},
              {key: 'waited', title: 'Waited', numeric: true, cell: ({waitedH}) => hours(waitedH)},
              {
                key: 'cost',
                title: 'Downtime and penalty so far',
                numeric: true,
                cell: ({downtimeMinor, currency}) => <Money minor={downtimeMinor} currency={currency} />,
              },
            ]}
          />
        )}
      </Section>
    </>
  );
}

/** Example: 24 and 72 → '1 to 3 days'. */
function ageText(fromH: number, toH: number | null): string {
  if (fromH === 0) return 'less than a day';
  return toH === null ? `${fromH / 24} days and more` : `${fromH / 24} to ${toH / 24} days`;
}

function Share({of, all}: {readonly of: number; readonly all: number}): JSX.Element {
  return (
    <svg class="stack" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar act" x={0} y={0} width={all === 0 ? 0 : (100 * of) / all} height={4} />
    </svg>
  );
}
