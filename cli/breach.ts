import {Command} from 'commander';
import {z} from 'zod';
import {BreachFound, BreachView} from '../console/api/routes/breaches.ts';
import {epochMs, toIso, toMinute} from '../domain/time.ts';
import {withApi} from './api-client.ts';
import {readJsonFile} from './input-file.ts';
import {listCommand} from './operations/list-command.ts';
import {instant} from './option-values.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';

type Breach = z.output<typeof BreachView>;
type Found = z.output<typeof BreachFound>;
interface NoticeOptions extends AskOptions {
  readonly to: string;
  readonly reference: string;
  readonly sentAt?: number;
  readonly sentBy?: string;
  readonly note?: string;
  readonly actor: string;
}

const USER = process.env['USER'] ?? 'cli';
const PATH = '/api/v1/breaches';

/** Breaches on record, and who was told of them by when. */
export function breachCommand(): Command {
  const list = listCommand({
    path: PATH,
    page: z.object({breaches: z.array(BreachView)}),
    text: ({breaches}) => breachTable(breaches),
    example: 'forestock breach list',
  });
  return [list, showCommand(), recordCommand(), noticeCommand()].reduce(
    (group, each) => group.addCommand(each),
    new Command('breach').description('breaches of data: what is on record, and who was told of it by when'),
  );
}

function showCommand(): Command {
  return askCommand(
    'show',
    'how each notice stands, and how many requests the callers and parties of the breach made in its window',
    'forestock breach show BR-2026-1',
  )
    .argument('<breachId>')
    .action(async (id: string, options: AskOptions) => {
      const found = await withApi(options, (api) => api.get(pathOf(id)));
      answer(options.json, found, () => foundText(BreachFound.decode(found as z.input<typeof BreachFound>)));
    });
}

function recordCommand(): Command {
  return askCommand(
    'record',
    'puts a breach on record: from its discovery on the clock of its notices runs',
    'forestock breach record BR-2026-1 breach.json',
  )
    .argument('<breachId>', 'what it is called')
    .argument('<file>', 'discoveredAt, from, what, data, partyIds, … as one JSON object')
    .option('--actor <name>', 'who puts it on record; goes into the audit trail', USER)
    .action(async (id: string, file: string, given: AskOptions & {readonly actor: string}) => {
      const {actor, ...options} = given;
      const report = readJsonFile(file, 'a JSON file that holds one object') as object;
      const made = await withApi(options, (api) => api.put(pathOf(id), {...report, actor}));
      answer(options.json, made, () => dutyTable(BreachView.decode(made as z.input<typeof BreachView>)));
    });
}

function noticeCommand(): Command {
  return askCommand(
    'notice',
    'puts a notice on record that was sent; its alert ends',
    'forestock breach notice BR-2026-1 --to authority --reference "form 4711"',
  )
    .argument('<breachId>')
    .requiredOption('--to <whom>', 'authority, or party:<id>')
    .requiredOption('--reference <text>', 'of the letter or the form; the same again is the same notice')
    .option('--sent-at <instant>', 'world time at which it was sent (default: now)', instant)
    .option('--sent-by <name>', 'who sent it (default: who puts it on record)')
    .option('--note <text>', 'what delayed it, where it was late')
    .option('--actor <name>', 'who puts it on record; goes into the audit trail', USER)
    .action(async (id: string, given: NoticeOptions) => {
      const {sentAt, sentBy = given.actor, note, to, reference, actor, ...options} = given;
      const at = sentAt === undefined ? {} : {sentAt: toIso(epochMs(sentAt))};
      const why = note === undefined ? {} : {note};
      const body = {to, reference, sentBy, actor, ...at, ...why};
      const done = await withApi(options, (api) => api.post(`${pathOf(id)}/notices`, body));
      answer(options.json, done, () => dutyTable(BreachView.decode(done as z.input<typeof BreachView>)));
    });
}

function pathOf(id: string): string {
  return `${PATH}/${encodeURIComponent(id)}`;
}

const minute = (at: number | null): string => (at === null ? '' : toMinute(epochMs(at)));

function breachTable(breaches: readonly Breach[]): string {
  if (breaches.length === 0) return 'none';
  return table(
    ['breach', 'state', 'discovered', 'what', 'to tell'],
    breaches.map(({breachId, state, discoveredAt, what, duties}) => [
      ...[breachId, state, minute(discoveredAt), what],
      duties
        .filter((duty) => duty.state !== 'done')
        .map(({to}) => to)
        .join(', '),
    ]),
  );
}

function dutyTable({duties}: Breach): string {
  if (duties.length === 0) return 'nobody is to be told';
  return table(
    ['to', 'state', 'due', 'sent', 'as agreed in'],
    duties.map(({to, state, dueAt, sentAt, isLate, basis}) => [
      ...[to, state, minute(dueAt), `${minute(sentAt)}${isLate ? ' (late)' : ''}`, basis],
    ]),
  );
}

function foundText({breach, requests}: Found): string {
  const asked = requests.map(
    ({caller, partyId, requests: count, link}) =>
      `${caller ?? `party ${partyId ?? ''}`}: ${count} requests in its window, ${link}`,
  );
  const {breachId, state, discoveredAt, what, data} = breach;
  return [
    `${breachId}, ${state}, discovered ${minute(discoveredAt)}`,
    `  ${what}`,
    `  data: ${data}`,
    dutyTable(breach),
    ...asked,
  ].join('\n');
}
