import type {JSX} from 'preact';
import type {paths} from '../../data/paths.d.ts';
import {percent} from '../../ui/chance.ts';
import {Badge, moneyText} from '../../ui/figures.tsx';
import {Instant} from '../../ui/instant.tsx';

export type KpiReport =
  paths['/api/v1/kpis']['get']['responses'][200]['content']['application/json']['kpis'][number];
type Figure = KpiReport['figures'][number];

const PLAIN = new Intl.NumberFormat(undefined, {maximumFractionDigits: 1});

/** 0.3 of a share → '30.0 %'; 143.5 hours → '143.5 h'; nothing to measure → a dash. */
export function figureText({value, currency}: Pick<Figure, 'value' | 'currency'>, unit: string): string {
  if (value === null) return '–';
  if (unit === 'share') return percent(value);
  if (unit === 'minor units') return currency === null ? '–' : moneyText(value, currency);
  return `${PLAIN.format(value)} ${unit === 'hours' ? 'h' : unit}`;
}

/** '3 of 10': what the figure was made of; a sum is made of its rows. */
export function madeOf({numerator, denominator, rows}: Figure): string {
  if (denominator === null) return `${rows} ${rows === 1 ? 'row' : 'rows'}`;
  return `${PLAIN.format(numerator)} of ${PLAIN.format(denominator)}`;
}

/** As of when a figure is, and whether it is overdue. */
export function Age({freshness: {asOf, stale}}: Pick<KpiReport, 'freshness'>): JSX.Element {
  return (
    <>
      {asOf === null ? <span class="quiet">no night has looked yet</span> : <Instant at={asOf} />}{' '}
      {stale && asOf !== null && <Badge tone="warn">overdue</Badge>}
    </>
  );
}

/** What the figure means, from the one file that says so. */
export function Definition({definition}: Pick<KpiReport, 'definition'>): JSX.Element {
  const {id, version, formula, unit, better, source, refresh, owner} = definition;
  return (
    <dl class="facts">
      <dt>Formula</dt>
      <dd>{formula}</dd>
      <dt>Unit</dt>
      <dd>{unit === 'share' ? 'per cent' : unit}</dd>
      <dt>Better</dt>
      <dd>{better}</dd>
      <dt>From</dt>
      <dd>
        {source}, {refresh === 'live' ? 'with each request' : 'every night'}
      </dd>
      <dt>Answers for it</dt>
      <dd>{owner}</dd>
      <dt>Id and version</dt>
      <dd>
        {id} {version}
      </dd>
    </dl>
  );
}
