import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {Command} from 'commander';
import {parse} from 'csv-parse/sync';
import {stringify} from 'csv-stringify/sync';
import {DAY_MS} from '../../domain/time.ts';
import {messageOf} from '../../domain/fault.ts';
import {rocAuc} from '../../predict/core/alert-metrics.ts';
import {
  DelayScorecard,
  delayQuantile,
  lateProbability,
  type DelayRecord,
} from '../../replenish/core/delay-law.ts';
import {pinballLoss} from '../../replenish/core/forecast/pinball.ts';
import {fileUnreadable} from '../input-file.ts';
import {answer, table} from '../output.ts';
import {writeResult} from './result-file.ts';

/** The columns read; all others are left alone, above all those only known after the delivery. */
const COLUMNS = {
  id: 'ID',
  country: 'Country',
  via: 'Fulfill Via',
  mode: 'Shipment Mode',
  vendor: 'Vendor',
  scheduled: 'Scheduled Delivery Date',
  delivered: 'Delivered to Client Date',
} as const;
const LEVELS = [0.5, 0.9, 0.95];

interface Line {
  readonly id: string;
  readonly groups: readonly string[];
  readonly scheduledDay: number;
  readonly deliveredDay: number | undefined;
}

export const supplierDelayCommand = new Command('supplier-delay')
  .description('learn how late suppliers deliver from one file of deliveries, and forecast another')
  .requiredOption('--train <file>', 'deliveries to learn from, CSV or .csv.gz')
  .requiredOption(
    '--test <file>',
    'deliveries to forecast; their delivery date, where given, is used for the score only',
  )
  .requiredOption('--out <file>', 'CSV that receives ID, lateProbability and delay quantiles in days')
  .option('--json', 'print one JSON object instead of text')
  .addHelpText(
    'after',
    '\nWhat is promised before the last delivery of --train and not among them is open: it is at least so late.',
  )
  .action((options: {train: string; test: string; out: string; json?: boolean}) => {
    const learnt = readLines(options.train).filter(isDelivered);
    if (learnt.length === 0) throw fileUnreadable(`${options.train}: no line has a '${COLUMNS.delivered}'`);
    const lines = readLines(options.test);
    const today = learnt.reduce((last, {deliveredDay}) => Math.max(last, deliveredDay), -Infinity);
    const scorecard = new DelayScorecard(learnt.map((line) => recordOf(line, today)));
    const forecasts = lines.map((line) => {
      const law = scorecard.law(line.groups, today - line.scheduledDay);
      return {line, late: lateProbability(law), quantiles: LEVELS.map((level) => delayQuantile(law, level))};
    });
    const header = ['ID', 'lateProbability', ...LEVELS.map((level) => `delayDays_q${level}`)];
    const rows = forecasts.map(({line, late, quantiles}) => [line.id, late.toFixed(6), ...quantiles]);
    writeResult(options.out, stringify([header, ...rows]));
    const score = scoreOf(forecasts);
    answer(options.json, {learnt: learnt.length, forecast: lines.length, out: options.out, score}, () =>
      [
        `${lines.length} forecasts from ${learnt.length} deliveries in ${options.out}`,
        ...(score
          ? [
              `${score.delivered} of them have a delivery date: late ${(100 * score.lateShare).toFixed(1)} %, ROC ${score.roc.toFixed(3)}`,
              table(
                ['quantile', 'pinball loss, days', 'covered'],
                score.quantiles.map(({level, loss, coverage}) => [
                  level,
                  loss.toFixed(3),
                  `${(100 * coverage).toFixed(1)} %`,
                ]),
              ),
            ]
          : []),
      ].join('\n'),
    );
  });

interface Forecast {
  readonly line: Line;
  readonly late: number;
  readonly quantiles: readonly number[];
}

function scoreOf(forecasts: readonly Forecast[]) {
  const known = forecasts.flatMap(({line, ...forecast}) =>
    isDelivered(line) ? [{...forecast, days: line.deliveredDay - line.scheduledDay}] : [],
  );
  const late = known.filter(({days}) => days > 0).length;
  if (late === 0 || late === known.length) return undefined;
  return {
    delivered: known.length,
    lateShare: late / known.length,
    roc: rocAuc(known.map((one) => ({probability: one.late, failed: one.days > 0, weight: 1}))),
    quantiles: LEVELS.map((level, i) => ({
      level,
      loss:
        known.reduce((sum, {days, quantiles}) => sum + pinballLoss(days, quantiles[i]!, level), 0) /
        known.length,
      coverage: known.filter(({days, quantiles}) => days <= quantiles[i]!).length / known.length,
    })),
  };
}

type DeliveredLine = Line & {readonly deliveredDay: number};

function isDelivered(line: Line): line is DeliveredLine {
  return line.deliveredDay !== undefined;
}

function recordOf({groups, scheduledDay, deliveredDay}: DeliveredLine, today: number): DelayRecord {
  return {groups, days: deliveredDay - scheduledDay, open: false, ageDays: today - deliveredDay};
}

function readLines(file: string): Line[] {
  let rows: Record<string, string>[];
  try {
    const raw = readFileSync(file);
    const text = file.endsWith('.gz') ? gunzipSync(raw) : raw;
    rows = parse(text, {columns: true, bom: true, skip_empty_lines: true});
  } catch (error) {
    throw fileUnreadable(
      `${file}: cannot be read as CSV: ${messageOf(error)}; name a CSV file of deliveries, plain or .gz`,
    );
  }
  const missing = Object.values(COLUMNS).filter(
    (column) => column !== COLUMNS.delivered && rows[0]?.[column] === undefined,
  );
  if (missing.length > 0)
    throw fileUnreadable(`${file}: column ${missing.map((name) => `'${name}'`).join(', ')} is missing`);
  return rows.map((row, i): Line => {
    const at = (column: string): string => row[column]!.trim();
    const vendor = at(COLUMNS.vendor);
    const day = (column: string): number => {
      const found = dayOf(at(column));
      if (found === undefined)
        throw fileUnreadable(`${file} line ${i + 2}: ${column} '${at(column)}' is no date such as 02-Jun-06`);
      return found;
    };
    return {
      id: at(COLUMNS.id),
      groups: [`${at(COLUMNS.via)} · ${at(COLUMNS.mode)}`, vendor, `${vendor} · ${at(COLUMNS.country)}`],
      scheduledDay: day(COLUMNS.scheduled),
      deliveredDay: (row[COLUMNS.delivered] ?? '').trim() === '' ? undefined : day(COLUMNS.delivered),
    };
  });
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Whole days since 1970 of a date such as 02-Jun-06. */
function dayOf(text: string): number | undefined {
  const [, day, name, year] = /^(\d{1,2})-([A-Za-z]{3})-(\d{2})$/.exec(text) ?? [];
  const month = MONTHS.indexOf((name ?? '').toLowerCase());
  return month < 0 ? undefined : Date.UTC(2000 + Number(year), month, Number(day)) / DAY_MS;
}
