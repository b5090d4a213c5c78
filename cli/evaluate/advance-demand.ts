import {Command} from 'commander';
import {z} from 'zod';
import {fileUnreadable, readJsonFile} from '../input-file.ts';
import {wholeNumber} from '../option-values.ts';
import {answer, table} from '../output.ts';
import {valueOfAlarms, type AlarmValue, type Saving} from './advance-demand-value.ts';
import type {AlarmSetting} from './alarm-setting.ts';

const Table = z.object({
  simulation: z.object({
    lead_window_days: z.record(z.string(), z.tuple([z.number().int(), z.number().int()])),
  }),
  cases: z
    .array(
      z.object({
        id: z.string(),
        input: z.object({
          emergency_cost: z.number().positive(),
          lead: z.string(),
          recall: z.number().min(0).max(1),
          precision: z.number().gt(0).max(1),
          failures_per_year: z.number().positive(),
          lead_time_days: z.number().int().positive(),
          holding_per_unit_year: z.number().positive(),
        }),
        expected: z.object({
          saving: z.number(),
          saving_ci95: z.number(),
          adi_gamma: z.number().gt(0).lt(1),
        }),
      }),
    )
    .min(1),
});
type Table = z.infer<typeof Table>;

const SEEDS = 12;
/** The dearer an emergency, the rarer, and the longer until enough of them are seen: so many days per money unit. */
const DAYS_PER_COST = 5;
const DAYS_MIN = 50_000;
/** A wider interval of our own would let anything pass: it takes more days. */
const CI95_MAX = 0.08;

export const advanceDemandCommand = new Command('advance-demand')
  .description('what imperfect alarms save at one stock point by our decision core, beside published figures')
  .requiredOption('--oracle <file>', 'table of settings with the savings of a reference policy')
  .option('--days <number>', 'days a seed; more for rare emergencies when left out', wholeNumber)
  .option('--seeds <number>', 'seeds to compare on, 2 or more', wholeNumber, SEEDS)
  .option('--json', 'print one JSON object instead of text')
  .addHelpText(
    'after',
    '\nExit code: 0 every row saves what the reference saves, within the interval of the difference, and costs no more than hearing nothing; 1 some row does not; 2 wrong option or file.',
  )
  .action((options: {oracle: string; days?: number; seeds: number; json?: boolean}) => {
    const rows = evaluate(readTable(options.oracle), options);
    const passed = rows.filter(({ok}) => ok).length;
    answer(options.json, {rows, passed, failed: rows.length - passed}, () => text(rows));
    if (passed < rows.length) process.exitCode = 1;
  });

interface Row extends AlarmValue {
  readonly id: string;
  readonly setting: AlarmSetting;
  readonly reference: Saving;
  /** Saves what the reference saves, within the interval of the difference of two independent simulations, and costs no more than hearing no alarm. */
  readonly ok: boolean;
}

function evaluate({simulation, cases}: Table, options: {days?: number; seeds: number}): Row[] {
  return cases.map(({id, input, expected}, i): Row => {
    process.stderr.write(`${i + 1}/${cases.length} ${id}\n`);
    const window = simulation.lead_window_days[input.lead];
    if (!window)
      throw fileUnreadable(`case ${id}: no window named '${input.lead}' under simulation.lead_window_days`);
    const setting: AlarmSetting = {
      failuresPerYear: input.failures_per_year,
      recall: input.recall,
      precision: input.precision,
      window: {fromDays: window[0], toDays: window[1]},
      leadTimeDays: input.lead_time_days,
      holdingPerYear: input.holding_per_unit_year,
      emergencyCost: input.emergency_cost,
    };
    const days = options.days ?? Math.max(DAYS_MIN, Math.round(DAYS_PER_COST * input.emergency_cost));
    const value = valueOfAlarms(setting, {days, seeds: Math.max(2, options.seeds)}, expected.adi_gamma);
    const reference = {saving: expected.saving, ci95: expected.saving_ci95};
    const {saving, ci95} = value.ours;
    const isAsGood = saving >= reference.saving - Math.hypot(ci95, reference.ci95);
    return {id, setting, ...value, reference, ok: ci95 <= CI95_MAX && isAsGood && saving >= 0};
  });
}

function readTable(file: string): Table {
  const parsed = Table.safeParse(readJsonFile(file, 'a table of alarm settings'));
  if (!parsed.success)
    throw fileUnreadable(`${file}: not a table of alarm settings: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function text(rows: readonly Row[]): string {
  const head = [
    'setting',
    'warning',
    'recall',
    'precision',
    'ours',
    'reference',
    'ours against its rule',
    'one per alarm',
    '2x sure',
    '',
  ];
  return table(
    head,
    rows.map((row) => [
      `emergency ${row.setting.emergencyCost}`,
      `${row.setting.window.fromDays}-${row.setting.window.toDays} d`,
      row.setting.recall,
      row.setting.precision,
      share(row.ours),
      share(row.reference),
      share(row.oursAgainstPublished),
      share(row.onePerAlarm),
      share(row.overconfident),
      verdict(row),
    ]),
  );
}

function verdict({ok, ours}: Row): string {
  if (ok) return 'ok';
  return ours.ci95 > CI95_MAX ? 'too few days' : 'MISSED';
}

function share({saving, ci95}: Saving): string {
  return `${(100 * saving).toFixed(1)} ± ${(100 * ci95).toFixed(1)} %`;
}
