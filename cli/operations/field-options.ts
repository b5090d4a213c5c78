import {Option} from 'commander';
import type {Command} from 'commander';
import {asHelp} from '../output.ts';
import type {Field, FieldProblem} from './fields.ts';

const PLACEHOLDER = {
  text: ' <text>',
  whole: ' <n>',
  number: ' <number>',
  instant: ' <time>',
  id: ' <id>',
  flag: '',
} as const;

/** What commander hands over: texts, and true for a flag. */
export type Given = Readonly<Record<string, string | boolean | undefined>>;

/** Shown by --help, and what it stands for in the request. */
export interface FieldOption {
  readonly field: Field;
  readonly option: Option;
}

/** Options for the fields of a request. `renamed` gives a field another name, or another value when it is left out. */
export function fieldOptions(
  fields: readonly Field[],
  renamed: Readonly<Record<string, {readonly option?: string; readonly fallback?: string}>> = {},
): readonly FieldOption[] {
  return fields.map((told) => {
    const field = {...told, ...renamed[told.column]};
    const option = new Option(`--${field.option}${PLACEHOLDER[field.kind]}`, helpOf(field));
    if (field.fallback !== '') option.default(field.fallback);
    return {field, option};
  });
}

/** What is needed is said here and asked for by the schema: commander would name one missing option at a time. */
function helpOf({description, choices, kind, required}: Field): string {
  return [
    required ? 'needed' : '',
    asHelp(description),
    choices.length > 0 ? `one of ${choices.join(', ')}` : '',
    kind === 'instant' && !description.includes('ISO 8601') ? 'ISO 8601 in UTC' : '',
  ]
    .filter((words) => words !== '')
    .join('; ');
}

/** What was given on the command line, by the columns of the fields. */
export function textsOf(options: readonly FieldOption[], given: Given): Record<string, string> {
  return Object.fromEntries(
    options.flatMap(({field, option}) => {
      const value = given[option.attributeName()];
      return value === undefined ? [] : [[field.column, String(value)]];
    }),
  );
}

/** Ends the command as wrong usage, with everything that is wrong. */
export function refuseUsage(
  command: Command,
  options: readonly FieldOption[],
  problems: readonly FieldProblem[],
): never {
  const named = (problem: FieldProblem): string => {
    const {option} = options.find(({field}) => field.column === problem.field.column)?.field ?? {};
    return option === undefined ? problem.field.path.join('.') : `--${option}`;
  };
  const lines = problems.map((one) => `error: ${named(one)} ${one.what}; ${one.nextStep}`);
  return command.error(lines.join('\n'), {exitCode: 2});
}
