import {Command, Option} from 'commander';
import {z} from 'zod';
import {DryRun} from '../console/api/dry-run.ts';
import {Parameter, ParameterChanged} from '../console/api/routes/parameters.ts';
import {epochMs, toIso, toMinute} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {withApi} from './api-client.ts';
import {fileUnreadable, readJsonFile} from './input-file.ts';
import {listCommand} from './operations/list-command.ts';
import {instant, wholeNumber} from './option-values.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';
import {whatIfText} from './replay/what-if-text.ts';

interface SetOptions extends AskOptions {
  readonly change?: string;
  readonly file?: string;
  readonly from?: number;
  readonly dryRunDays?: number;
  readonly limit: number;
  readonly actor: string;
}

/** What ops tune: thresholds, costs and limits, with effective dates and a dry run. */
export function tuneCommand(): Command {
  const list = listCommand({
    path: '/api/v1/parameters',
    page: z.object({parameters: z.array(Parameter)}),
    text: ({parameters}) => parameters.map(parameterText).join('\n\n'),
    example: 'forestock tune list',
  });
  return new Command('tune')
    .description('thresholds, costs and limits: what is in force, and changes with a date')
    .addCommand(list)
    .addCommand(setCommand());
}

function setCommand(): Command {
  const command = askCommand(
    'set',
    'changes fields of a tunable from a date on, or shows what that would have decided otherwise',
    `forestock tune set replenish.policy --change '{"marginShare": 0.1}' --dry-run-days 30`,
  )
    .argument('<key>', 'as tune list names it')
    .addOption(
      new Option(
        '--change <json>',
        'fields and their new values; null takes a field back to what is delivered',
      ).conflicts('file'),
    )
    .option('--file <file>', 'the same from a file that holds one JSON object')
    .option('--from <instant>', 'world time from which it holds (ISO 8601; default: now)', instant)
    .option(
      '--dry-run-days <n>',
      'write nothing: take the decisions of the last n days anew with it, and show which change',
      wholeNumber,
    )
    .option('--limit <n>', 'changed decisions that the text of a dry run lists at most', wholeNumber, 50)
    .option('--actor <name>', 'who changes it; goes into the audit trail', process.env['USER'] ?? 'cli');
  return command.action(async (key: string, options: SetOptions) => {
    const asked = {
      change: changeOf(command, options),
      ...(options.from === undefined ? {} : {from: toIso(epochMs(options.from))}),
    };
    const path = `/api/v1/parameters/${encodeURIComponent(key)}`;
    await withApi(options, async (api) => {
      if (options.dryRunDays !== undefined) {
        const run = await api.post(`${path}/dry-run`, {...asked, days: options.dryRunDays});
        answer(options.json, run, () => dryRunText(DryRun.decode(run as Wire<typeof DryRun>), options.limit));
        return;
      }
      const done = await api.put(path, {...asked, actor: options.actor});
      answer(options.json, done, () =>
        changedText(ParameterChanged.decode(done as Wire<typeof ParameterChanged>)),
      );
    });
  });
}

type Wire<S extends z.ZodType> = z.input<S>;

function changeOf(command: Command, {change, file}: SetOptions): unknown {
  if (file !== undefined) return readJsonFile(file, 'a JSON file that holds one object');
  if (change === undefined) return command.error('error: name --change or --file');
  try {
    return JSON.parse(change);
  } catch (cause) {
    throw fileUnreadable(
      `--change is no JSON: ${change}; give one object such as {"marginShare": 0.1}`,
      cause,
    );
  }
}

function parameterText({key, about, value, stated, versions}: z.output<typeof Parameter>): string {
  const fields = table(
    ['field', 'in force', ''],
    Object.entries(value).map(([field, now]) => [
      field,
      JSON.stringify(now),
      field in stated ? 'stated' : 'as delivered',
    ]),
  );
  const dated = versions.map(
    (version) => `  from ${at(version.from)} by ${version.changedBy}: ${JSON.stringify(version.value)}`,
  );
  return [key, about, '', fields, ...(dated.length === 0 ? [] : ['', 'versions', ...dated])].join('\n');
}

function changedText({key, from, changed, before, value, until}: z.output<typeof ParameterChanged>): string {
  if (!changed) return `${key} is so already; nothing was written`;
  const ends = until === null ? '' : `, until ${at(until)} brings what was scheduled earlier`;
  return [
    `${key} from ${at(from)} on${ends}`,
    `  before: ${JSON.stringify(before)}`,
    `  now:    ${JSON.stringify(value)}`,
  ].join('\n');
}

function dryRunText({key, since, fields, unseen, report}: z.output<typeof DryRun>, limit: number): string {
  if (fields.length === 0) return `${key} is so already; nothing would change`;
  return [
    `dry run of ${key} (${fields.join(', ')}) on what is on record since ${at(since)}; nothing was written`,
    ...unseen.map(({field, why}) => `${field} does not show there: ${why}`),
    reportText(report, limit),
  ].join('\n');
}

function reportText(report: z.output<typeof DryRun>['report'], limit: number): string {
  switch (report.depth) {
    case 'each-decision-alone':
      return whatIfText(report, limit);
    case 'each-component-alone': {
      const {forecasts, told, explained, changed, changes} = report;
      return [
        `${forecasts} forecasts: told ${told.before}, would be told ${told.after}; explained ${explained.before}, would be explained ${explained.after}`,
        ...changes.slice(0, limit).map((one) => {
          return `  ${at(one.asOf)}  ${one.componentId}  ${one.told === 'before' ? 'would not be told' : 'would be told'}`;
        }),
        ...(changed > limit ? [`and ${changed - limit} more; --json lists 1000`] : []),
      ].join('\n');
    }
    case 'each-night-alone': {
      const {nights, changes} = report;
      const fall = (first: (typeof changes)[number]['before']): string =>
        first === null ? 'none' : `${at(first.night)} (${first.breaches.join(', ')})`;
      return [
        `${nights} nights: ${changes.length} champions would have fallen back on another night, or not`,
        ...changes.map((one) => {
          return `  ${one.modelVersionId} at ${one.equipmentClassId}: first out of bounds ${fall(one.before)}, then ${fall(one.after)}`;
        }),
      ].join('\n');
    }
  }
}

function at(instantMs: number): string {
  return toMinute(instantMs as EpochMs);
}
