import type {Command} from 'commander';
import type {z} from 'zod';
import {ROUTES} from '../../console/api/routes.ts';
import {invariant} from '../../domain/invariant.ts';
import {withApi} from '../api-client.ts';
import {queryOf} from '../decisions.ts';
import {answer, askCommand} from '../output.ts';
import type {AskOptions} from '../output.ts';
import {fieldOptions, refuseUsage, textsOf} from './field-options.ts';
import type {Given} from './field-options.ts';
import {fieldsOf, readFields} from './fields.ts';

/** A command that shows what GET `path` answers, with an option for every field of its query. */
export function listCommand<P extends z.ZodType>({
  name = 'list',
  path,
  page,
  text,
  example,
}: {
  readonly name?: string;
  readonly path: string;
  readonly page: P;
  readonly text: (page: z.output<P>) => string;
  readonly example: string;
}): Command {
  const route = ROUTES.find((one) => one.method === 'GET' && one.path === path);
  invariant(route?.query !== undefined, `the API has a list at ${path}`);
  const {query, summary} = route;
  const fields = fieldsOf(query);
  const options = fieldOptions(fields);
  const command = askCommand(name, summary, example);
  for (const {option} of options) command.addOption(option);
  return command.action(async () => {
    const given = command.opts<AskOptions & Given>();
    const read = readFields(query, fields, textsOf(options, given));
    if (!read.ok) return refuseUsage(command, options, read.problems);
    const asked = Object.entries(read.values).map(([field, value]) => [field, String(value)]);
    const found = await withApi(given, (api) =>
      api.get(`${path}?${queryOf(Object.fromEntries(asked) as Record<string, string>)}`),
    );
    answer(given.json, found, () => text(page.decode(found as z.input<P>)));
  });
}
