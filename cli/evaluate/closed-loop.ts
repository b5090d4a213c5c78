import path from 'node:path';
import {Command, Option} from 'commander';
import {repositoryRoot} from '../../platform/migrate.ts';
import {loadModels} from '../../predict/adapters/model-store.ts';
import {openScorer} from '../../predict/adapters/scorer.ts';
import {seedCount, wholeNumber} from '../option-values.ts';
import {answer, progress, table} from '../output.ts';
import {runBenchmark, type BenchmarkFigures} from './closed-loop/benchmark.ts';
import {
  POLICIES,
  aims,
  results,
  type Aim,
  type PolicyName,
  type PolicyResult,
} from './closed-loop/compare.ts';
import {plotSvg} from './closed-loop/plot.ts';
import type {Estimate} from './paired.ts';
import {writeResult} from './result-file.ts';

interface ClosedLoopOptions {
  readonly machines: number;
  readonly parts?: readonly string[];
  readonly days: number;
  readonly warmUpDays: number;
  readonly seeds: number;
  readonly tuningSeeds: number;
  readonly gridHours: number;
  readonly policies?: readonly PolicyName[];
  readonly models?: string;
  readonly ungated?: boolean;
  readonly plot?: string;
  readonly json?: boolean;
}

/** Of the tuning seeds, those whose telemetry is simulated and scored as well. */
const SCORED_TUNING_SEEDS = 2;

export const closedLoopCommand = new Command('closed-loop')
  .description(
    'what our decisions cost on the simulated reference network, beside base stock, min/max, one order per alarm and an oracle',
  ) // prettier-ignore
  .option('--machines <number>', 'machines of the network, a third of each class', wholeNumber, 150)
  .option('--parts <ids...>', 'only these parts; all of the network when left out')
  .option('--days <number>', 'days that count', wholeNumber, 365)
  .option('--warm-up-days <number>', 'days before them', wholeNumber, 90)
  .option('--seeds <number>', 'seeds that every policy is compared on, 2 or more', seedCount, 8)
  .option('--tuning-seeds <number>', 'other seeds, that the rivals are tuned on, 2 or more', seedCount, 16)
  .option('--grid-hours <number>', 'hours between two forecasts of a machine', wholeNumber, 12)
  .addOption(
    new Option('--policies <names...>', 'only these beside the base stock; all when left out').choices(
      POLICIES,
    ),
  )
  .option('--models <folder>', 'failure models; the shipped ones when left out')
  .option('--ungated', 'also show the bad models without the gate')
  .option('--plot <file>', 'write the costs as an SVG picture')
  .option('--json', 'print one JSON object instead of text')
  .addHelpText(
    'after',
    '\nExit code: 0 every aim is met, 1 some aim is missed or --plot cannot be written, 2 wrong option.\nExample: forestock evaluate closed-loop --plot costs.svg',
  ) // prettier-ignore
  .action(async (options: ClosedLoopOptions) => {
    const figures = await measured(options);
    const rows = results(figures.seeds);
    const checked = aims(rows);
    if (options.plot !== undefined) writeResult(options.plot, plotSvg(rows, titleOf(options)));
    answer(options.json, {setting: options, ...figures, results: rows, aims: checked}, () =>
      report(figures, rows, checked),
    );
    if (checked.some(({met}) => !met)) process.exitCode = 1;
  });

async function measured(options: ClosedLoopOptions): Promise<BenchmarkFigures> {
  const models = await loadModels(options.models ?? path.join(repositoryRoot(), 'models'));
  const scorer = await openScorer({models, choice: 'wasm', strict: true, threads: 1, explained: false});
  try {
    return await runBenchmark({
      ...options,
      scoredTuningSeeds: SCORED_TUNING_SEEDS,
      ungated: options.ungated === true,
      scorer,
      onProgress: progress,
    });
  } finally {
    await scorer.close();
  }
}

function titleOf({machines, days, seeds}: ClosedLoopOptions): string {
  return `Cost of ${days} days, ${machines} machines, ${seeds} seeds (95 % intervals)`;
}

function report({passed}: BenchmarkFigures, rows: readonly PolicyResult[], checked: readonly Aim[]): string {
  const costs = table(
    ['policy', 'EUR', 'saving', 'orders', 'rescues', 'holding', 'downtime', 'of the oracle'],
    rows.map((row) => [
      row.policy,
      figure(row.totalEur),
      percent(row.saving),
      whole(row.orderingEur.mean),
      whole(row.rescueEur.mean),
      whole(row.holdingEur.mean),
      whole(row.downtimeEur.mean),
      row.shareOfOracle === null ? '' : `${(100 * row.shareOfOracle).toFixed(0)} %`,
    ]),
  );
  const service = table(
    ['policy', 'fill rate', 'against base stock', 'backorder days', 'stock, EUR', 'expedites', 'transfers'],
    rows.map((row) => [
      row.policy,
      percent(row.fillRate),
      percent(row.fillGain),
      figure(row.backorderDays),
      figure(row.stockEur),
      figure(row.expedites),
      figure(row.transfers),
    ]),
  );
  const gate = Object.entries(passed).map(
    ([model, classes]) =>
      `gate, ${model}: ${classes.length === 0 ? 'no class passes' : `${classes.join(', ')} pass`}`,
  );
  return [
    costs,
    '',
    service,
    '',
    ...gate,
    '',
    ...checked.map(({aim, met}) => `${met ? 'met   ' : 'MISSED'} ${aim}`),
  ].join('\n');
}

function figure({mean, ci95}: Estimate): string {
  return `${whole(mean)} ± ${whole(ci95)}`;
}

function percent({mean, ci95}: Estimate): string {
  return `${(100 * mean).toFixed(1)} ± ${(100 * ci95).toFixed(1)} %`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}
