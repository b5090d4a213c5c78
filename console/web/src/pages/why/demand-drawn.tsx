import type {JSX} from 'preact';
import {Bars} from '../../ui/bars.tsx';
import type {Bar} from '../../ui/bars.tsx';
import {chance, chancesApart} from '../../ui/chance.ts';
import {Money} from '../../ui/figures.tsx';
import {hours} from '../../ui/instant.tsx';
import type {Why} from './why-data.ts';

/** The exact distribution of the demand over the lead time, with the stock that is to cover it and the level that would. */
export function DemandDrawn({why: {demand, shelf, currency}}: {readonly why: Why}): JSX.Element {
  const stock = shelf.position - shelf.onShelves;
  const level = shelf.target - shelf.onShelves;
  const bars = demand.p.map((p, pieces): Bar => ({
    label: String(pieces),
    value: p,
    tone: pieces <= stock ? 'act' : 'bad',
    title: `${pieces} ${pieces === 1 ? 'piece' : 'pieces'}: ${chance(p)}`,
  }));
  const leadTime = shelf.source === null ? 'a week' : hours(shelf.source.meanH + shelf.reviewH);
  const [covered, wanted] = chancesApart(shelf.covered, shelf.wanted);
  const summary =
    `${demand.mean.toFixed(2)} pieces are expected within ${leadTime}. What is here and coming (${stock}) covers that with ` +
    `${covered}; wanted are ${wanted}, which takes ${level}.`;
  return (
    <>
      <p>{summary}</p>
      <Bars
        bars={bars}
        lines={[
          {behind: stock + 1, label: `stock ${stock}`, tone: 'act'},
          ...(level === stock ? [] : [{behind: level + 1, label: `level ${level}`, tone: 'warn' as const}]),
        ]}
        summary={summary}
      />
      <p class="quiet">
        Pieces asked for, and how likely each number is
        {demand.beyond > 0.0005 && `; more than these ${chance(demand.beyond)}`}. A missing piece costs{' '}
        <Money minor={shelf.underageMinor} currency={currency} />, one too early{' '}
        <Money minor={shelf.overageMinor} currency={currency} />: hence the probability that is wanted.
      </p>
    </>
  );
}
