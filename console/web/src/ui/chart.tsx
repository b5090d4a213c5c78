import type {JSX} from 'preact';
import {useEffect, useRef} from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import {axisTimes, inViewersZone} from './axis-times.ts';
import {useDark} from './dark.ts';

const HEIGHT_PX = 240;
/** One and the same, so that a chart without bands is not drawn anew at each look. */
const NO_BANDS: readonly (readonly [number, number])[] = [];
/** What the legend says where the pointer is on no point: style/ui.css takes its colon away too. */
const NOWHERE = '';
const FIGURE = new Intl.NumberFormat(undefined, {maximumSignificantDigits: 4});

export interface ChartSeries {
  readonly label: string;
  /** One value for each x; null where there is none. */
  readonly values: readonly (number | null)[];
  readonly tone: 'act' | 'warn' | 'bad' | 'quiet';
  readonly dash?: boolean;
  /** Drawn as steps: stock does not slope. */
  readonly stepped?: boolean;
  /** Each value gets a point: for few values far from each other. */
  readonly points?: boolean;
}

/**
 * Lines over time or another axis, drawn by uPlot. Says in `summary` what there is to see, for who does not see it.
 *
 * @param x Ascending. Seconds since 1970 with `time`, else plain numbers.
 * @param bands Pairs of series (upper, lower) between which the ground is tinted.
 */
export function Chart({
  x,
  series,
  bands = NO_BANDS,
  time = true,
  unit,
  xUnit,
  summary,
}: {
  readonly x: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly bands?: readonly (readonly [number, number])[];
  readonly time?: boolean;
  readonly unit: string;
  readonly xUnit?: string;
  readonly summary: string;
}): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const dark = useDark();
  useEffect(() => {
    const at = frame.current!;
    const ink = (name: string): string => getComputedStyle(at).getPropertyValue(`--${name}`).trim();
    const axis = {
      stroke: ink('quiet'),
      grid: {stroke: ink('line'), width: 1},
      ticks: {stroke: ink('line'), width: 1},
    };
    const plot = new uPlot(
      {
        width: at.clientWidth,
        height: HEIGHT_PX,
        scales: {x: {time}},
        axes: [
          {
            ...axis,
            ...(xUnit === undefined ? {} : {label: xUnit}),
            ...(time ? {values: (_: uPlot, seconds: number[]) => axisTimes(seconds)} : {}),
          },
          {...axis, label: unit, size: 60},
        ],
        series: [
          {
            ...(xUnit === undefined ? {} : {label: xUnit}),
            value: (_, at: number | null) =>
              at === null ? NOWHERE : time ? inViewersZone(at) : FIGURE.format(at),
          },
          ...series.map(({label, tone, dash, stepped, points}) => ({
            label,
            stroke: ink(tone),
            width: 2,
            value: (_: uPlot, value: number | null) => (value === null ? NOWHERE : FIGURE.format(value)),
            points: {show: points === true, size: 7},
            ...(dash === true ? {dash: [6, 4]} : {}),
            ...(stepped === true ? {paths: uPlot.paths.stepped!({align: 1})} : {}),
          })),
        ],
        bands: bands.map(([upper, lower]) => ({
          series: [upper + 1, lower + 1] as [number, number],
          fill: ink('tint'),
        })),
      },
      [x as number[], ...series.map(({values}) => values as (number | null)[])],
      at,
    );
    const watch = new ResizeObserver(() => plot.setSize({width: at.clientWidth, height: HEIGHT_PX}));
    watch.observe(at);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [x, series, bands, time, unit, xUnit, dark]);
  return <div ref={frame} class="chart" role="img" aria-label={summary} />;
}
