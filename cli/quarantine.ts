import {Command} from 'commander';
import {z} from 'zod';
import {commandReply} from '../console/api/network-command.ts';
import {QuarantinedRow, UnknownEquipment} from '../console/api/routes/rejected.ts';
import {ErrorBody} from '../console/api/wire.ts';
import {OperationalFault} from '../domain/fault.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {withApi} from './api-client.ts';
import type {Api} from './api-client.ts';
import {queryOf} from './decisions.ts';
import {fileUnreadable, readJsonFile} from './input-file.ts';
import {outcomeText} from './operations/outcome-text.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';

const Rows = z.object({quarantine: z.array(QuarantinedRow)});
const Unknown = z.object({equipment: z.array(UnknownEquipment)});
const Sent = z.object({letters: z.int(), messages: z.int(), refused: z.int()});
/** Who did it, in the audit. */
const ACTOR = 'cli';

export function quarantineCommand(): Command {
  return new Command('quarantine')
    .description('what did not fit: rows of the books, and messages of equipment that nobody knows')
    .addCommand(listCommand())
    .addCommand(resubmitCommand())
    .addCommand(onboardCommand())
    .addCommand(dropCommand());
}

function listCommand(): Command {
  return askCommand(
    'list',
    'rows as sent, each with its reason; equipment that sends and is not in the installed base',
    'forestock quarantine list --state open --json',
  )
    .option('--state <state>', 'open, resubmitted or dropped (default: all)')
    .option('--limit <n>', 'rows at most, 1 to 1000', '100')
    .action(async ({state, limit, ...options}: AskOptions & {state?: string; limit: string}) => {
      const found = await withApi(options, async (api) => ({
        ...((await api.get(`/api/v1/quarantine?${queryOf({state, limit})}`)) as object),
        ...(await unknownEquipment(api)),
      }));
      answer(options.json, found, () => listText(found));
    });
}

/** Null without a service: messages are kept where the door is. */
async function unknownEquipment(api: Api): Promise<{equipment: unknown}> {
  try {
    return (await api.get('/api/v1/dead-letters/equipment')) as {equipment: unknown};
  } catch (error) {
    const refusal = error instanceof OperationalFault ? ErrorBody.safeParse(error.cause) : undefined;
    if (refusal?.data?.error === 'stage-not-here') return {equipment: null};
    throw error;
  }
}

function listText(found: {readonly equipment: unknown}): string {
  const {quarantine} = z.decode(Rows, found as unknown as z.input<typeof Rows>);
  const rows = table(
    ['received', 'id', 'kind', 'state', 'reason', 'detail'],
    quarantine.map(({receivedAt, quarantineId, kind, state, reason, detail}) => [
      toMinute(epochMs(receivedAt)),
      quarantineId,
      kind,
      state,
      reason,
      detail,
    ]),
  );
  return `rows of the books: ${quarantine.length === 0 ? 'none' : `\n${rows}`}\n\n${unknownText(found)}`;
}

function unknownText(found: {readonly equipment: unknown}): string {
  const title = 'unknown equipment: ';
  if (found.equipment === null) return `${title}ask the running service, with --url`;
  const {equipment} = z.decode(Unknown, found as z.input<typeof Unknown>);
  if (equipment.length === 0) return `${title}none`;
  const rows = equipment.map(({equipmentId, letters, firstReceivedAt, lastReceivedAt, lastTopic}) => [
    equipmentId,
    letters,
    toMinute(epochMs(firstReceivedAt)),
    toMinute(epochMs(lastReceivedAt)),
    lastTopic,
  ]);
  return `${title}\n${table(['equipment', 'messages', 'first', 'last', 'last topic'], rows)}`;
}

function resubmitCommand(): Command {
  return askCommand(
    'resubmit',
    'tries a row again, as it was or corrected; it passes once',
    'forestock quarantine resubmit 5f8e4a3c-… --body corrected.json',
  )
    .argument('<quarantineId>')
    .option('--body <file>', 'JSON file with the corrected row (default: as it was)')
    .option('--actor <name>', 'who does it', ACTOR)
    .action(async (id: string, {body, actor, ...options}: AskOptions & {body?: string; actor: string}) => {
      const corrected = body === undefined ? {} : {body: readObject(body)};
      const path = `/api/v1/quarantine/${encodeURIComponent(id)}/resubmit`;
      const done = await withApi(options, (api) => api.post(path, {actor, ...corrected}));
      answer(options.json, done, () => outcomeText(done));
    });
}

function onboardCommand(): Command {
  return askCommand(
    'onboard',
    'sends through the door what waited for an equipment; --equipment adds it to the installed base first',
    'forestock quarantine onboard CH-0900 --equipment ch-0900.json --url http://127.0.0.1:8080',
  )
    .argument('<equipmentId>')
    .option('--equipment <file>', 'JSON file: the body of POST /api/v1/equipment, without equipmentId')
    .action(async (equipmentId: string, {equipment, ...options}: AskOptions & {equipment?: string}) => {
      const master = equipment === undefined ? undefined : readObject(equipment);
      const done = await withApi(options, async (api) => {
        const added =
          master === undefined
            ? null
            : commandReply.parse(await api.post('/api/v1/equipment', {...master, equipmentId})).result;
        const path = `/api/v1/dead-letters/equipment/${encodeURIComponent(equipmentId)}/resubmit`;
        return {equipmentId, added, ...Sent.parse(await api.post(path, {}))};
      });
      if (done.refused > 0) process.exitCode = 1;
      answer(options.json, done, () => onboardText(done));
    });
}

function onboardText({letters, messages, refused}: z.infer<typeof Sent>): string {
  const kept = refused === 0 ? '' : `, ${refused} refused again and kept (GET /api/v1/dead-letters)`;
  return `done: ${letters} packets waited, ${messages} messages taken${kept}`;
}

function dropCommand(): Command {
  return askCommand(
    'drop',
    'takes a row that nobody will correct out of sight, for good',
    'forestock quarantine drop 5f8e4a3c-… --actor ada',
  )
    .argument('<quarantineId>')
    .option('--actor <name>', 'who does it', ACTOR)
    .action(async (id: string, {actor, ...options}: AskOptions & {actor: string}) => {
      const path = `/api/v1/quarantine/${encodeURIComponent(id)}/drop`;
      const done = await withApi(options, (api) => api.post(path, {actor}));
      answer(options.json, done, () => `dropped: ${id}`);
    });
}

function readObject(file: string): Readonly<Record<string, unknown>> {
  const expected = 'a JSON file that holds one object';
  const value = readJsonFile(file, expected);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return {...value};
  throw fileUnreadable(`file ${file}: it is no object; name ${expected}`);
}
