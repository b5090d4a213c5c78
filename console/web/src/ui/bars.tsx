import type {JSX} from 'preact';
import {useEffect, useRef, useState} from 'preact/hooks';

const HEIGHT = 220;
const FOOT = 24;
const HEAD = 34;
const LEFT = 4;
/** Below this width the numbers under the bars would touch. */
const LABEL_PX = 22;

export interface Bar {
  readonly label: string;
  /** At least 0. */
  readonly value: number;
  readonly tone: 'act' | 'bad' | 'quiet';
  /** Said when the pointer rests on it. */
  readonly title: string;
}

/** A line behind a bar: 'stock 3' behind the third piece. */
export interface BarLine {
  /** Behind so many bars. */
  readonly behind: number;
  readonly label: string;
  readonly tone: 'act' | 'warn';
}

/** Bars beside each other with lines between them. Says in `summary` what there is to see, for who does not see it. */
export function Bars({
  bars,
  lines,
  summary,
}: {
  readonly bars: readonly Bar[];
  readonly lines: readonly BarLine[];
  readonly summary: string;
}): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const at = frame.current!;
    const watch = new ResizeObserver(() => setWidth(at.clientWidth));
    watch.observe(at);
    return () => watch.disconnect();
  }, []);
  const step = Math.max(1, width - 2 * LEFT) / Math.max(1, bars.length);
  const highest = Math.max(...bars.map(({value}) => value), 1e-9);
  const drawn = HEIGHT - FOOT - HEAD;
  const every = Math.max(1, Math.ceil(LABEL_PX / step));
  return (
    <div ref={frame} class="bars" role="img" aria-label={summary}>
      <svg width={width} height={HEIGHT} aria-hidden="true">
        {bars.map(({label, value, tone, title}, place) => {
          const height = (value / highest) * drawn;
          return (
            <g key={label}>
              <rect
                class={`bar ${tone}`}
                x={LEFT + place * step + step * 0.1}
                y={HEIGHT - FOOT - height}
                width={step * 0.8}
                height={height}
              >
                <title>{title}</title>
              </rect>
              {place % every === 0 && (
                <text x={LEFT + (place + 0.5) * step} y={HEIGHT - 6} text-anchor="middle">
                  {label}
                </text>
              )}
            </g>
          );
        })}
        {lines.map(({behind, label, tone}, place) => {
          const x = LEFT + Math.min(bars.length, Math.max(0, behind)) * step;
          const isRight = x > width / 2;
          return (
            <g key={label} class={`line ${tone}`}>
              <line x1={x} x2={x} y1={4} y2={HEIGHT - FOOT} />
              <text x={isRight ? x - 6 : x + 6} y={14 + place * 15} text-anchor={isRight ? 'end' : 'start'}>
                {label}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}
