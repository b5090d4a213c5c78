import type {Command} from 'commander';
import {withApi} from '../api-client.ts';
import {answer, askCommand} from '../output.ts';
import type {AskOptions} from '../output.ts';
import {requestOf} from './catalogue.ts';
import type {Operation} from './catalogue.ts';
import {fieldOptions, refuseUsage, textsOf} from './field-options.ts';
import type {Given} from './field-options.ts';
import {readFields} from './fields.ts';
import {outcomeText} from './outcome-text.ts';

/** How the command line names what every operation carries, and who speaks when nobody is named. */
const ORIGIN = {source: {fallback: 'cli'}, source_key: {option: 'key'}} as const;

/** A command for one operation: what the path names is its argument, every other field an option. */
export function operationCommand(name: string, operation: Operation, example: string): Command {
  const command = askCommand(name, operation.summary, example);
  const isArgument = ({column}: {column: string}): boolean =>
    operation.path.includes(`{${operation.fields.find((field) => field.column === column)!.path[0]!}}`);
  const args = operation.fields.filter(isArgument);
  const options = fieldOptions(
    operation.fields.filter((field) => !isArgument(field)),
    ORIGIN,
  );
  for (const {path} of args) command.argument(`<${path[0]!}>`);
  for (const {option} of options) command.addOption(option);
  return command.action(async (...words: unknown[]) => {
    const given = command.opts<AskOptions & Given>();
    const named = Object.fromEntries(args.map(({column}, index) => [column, String(words[index])]));
    const read = readFields(operation.schema, operation.fields, {...textsOf(options, given), ...named});
    if (!read.ok) return refuseUsage(command, options, read.problems);
    const {path, body} = requestOf(operation, read.values);
    const done = await withApi(given, (api) => api.post(path, body));
    answer(given.json, done, () => outcomeText(done));
  });
}
