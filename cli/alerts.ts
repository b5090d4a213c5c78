import {Command, Option} from 'commander';
import {z} from 'zod';
import {Alert, Resolution} from '../console/api/alert-view.ts';
import {RecipientView} from '../console/api/routes/recipients.ts';
import {epochMs, toIso, toMinute} from '../domain/time.ts';
import {withApi} from './api-client.ts';
import {readJsonFile} from './input-file.ts';
import {templatesCommand} from './notice-templates.ts';
import {listCommand} from './operations/list-command.ts';
import {instant} from './option-values.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';

interface ActOptions extends AskOptions {
  readonly actor: string;
  readonly until?: number;
  readonly note?: string;
}

const USER = process.env['USER'] ?? 'cli';
const Page = z.object({
  alerts: z.array(Alert),
  budget: z.object({now: z.int(), digest: z.int(), waiting: z.int(), snoozed: z.int()}).loose(),
});

/** Alerts: what is open, what somebody sees to, and who is told. */
export function alertsCommand(): Command {
  const list = listCommand({
    path: '/api/v1/alerts',
    page: Page,
    text: ({alerts, budget: {now, digest, waiting, snoozed}}) =>
      [
        table(
          ['alert', 'state', 'level', 'what'],
          alerts.map(({alertId, state, level, text}) => [alertId, state, level, text]),
        ),
        `${now} now, ${digest} in the digest, ${snoozed} snoozed; ${waiting} messages wait`,
      ].join('\n'),
    example: 'forestock alerts list --state open',
  });
  const answers = [acknowledgeCommand(), resolveCommand(), snoozeCommand(), unsnoozeCommand()];
  return [list, ...answers, recipientsCommand(), templatesCommand()].reduce(
    (group, each) => group.addCommand(each),
    new Command('alerts').description('what is open, what somebody sees to, and who is told'),
  );
}

function acknowledgeCommand(): Command {
  return actCommand(
    'acknowledge',
    'somebody sees to it: nobody is told any more',
    'forestock alerts acknowledge <alertId> --until 2026-01-06T08:00:00Z',
  )
    .option('--until <instant>', 'it is told again then (default: until its cause is gone)', instant)
    .option('--note <text>', 'what is done about it')
    .action((alertId: string, {actor, note, until, ...options}: ActOptions) =>
      act(alertId, 'acknowledge', {actor, ...(note !== undefined && {note}), ...untilOf(until)}, options),
    );
}

function resolveCommand(): Command {
  return actCommand(
    'resolve',
    'closes a case with what was found; what it was about opens no other',
    'forestock alerts resolve <alertId> --as one-off --note "a plant was refitted"',
  )
    .addOption(
      new Option('--as <resolution>', Resolution.description)
        .choices(Resolution.options)
        .makeOptionMandatory(),
    )
    .requiredOption('--note <text>', 'what was found; goes into the audit trail')
    .action((alertId: string, {actor, as, note, ...options}: ActOptions & {readonly as: string}) =>
      act(alertId, 'resolve', {actor, resolution: as, note}, options),
    );
}

function snoozeCommand(): Command {
  return actCommand(
    'snooze',
    'not now: it is told again then',
    'forestock alerts snooze <alertId> --until 2026-01-06T08:00:00Z',
  )
    .requiredOption('--until <instant>', 'world time (ISO 8601)', instant)
    .option('--note <text>', 'why not now')
    .action((alertId: string, {actor, note, until, ...options}: ActOptions) =>
      act(alertId, 'snooze', {actor, ...(note !== undefined && {note}), ...untilOf(until)}, options),
    );
}

function unsnoozeCommand(): Command {
  return actCommand('unsnooze', 'ends a snooze at once', 'forestock alerts unsnooze <alertId>').action(
    (alertId: string, {actor, ...options}: ActOptions) => act(alertId, 'unsnooze', {actor}, options),
  );
}

function actCommand(name: string, about: string, example: string): Command {
  return askCommand(name, about, example)
    .argument('<alertId>')
    .option('--actor <name>', 'who does it; goes into the audit trail', USER);
}

function untilOf(until: number | undefined): {readonly until?: string} {
  return until === undefined ? {} : {until: toIso(epochMs(until))};
}

const Answered = z.object({state: z.string(), until: z.string().nullable()});

async function act(alertId: string, what: string, body: object, options: AskOptions): Promise<void> {
  const done = await withApi(options, (api) =>
    api.post(`/api/v1/alerts/${encodeURIComponent(alertId)}/${what}`, body),
  );
  answer(options.json, done, () => {
    const {state, until} = Answered.parse(done);
    return `${state}${until === null ? '' : ` until ${toMinute(epochMs(Date.parse(until)))}`}`;
  });
}

function recipientsCommand(): Command {
  const path = (id: string): string => `/api/v1/recipients/${encodeURIComponent(id)}`;
  const list = listCommand({
    path: '/api/v1/recipients',
    page: z.object({recipients: z.array(RecipientView)}),
    text: ({recipients}) =>
      table(
        ['recipient', 'role', 'by', 'to', 'reached', 'active'],
        recipients.map((one) => [
          ...[one.recipientId, one.role, one.channel, one.address],
          ...[`${one.hours} ${one.timeZone}`, one.active ? 'yes' : 'no'],
        ]),
      ),
    example: 'forestock alerts recipients list',
  });
  const set = askCommand(
    'set',
    'states a recipient as a whole; url and key that are left out stay as they were',
    'forestock alerts recipients set planners recipient.json',
  )
    .argument('<recipientId>')
    .argument('<file>', 'JSON as PUT /api/v1/recipients/{recipientId} takes it')
    .action(async (id: string, file: string, options: AskOptions) => {
      const body = readJsonFile(file, 'a JSON file that holds one recipient');
      const done = await withApi(options, (api) => api.put(path(id), body));
      answer(options.json, done, () => `set: ${id}`);
    });
  const test = askCommand('test', 'sends a test message', 'forestock alerts recipients test planners')
    .argument('<recipientId>')
    .option('--actor <name>', 'who asks for it', USER)
    .action(async (id: string, {actor, ...options}: ActOptions) => {
      const done = await withApi(options, (api) => api.post(`${path(id)}/test`, {actor}));
      answer(options.json, done, () => `on its way: ${id}`);
    });
  return [list, set, test].reduce(
    (group, each) => group.addCommand(each),
    new Command('recipients').description('who is told, by which way and when'),
  );
}
