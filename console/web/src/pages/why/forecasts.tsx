import type {JSX} from 'preact';
import {useMemo, useState} from 'preact/hooks';
import {Link} from 'wouter-preact';
import {Chart} from '../../ui/chart.tsx';
import type {ChartSeries} from '../../ui/chart.tsx';
import {ppmText} from '../../ui/chance.ts';
import {hrefTo} from '../../ui/page-address.ts';
import {Instant, hours} from '../../ui/instant.tsx';
import {Empty} from '../../ui/states.tsx';
import {Table} from '../../ui/table.tsx';
import type {Trace, Why} from './why-data.ts';

type Traced = Trace['forecasts'][number];
type Window = Why['windows'][number];
type Signal = Window['signals'][number];

/** Machine by machine: what was measured, and what follows from it. */
export function Forecasts({
  forecasts,
  windows,
}: {
  readonly forecasts: readonly Traced[];
  readonly windows: readonly Window[];
}): JSX.Element {
  if (forecasts.length === 0)
    return (
      <Empty>
        No monitored machine weighs in it: the demand is that of machines without sensors, and of campaigns.
      </Empty>
    );
  return (
    <>
      {forecasts.map(({forecast, readings}, place) => {
        const window = windows.find(({componentId}) => componentId === forecast.componentId);
        return (
          <article key={forecast.componentId}>
            <h3>
              <Link href={hrefTo('equipment', forecast.equipmentId)}>{forecast.equipmentId}</Link>{' '}
              {forecast.positionId} ({forecast.componentId})
            </h3>
            <p class="quiet">
              {readings.total} readings of <Instant at={forecast.windowFrom} /> to{' '}
              <Instant at={forecast.asOf} />, {forecast.completenessPct} % of what was to come · by{' '}
              {forecast.method}{' '}
              <Link href={hrefTo('models', forecast.modelVersionId)}>{forecast.modelVersionId}</Link>
            </p>
            <div class="columns">
              <Chances forecast={forecast} />
              <Events window={window} />
            </div>
            <Signals window={window} machine={forecast.equipmentId} isOpen={place === 0} />
          </article>
        );
      })}
    </>
  );
}

function Chances({forecast}: {readonly forecast: Traced['forecast']}): JSX.Element {
  const rows = forecast.horizonsH.map((horizonH, place) => ({
    horizonH,
    ppm: forecast.cumulativePpm[place] ?? 0,
    low: forecast.lowPpm?.[place] ?? null,
    high: forecast.highPpm?.[place] ?? null,
  }));
  return (
    <div>
      <Table
        caption={`P(failure) of ${forecast.componentId}`}
        rows={rows}
        rowKey={({horizonH}) => String(horizonH)}
        columns={[
          {key: 'within', title: 'Fails within', cell: ({horizonH}) => hours(horizonH)},
          {
            key: 'p',
            title: 'Probability',
            numeric: true,
            cell: ({ppm, low, high}) => (
              <>
                {ppmText(ppm)}
                {low !== null && high !== null && (
                  <span class="quiet">
                    {' '}
                    ({ppmText(low)} to {ppmText(high)})
                  </span>
                )}
              </>
            ),
          },
        ]}
      />
      {forecast.topSignals.length > 0 && (
        <ul>
          {forecast.topSignals.map(({signal, text, contributionPct}) => (
            <li key={signal}>
              {text}{' '}
              <span class="quiet">
                ({contributionPct > 0 ? 'raises' : 'lowers'} it, {Math.abs(contributionPct)} %)
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Events({window}: {readonly window: Window | undefined}): JSX.Element {
  if (window === undefined || window.events.length === 0) return <Empty>No event in this time.</Empty>;
  return (
    <Table
      caption="Events in the window"
      rows={window.events}
      rowKey={({at, type, code}) => `${at} ${type} ${code ?? ''}`}
      columns={[
        {key: 'at', title: 'When', cell: ({at}) => <Instant at={at} />},
        {key: 'type', title: 'Event', cell: ({type, code}) => (code === null ? type : `${type} ${code}`)},
        {key: 'where', title: 'Where', cell: ({positionId}) => positionId ?? '–'},
      ]}
    />
  );
}

/** The curves of a machine; those of the likeliest to fail are open, the others wait to be asked for. */
function Signals({
  window,
  machine,
  isOpen,
}: {
  readonly window: Window | undefined;
  readonly machine: string;
  readonly isOpen: boolean;
}): JSX.Element | null {
  const [open, setOpen] = useState(isOpen);
  if (window === undefined || window.signals.length === 0) return null;
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {window.signals.length === 1 ? '1 signal' : `${window.signals.length} signals`} of {machine}
      </summary>
      {open && (
        <div class="charts">
          {window.signals.map((signal) => (
            <SignalDrawn key={signal.signal} signal={signal} machine={machine} />
          ))}
        </div>
      )}
    </details>
  );
}

/** One signal over the window, with the range that is normal for its class. */
function SignalDrawn({signal, machine}: {readonly signal: Signal; readonly machine: string}): JSX.Element {
  const {normalLow, normalHigh, steps, unit} = signal;
  const drawn = useMemo(() => {
    const flat = (value: number | null): (number | null)[] => steps.map(() => value);
    const series: ChartSeries[] = [{label: signal.signal, values: steps.map(({mean}) => mean), tone: 'act'}];
    if (normalHigh !== null)
      series.push({label: 'normal up to', values: flat(normalHigh), tone: 'warn', dash: true});
    if (normalLow !== null)
      series.push({label: 'normal from', values: flat(normalLow), tone: 'quiet', dash: true});
    const bands: [number, number][] = normalLow !== null && normalHigh !== null ? [[1, 2]] : [];
    return {x: steps.map(({at}) => Date.parse(at) / 1000), series, bands};
  }, [signal]);
  if (steps.length === 0) return <Empty>{`${signal.signal}: nothing was heard in this time.`}</Empty>;
  return (
    <figure>
      <figcaption>
        {signal.signal} <span class="quiet">{rangeText(signal)}</span>
      </figcaption>
      <Chart
        x={drawn.x}
        series={drawn.series}
        bands={drawn.bands}
        unit={unit}
        summary={summaryOf(signal, machine)}
      />
    </figure>
  );
}

function rangeText({normalLow, normalHigh, unit}: Signal): string {
  if (normalLow !== null && normalHigh !== null) return `normal ${normalLow} to ${normalHigh} ${unit}`;
  if (normalHigh !== null) return `normal up to ${normalHigh} ${unit}`;
  return normalLow === null ? unit : `normal from ${normalLow} ${unit}`;
}

/** Example: 'vibration of CH-1: 2.1 mm/s at first, 7.9 at last, 9.3 at most; normal 0 to 4 mm/s.' */
function summaryOf(signal: Signal, machine: string): string {
  const {steps, unit} = signal;
  const figure = (value: number): string => String(Math.round(value * 100) / 100);
  const most = Math.max(...steps.map(({max}) => max));
  const [first, last] = [steps[0]!.mean, steps.at(-1)!.mean];
  return `${signal.signal} of ${machine}: ${figure(first)} ${unit} at first, ${figure(last)} at last, ${figure(most)} at most; ${rangeText(signal)}.`;
}
