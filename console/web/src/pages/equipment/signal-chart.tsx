import type {JSX} from 'preact';
import {useMemo} from 'preact/hooks';
import type {paths} from '../../data/paths.d.ts';
import {Chart} from '../../ui/chart.tsx';

type Series =
  paths['/api/v1/equipment/{equipmentId}/telemetry']['get']['responses'][200]['content']['application/json']['signals'][number];

const NUMBER = new Intl.NumberFormat(undefined, {maximumSignificantDigits: 4});

/** One signal: its mean with what it swung between, and where its class says it belongs. */
export function SignalChart({
  series: {signal, unit, normalLow, normalHigh, points},
}: {
  readonly series: Series;
}): JSX.Element {
  const {x, lines} = useMemo(() => {
    const flat = (value: number | null) => points.map(() => value);
    return {
      x: points.map(({at}) => Date.parse(at) / 1000),
      lines: [
        {label: 'highest', values: points.map(({max}) => max), tone: 'quiet' as const},
        {label: 'mean', values: points.map(({mean}) => mean), tone: 'act' as const},
        {label: 'lowest', values: points.map(({min}) => min), tone: 'quiet' as const},
        ...(normalHigh === null
          ? []
          : [{label: 'normal to', values: flat(normalHigh), tone: 'warn' as const, dash: true}]),
        ...(normalLow === null
          ? []
          : [{label: 'normal from', values: flat(normalLow), tone: 'warn' as const, dash: true}]),
      ],
    };
  }, [points, normalLow, normalHigh]);
  const last = points.at(-1)!;
  const normal =
    normalLow === null || normalHigh === null
      ? ''
      : `, normal ${NUMBER.format(normalLow)} to ${NUMBER.format(normalHigh)}`;
  const summary = `${signal}: last ${NUMBER.format(last.mean)} ${unit}${normal}`;
  return (
    <div>
      <h3>{summary}</h3>
      <Chart x={x} series={lines} bands={[[0, 2]]} unit={unit === '' ? signal : unit} summary={summary} />
    </div>
  );
}
