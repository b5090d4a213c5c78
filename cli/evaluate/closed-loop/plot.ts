import type {PolicyResult} from './compare.ts';

/** Bars of cost, the parts of each stacked, with the interval of the total; fill rate and stock beside them. */
const PARTS = [
  {key: 'orderingEur', name: 'orders', colour: '#5b7b9a'},
  {key: 'rescueEur', name: 'express, transfers, premiums', colour: '#d9a441'},
  {key: 'holdingEur', name: 'holding', colour: '#7fa87a'},
  {key: 'downtimeEur', name: 'downtime and penalties', colour: '#b5534c'},
] as const;

const LEFT = 190;
const BAR_WIDTH = 420;
const ROW = 34;
const TOP = 64;
const WIDTH = LEFT + BAR_WIDTH + 300;

/** One SVG document, readable by itself and in a page. */
export function plotSvg(rows: readonly PolicyResult[], title: string): string {
  const most = Math.max(...rows.map(({totalEur}) => totalEur.mean + spread(totalEur.ci95)));
  const x = (eur: number): number => LEFT + (eur / most) * BAR_WIDTH;
  const height = TOP + rows.length * ROW + 40;
  const bars = rows.map((row, i) => {
    const y = TOP + i * ROW;
    let from = 0;
    const stacked = PARTS.map(({key, colour}) => {
      const width = x(row[key].mean) - LEFT;
      const bar = rect(x(from), y + 4, width, ROW - 12, colour);
      from += row[key].mean;
      return bar;
    });
    const ci = spread(row.totalEur.ci95);
    const [low, high] = [x(row.totalEur.mean - ci), x(row.totalEur.mean + ci)];
    const middle = y + ROW / 2 - 2;
    const whisker = `<path d="M${low} ${middle}H${high}M${low} ${middle - 4}v8M${high} ${middle - 4}v8" stroke="#222" fill="none"/>`;
    return [
      text(LEFT - 8, middle + 4, row.policy, 'end'),
      ...stacked,
      whisker,
      text(LEFT + BAR_WIDTH + 90, middle + 4, thousands(row.totalEur.mean), 'end'),
      text(LEFT + BAR_WIDTH + 180, middle + 4, `${(100 * row.fillRate.mean).toFixed(1)} %`, 'end'),
      text(LEFT + BAR_WIDTH + 280, middle + 4, thousands(row.stockEur.mean), 'end'),
    ].join('');
  });
  const legend = PARTS.map(({name, colour}, i) => {
    const at = LEFT + i * 175;
    return rect(at, height - 24, 12, 12, colour) + text(at + 17, height - 14, name, 'start');
  });
  const heads = [
    text(LEFT + BAR_WIDTH + 90, TOP - 10, 'EUR', 'end'),
    text(LEFT + BAR_WIDTH + 180, TOP - 10, 'fill rate', 'end'),
    text(LEFT + BAR_WIDTH + 280, TOP - 10, 'stock, EUR', 'end'),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13">`,
    rect(0, 0, WIDTH, height, '#fff'),
    text(16, 26, title, 'start', 16),
    ...heads,
    ...bars,
    ...legend,
    '</svg>\n',
  ].join('\n');
}

/** A single seed has no interval. */
function spread(ci95: number): number {
  return Number.isFinite(ci95) ? ci95 : 0;
}

function rect(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(0, width).toFixed(1)}" height="${height}" fill="${fill}"/>`;
}

function text(x: number, y: number, words: string, anchor: 'start' | 'end', size = 13): string {
  const safe = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}" fill="#222">${safe}</text>`;
}

function thousands(eur: number): string {
  return Math.round(eur).toLocaleString('en-GB');
}
