import type {JSX} from 'preact';
import {Badge, Money, moneyText} from '../../ui/figures.tsx';
import {hours} from '../../ui/instant.tsx';
import {Table} from '../../ui/table.tsx';
import type {Decision, Option} from './why-data.ts';

/** What an option's cost consists of, in the order in which it is drawn. */
const COSTS: readonly {
  readonly name: string;
  readonly tone: string;
  readonly of: (option: Option) => number;
}[] = [
  {name: 'fees and premium', tone: 'fees', of: feesOf},
  {name: 'freight, duty, handling', tone: 'freight', of: freightOf},
  {name: 'downtime and penalty', tone: 'downtime', of: ({downtimeMinor}) => downtimeMinor},
  {name: 'holding', tone: 'holding', of: ({holdingMinor}) => holdingMinor},
  {name: 'risk of the donor', tone: 'donor', of: ({donorRiskMinor}) => donorRiskMinor},
];

function freightOf({movement}: Option): number {
  return movement === undefined ? 0 : movement.freightMinor + movement.dutyMinor + movement.handlingMinor;
}

function feesOf(option: Option): number {
  return option.actionMinor - freightOf(option);
}

interface Row {
  readonly option: Option;
  readonly isChosen: boolean;
}

/** Every way that was compared, with its cost by part and its arrival; those that could not be chosen say why. */
export function Alternatives({
  decision: {option, alternatives, currency},
}: {
  readonly decision: Decision;
}): JSX.Element {
  const rows: readonly Row[] = [
    {option, isChosen: true},
    ...alternatives.map((other) => ({option: other, isChosen: false})),
  ].sort((a, b) => a.option.totalMinor - b.option.totalMinor);
  const dearest = Math.max(1, ...rows.map(({option: {totalMinor}}) => totalMinor));
  return (
    <>
      <p class="legend">
        {COSTS.map(({name, tone}) => (
          <span key={tone} class={`cost ${tone}`}>
            {name}
          </span>
        ))}
      </p>
      <Table
        caption="Options, the cheapest first"
        rows={rows}
        rowKey={({option: {text, totalMinor}}) => `${text} ${totalMinor}`}
        rowClass={({isChosen, option: {excluded}}) =>
          isChosen ? 'current' : excluded === null ? undefined : 'excluded'
        }
        columns={[
          {
            key: 'what',
            title: 'Option',
            cell: ({option: one, isChosen}) => (
              <>
                {one.text} {isChosen && <Badge tone="good">chosen</Badge>}
                {one.excluded !== null && <p class="warn">not possible: {one.excluded}</p>}
              </>
            ),
          },
          {
            key: 'arrival',
            title: 'Here in',
            cell: ({option: {arrival}}) =>
              arrival === null ? '–' : `${hours(arrival.meanH)} ± ${hours(arrival.sdH)}`,
          },
          {
            key: 'total',
            title: 'Expected cost',
            numeric: true,
            cell: ({option: {totalMinor}}) => <Money minor={totalMinor} currency={currency} />,
          },
          {
            key: 'parts',
            title: 'Of it',
            cell: ({option: one}) => <Stack option={one} dearest={dearest} currency={currency} />,
          },
        ]}
      />
    </>
  );
}

function Stack({
  option,
  dearest,
  currency,
}: {
  readonly option: Option;
  readonly dearest: number;
  readonly currency: string;
}): JSX.Element {
  const parts = COSTS.map(({name, tone, of}) => ({name, tone, minor: of(option)})).filter(
    ({minor}) => minor !== 0,
  );
  const drawn = parts.filter(({minor}) => minor > 0);
  const text = parts.map(({name, minor}) => `${name} ${moneyText(minor, currency)}`).join(', ');
  return (
    <>
      <svg class="stack" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        {drawn.map(({tone, minor}, place) => {
          const before = drawn.slice(0, place).reduce((sum, part) => sum + part.minor, 0);
          return (
            <rect
              key={tone}
              class={`cost ${tone}`}
              x={(100 * before) / dearest}
              y={0}
              width={(100 * minor) / dearest}
              height={4}
            />
          );
        })}
      </svg>
      <span class="quiet small">{text === '' ? 'nothing' : text}</span>
    </>
  );
}
