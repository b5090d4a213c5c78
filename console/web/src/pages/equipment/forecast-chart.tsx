import type {JSX} from 'preact';
import {useMemo} from 'preact/hooks';
import type {paths} from '../../data/paths.d.ts';
import {Chart} from '../../ui/chart.tsx';
import {ppmText} from '../../ui/chance.ts';

type Forecast =
  paths['/api/v1/equipment/{equipmentId}/forecasts']['get']['responses'][200]['content']['application/json']['forecasts'][number];

/** Components that are drawn, the likeliest to fail first; their colours repeat. */
const DRAWN_MAX = 6;
const TONES = ['bad', 'warn', 'act', 'quiet'] as const;

/** P(failure within the last horizon) of each component, as it was forecast over time. */
export function ForecastChart({forecasts}: {readonly forecasts: readonly Forecast[]}): JSX.Element {
  const {x, series, worst} = useMemo(() => drawn(forecasts), [forecasts]);
  const summary =
    worst === null
      ? 'No forecast'
      : `${worst.positionId} is the likeliest to fail: ${ppmText(worst.cumulativePpm.at(-1)!)} within ${worst.horizonsH.at(-1)! / 24} days`;
  return (
    <>
      <p>{summary}.</p>
      <Chart x={x} series={series} unit="% within 28 days" summary={summary} />
    </>
  );
}

function drawn(forecasts: readonly Forecast[]) {
  const byComponent = new Map<string, Map<string, Forecast>>();
  for (const one of forecasts) {
    const own = byComponent.get(one.componentId) ?? new Map<string, Forecast>();
    if (!own.has(one.asOf)) own.set(one.asOf, one); // the newest revision comes first
    byComponent.set(one.componentId, own);
  }
  const newest = (own: Map<string, Forecast>): Forecast => [...own.values()][0]!;
  const shown = [...byComponent.values()]
    .sort((a, b) => newest(b).cumulativePpm.at(-1)! - newest(a).cumulativePpm.at(-1)!)
    .slice(0, DRAWN_MAX);
  const instants = [...new Set(shown.flatMap((own) => [...own.keys()]))].sort();
  return {
    x: instants.map((at) => Date.parse(at) / 1000),
    series: shown.map((own, i) => ({
      label: newest(own).positionId,
      values: instants.map((at) => {
        const ppm = own.get(at)?.cumulativePpm.at(-1);
        return ppm === undefined ? null : ppm / 1e4;
      }),
      tone: TONES[i % TONES.length]!,
      dash: i >= TONES.length,
    })),
    worst: shown[0] === undefined ? null : newest(shown[0]),
  };
}
