import {Command, Option} from 'commander';
import {stringify} from 'csv-stringify/sync';
import {answer, progress, table} from '../output.ts';
import {writeResult} from './result-file.ts';
import {evaluateStockPolicy, type StockPolicyResult} from './stock-policy/evaluation.ts';
import {curvePlot} from './stock-policy/curve-plot.ts';
import {STOCK_SETS} from './stock-policy/stock-set.ts';

interface Options {
  readonly set: keyof typeof STOCK_SETS;
  readonly dir: string;
  readonly out?: string;
  readonly plot?: string;
  readonly json?: boolean;
}

export const stockPolicyCommand = new Command('stock-policy')
  .description('simulate stock levels over the later periods of a set, beside a published study')
  .addOption(new Option('--set <name>', 'which set').choices(Object.keys(STOCK_SETS)).makeOptionMandatory())
  .requiredOption('--dir <folder>', 'folder with the files of the sets and the published curves')
  .option('--out <file>', 'CSV that receives every point of every curve')
  .option('--plot <file>', 'SVG that receives holding cost over the fill rate')
  .option('--json', 'print one JSON object instead of text')
  .addHelpText(
    'after',
    '\nLevels are chosen again each period with what was known then. Exit code: 0 done, 1 a file cannot be written, 2 wrong option or file.\n' +
      'Example: forestock evaluate stock-policy --set raf --dir data/spareparts --plot raf.svg',
  )
  .action((options: Options) => {
    const result = evaluateStockPolicy(options.dir, options.set, progress);
    if (options.out !== undefined) writeResult(options.out, csvOf(result));
    if (options.plot !== undefined) writeResult(options.plot, plotOf(result));
    answer(options.json, result, () => text(result));
  });

/** The targets a person reads; all are in --json and --out. */
const SHOWN = [0.75, 0.85, 0.9, 0.95, 0.99];

function text(result: StockPolicyResult): string {
  return [
    `${result.set}: ${result.items} items, ${result.simulatedPeriods} periods simulated after ${result.trainingPeriods}`,
    '',
    "In the study's world (an order arrives before the demand of its period):",
    curveTable(result.study),
    '',
    'At target 0.95, beside what others need to fill as much:',
    table(
      [
        'curve',
        'mean fill',
        'total fill',
        'cost',
        'SBA, same mean',
        'same total',
        'published, same mean',
        'same total',
      ],
      result.atTarget.map((row) => [
        row.curve,
        row.point.meanFill.toFixed(3),
        row.point.totalFill.toFixed(3),
        Math.round(row.point.holdingCost),
        row.sbaAtMeanFill === null ? 'never' : Math.round(row.sbaAtMeanFill),
        row.sbaAtTotalFill === null ? 'never' : Math.round(row.sbaAtTotalFill),
        rivalText(row.publishedAtMeanFill),
        rivalText(row.publishedAtTotalFill),
      ]),
    ),
    `Published costs are scaled to ${result.items} of ${result.studyItems} items.`,
    ...(result.own === null
      ? []
      : [
          '',
          `With the set's lead times and least order quantities (${result.own.items} items):`,
          curveTable(result.own.curves),
        ]),
  ].join('\n');
}

function rivalText(rival: StockPolicyResult['atTarget'][number]['publishedAtMeanFill']): string {
  return rival === null ? 'never' : `${Math.round(rival.holdingCost)} ${rival.method}`;
}

function curveTable(curves: StockPolicyResult['study']): string {
  return table(
    ['curve', 'target', 'mean fill', 'total fill', 'holding cost a year', 'orders an item'],
    curves.flatMap(({name, points}) =>
      points
        .filter(({target}) => target === null || SHOWN.includes(target))
        .map((point) => [
          name,
          point.target ?? '-',
          point.meanFill.toFixed(3),
          point.totalFill.toFixed(3),
          Math.round(point.holdingCost),
          point.orders.toFixed(2),
        ]),
    ),
  );
}

function csvOf({study, own, published}: StockPolicyResult): string {
  const rows = [
    ...study.map((curve) => ({world: 'study', ...curve})),
    ...(own?.curves ?? []).map((curve) => ({world: 'set', ...curve})),
    ...published.map((curve) => ({world: 'published', ...curve})),
  ];
  return stringify([
    ['world', 'curve', 'target', 'meanFill', 'totalFill', 'holdingCost'],
    ...rows.flatMap(({world, name, points}) =>
      points.map((p) => [world, name, p.target, p.meanFill, p.totalFill, p.holdingCost]),
    ),
  ]);
}

function plotOf({set, study, published}: StockPolicyResult): string {
  const ours = study.map((curve) => ({...curve, ours: true}));
  const others = published.map((curve) => ({...curve, name: `${curve.name} (published)`, ours: false}));
  return curvePlot(`${set}: holding cost over fill rate`, [...ours, ...others]);
}
