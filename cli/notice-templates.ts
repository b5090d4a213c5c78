import {Command} from 'commander';
import {z} from 'zod';
import {TemplateView} from '../console/api/routes/templates.ts';
import {withApi} from './api-client.ts';
import {readJsonFile} from './input-file.ts';
import {listCommand} from './operations/list-command.ts';
import {wholeNumber} from './option-values.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';

interface ActOptions extends AskOptions {
  readonly actor: string;
}

const USER = process.env['USER'] ?? 'cli';

/** The texts in which customers hear of their backorders: somebody writes one, somebody else approves it. */
export function templatesCommand(): Command {
  const list = listCommand({
    path: '/api/v1/notice-templates',
    page: z.object({templates: z.array(TemplateView)}),
    text: ({templates}) =>
      templates.length === 0
        ? 'none'
        : table(
            [
              'text',
              'version',
              'reason',
              'tier',
              'channel',
              'language',
              'written by',
              'approved by',
              'in use',
            ],
            templates.map((one) => [
              ...[
                one.templateId,
                one.version,
                one.reason,
                one.tier ?? 'any',
                one.channel ?? 'any',
                one.language,
              ],
              ...[one.writtenBy, one.approvedBy ?? 'nobody', standingOf(one)],
            ]),
          ),
    example: 'forestock alerts templates list',
  });
  const write = act(
    'write',
    'writes a new version of a text; the one before is sent until somebody else has approved it',
    'forestock alerts templates write moved-gold moved-gold.json',
  )
    .argument('<file>', 'JSON as PUT /api/v1/notice-templates/{templateId} takes it')
    .action(async (id: string, file: string, {actor, ...options}: ActOptions) => {
      const text = readJsonFile(file, 'a JSON file that holds one text') as object;
      const done = await withApi(options, (api) => api.put(pathOf(id), {...text, actor}));
      answer(options.json, done, () => {
        const {version} = z.object({version: z.int()}).parse(done);
        return `written: ${id} version ${version}; it is sent once somebody else has approved it`;
      });
    });
  const approve = act(
    'approve',
    'approves a version that somebody else wrote: it is sent from now on',
    'forestock alerts templates approve moved-gold 2',
  )
    .argument('<version>', 'which', wholeNumber)
    .action(async (id: string, version: number, {actor, ...options}: ActOptions) => {
      const done = await withApi(options, (api) => api.post(`${pathOf(id)}/${version}/approve`, {actor}));
      answer(options.json, done, () => `approved: ${id} version ${version}`);
    });
  const retire = act(
    'retire',
    'no version of the text is sent any more',
    'forestock alerts templates retire moved-gold',
  ).action(async (id: string, {actor, ...options}: ActOptions) => {
    const done = await withApi(options, (api) => api.delete(pathOf(id), {actor}));
    answer(options.json, done, () => `retired: ${id}`);
  });
  return [list, write, approve, retire].reduce(
    (group, each) => group.addCommand(each),
    new Command('templates').description('the texts in which customers hear of their backorders'),
  );
}

function act(name: string, about: string, example: string): Command {
  return askCommand(name, about, example)
    .argument('<templateId>')
    .option('--actor <name>', 'who does it; goes into the audit trail', USER);
}

function standingOf({approvedAt, retiredAt}: z.output<typeof TemplateView>): string {
  if (retiredAt !== null) return 'retired';
  return approvedAt === null ? 'waits for approval' : 'yes';
}

function pathOf(id: string): string {
  return `/api/v1/notice-templates/${encodeURIComponent(id)}`;
}
