import type {CurvePoint} from './published-curves.ts';

export interface PlottedCurve {
  readonly name: string;
  readonly points: readonly CurvePoint[];
  /** Ours are drawn thick, in colour. */
  readonly ours: boolean;
}

const WIDTH = 860;
const HEIGHT = 520;
const MARGIN = {left: 90, right: 210, top: 40, bottom: 50};
const OUR_COLOURS = ['#0b6e4f', '#c8553d', '#1d4e89'];
const OTHER_COLOURS = [
  '#9aa0a6',
  '#b8a9c9',
  '#a3b18a',
  '#d4a373',
  '#8d99ae',
  '#bcb8b1',
  '#e0afa0',
  '#7f7f7f',
];
const TICKS = 6;

/** Holding cost over the mean fill rate, one line for each curve, as an SVG drawing. */
export function curvePlot(title: string, curves: readonly PlottedCurve[]): string {
  const points = curves.flatMap((curve) => curve.points);
  const x = scale(
    points.map(({meanFill}) => meanFill),
    MARGIN.left,
    WIDTH - MARGIN.right,
  );
  const y = scale(
    points.map(({holdingCost}) => holdingCost),
    HEIGHT - MARGIN.bottom,
    MARGIN.top,
  );
  const counts = {ours: 0, others: 0};
  const lines = curves.map((curve, i) => {
    const colour = curve.ours
      ? OUR_COLOURS[counts.ours++ % OUR_COLOURS.length]!
      : OTHER_COLOURS[counts.others++ % OTHER_COLOURS.length]!;
    const path = curve.points.map((p) => `${x.at(p.meanFill)},${y.at(p.holdingCost)}`).join(' ');
    const style = `fill="none" stroke="${colour}" stroke-width="${curve.ours ? 2.5 : 1.2}"`;
    const row = MARGIN.top + 18 * i;
    return [
      `<polyline points="${path}" ${style}/>`,
      `<line x1="${WIDTH - 195}" x2="${WIDTH - 175}" y1="${row}" y2="${row}" ${style}/>`,
      text(WIDTH - 168, row + 4, curve.name),
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    text(MARGIN.left, 22, title),
    ...x.ticks.map((value) => text(x.at(value) - 12, HEIGHT - MARGIN.bottom + 18, value.toFixed(2))),
    ...y.ticks.map((value) => text(8, y.at(value) + 4, Math.round(value).toLocaleString('en'))),
    ...y.ticks.map(
      (value) =>
        `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y.at(value)}" y2="${y.at(value)}" stroke="#e8eaed"/>`,
    ),
    text(MARGIN.left, HEIGHT - 10, 'mean fill rate of the items; holding cost a year upwards'),
    ...lines,
    '</svg>\n',
  ].join('\n');
}

function scale(
  values: readonly number[],
  from: number,
  to: number,
): {readonly at: (value: number) => number; readonly ticks: readonly number[]} {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const span = most - least || 1;
  return {
    at: (value) => Math.round(10 * (from + ((value - least) / span) * (to - from))) / 10,
    ticks: Array.from({length: TICKS}, (_, i) => least + (span * i) / (TICKS - 1)),
  };
}

function text(x: number, y: number, words: string): string {
  const safe = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" fill="#3c4043">${safe}</text>`;
}
