import {Command, Option} from 'commander';
import {stringify} from 'csv-stringify/sync';
import {LOOK_BACK_DAYS} from '../../replenish/core/lead-time/delay-law.ts';
import {fileUnreadable} from '../input-file.ts';
import {answer, table} from '../output.ts';
import {writeResult} from './result-file.ts';
import {readDelivered, readDeliveryLines} from './supplier-delay-file.ts';
import {
  LEVELS,
  forecastDelays,
  scoreDelays,
  type DelayForecast,
  type DelayScore,
} from './supplier-delay-forecast.ts';
import {scoreRolling, type OriginScore} from './supplier-delay-rolling.ts';

interface Options {
  readonly train: string;
  readonly test?: string;
  readonly out?: string;
  readonly rolling?: boolean;
  readonly json?: boolean;
}

export const supplierDelayCommand = new Command('supplier-delay')
  .description('learn how late suppliers deliver from one file of deliveries, and forecast another')
  .requiredOption('--train <file>', 'deliveries to learn from, CSV or .csv.gz')
  .option(
    '--test <file>',
    'deliveries to forecast; their delivery date, where given, is used for the score only',
  )
  .option('--out <file>', 'CSV that receives ID, lateProbability and delay quantiles in days')
  .addOption(
    new Option(
      '--rolling',
      'instead of --test and --out: forecast each year of --train from what came before, beside plain records',
    ).conflicts(['test', 'out']),
  )
  .option('--json', 'print one JSON object instead of text')
  .addHelpText(
    'after',
    '\nWhat is promised before the last delivery of --train and not among them is open: it is at least so late.\n' +
      'Example: forestock evaluate supplier-delay --train until-2013.csv --test since-2013.csv --out delays.csv',
  )
  .action((options: Options) => {
    if (options.rolling === true) tellRolling(options);
    else if (options.test !== undefined && options.out !== undefined)
      forecastFile(options.train, options.test, options.out, options.json);
    else supplierDelayCommand.error('error: --test and --out are both needed, or --rolling');
  });

function forecastFile(train: string, test: string, out: string, json: boolean | undefined): void {
  const delivered = readDelivered(train);
  const lines = readDeliveryLines(test);
  const forecasts = forecastDelays(delivered, lines);
  writeForecasts(out, forecasts);
  const score = scoreDelays(forecasts);
  answer(json, {delivered: delivered.length, forecast: lines.length, out, score}, () =>
    [
      `${lines.length} forecasts in ${out}, from the last ${LOOK_BACK_DAYS / 365} years of ${delivered.length} deliveries`,
      ...(score ? [scoreText(score)] : []),
    ].join('\n'),
  );
}

function writeForecasts(file: string, forecasts: readonly DelayForecast[]): void {
  const header = ['ID', 'lateProbability', ...LEVELS.map((level) => `delayDays_q${level}`)];
  const rows = forecasts.map(({line, late, quantiles}) => [line.id, late.toFixed(6), ...quantiles]);
  writeResult(file, stringify([header, ...rows]));
}

function scoreText({delivered, lateShare, roc, quantiles}: DelayScore): string {
  const rows = quantiles.map(({level, loss, coverage}) => [level, loss.toFixed(3), percent(coverage)]);
  return [
    `${delivered} of them have a delivery date: late ${percent(lateShare)}, ROC ${roc.toFixed(3)}`,
    table(['quantile', 'pinball loss, days', 'covered'], rows),
  ].join('\n');
}

function tellRolling({train, json}: Options): void {
  const origins = scoreRolling(readDelivered(train));
  if (origins.length === 0)
    throw fileUnreadable(
      `${train}: no year follows another with deliveries late and in time; name a longer history`,
    );
  answer(json, {origins}, () => rollingText(origins));
}

/** Losses at 0.9 and 0.95; every cell is ours, then a vendor's plain record, then a route's. */
function rollingText(origins: readonly OriginScore[]): string {
  const cells = ({scores: {ours, vendor, route}}: OriginScore): number[] => {
    const loss = (level: number) =>
      [ours, vendor, route].map(({quantiles}) => quantiles.find((one) => one.level === level)!.loss);
    return [ours.lateShare, ours.roc, vendor.roc, route.roc, ...loss(0.9), ...loss(0.95)];
  };
  const shown = (name: string, before: number, [share, ...numbers]: number[]) => {
    const [rocs, q90, q95] = [numbers.slice(0, 3), numbers.slice(3, 6), numbers.slice(6)];
    const triple = (of: readonly number[], digits: number) => of.map((x) => x.toFixed(digits)).join(' / ');
    return [name, before, percent(share!), triple(rocs, 3), triple(q90, 2), triple(q95, 2)];
  };
  const all = origins.map(cells);
  const mean = all[0]!.map((_, i) => all.reduce((sum, row) => sum + row[i]!, 0) / all.length);
  const before = origins.reduce((sum, one) => sum + one.before, 0) / origins.length;
  return table(
    ['year from', 'before it', 'late', 'ROC: ours / vendor / route', 'loss 0.9, days', 'loss 0.95, days'],
    [
      ...origins.map((one, i) => shown(one.origin, one.before, all[i]!)),
      shown('mean', Math.round(before), mean),
    ],
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
