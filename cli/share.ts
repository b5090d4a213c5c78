import {Command} from 'commander';
import {z} from 'zod';
import {DataShareView, SentView} from '../console/api/routes/data-shares.ts';
import {epochMs, toIso, toMinute} from '../domain/time.ts';
import {SHARED_DATA_NAMES, sharedKind} from '../partners/api.ts';
import {withApi} from './api-client.ts';
import {readJsonFile} from './input-file.ts';
import {listCommand} from './operations/list-command.ts';
import {instant} from './option-values.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';

interface AgreeOptions extends AskOptions {
  readonly from?: number;
  readonly actor: string;
}

const USER = process.env['USER'] ?? 'cli';
const DATA = `one of ${SHARED_DATA_NAMES.join(', ')}`;

/** What parties are sent beyond their own, and on which terms. */
export function shareCommand(): Command {
  const list = listCommand({
    path: '/api/v1/data-shares',
    page: z.object({dataShares: z.array(DataShareView)}),
    text: ({dataShares}) => shareTable(dataShares),
    example: 'forestock share list --party SUP-07',
  });
  const sent = listCommand({
    name: 'sent',
    path: '/api/v1/data-shares/sent',
    page: z.object({sent: z.array(SentView)}),
    text: (page) => sentTable(page.sent),
    example: 'forestock share sent --party SUP-07',
  });
  return [list, templateCommand(), agreeCommand(), endCommand(), sent].reduce(
    (group, each) => group.addCommand(each),
    new Command('share').description('what parties are sent beyond their own, and on which terms'),
  );
}

function agreeCommand(): Command {
  return askCommand(
    'agree',
    'agrees on what a party is sent; it ends what was agreed from its begin on',
    'forestock share agree SUP-07 stock stock-terms.json --from 2026-02-01T00:00:00Z',
  )
    .argument('<party>', 'who is sent it')
    .argument('<data>', DATA)
    .argument('<file>', 'purpose, useRights, fields, retentionDays, … as one JSON object')
    .option('--from <instant>', 'world time from which it holds (default: now)', instant)
    .option('--actor <name>', 'who does it; goes into the audit trail', USER)
    .action(async (party: string, data: string, file: string, given: AgreeOptions) => {
      const {from, actor, ...options} = given;
      const terms = readJsonFile(file, 'a JSON file that holds one object') as object;
      const begins = from === undefined ? {} : {from: toIso(epochMs(from))};
      const done = await withApi(options, (api) =>
        api.put(pathOf(party, data), {...terms, ...begins, actor}),
      );
      answer(options.json, done, () =>
        shareTable([DataShareView.decode(done as z.input<typeof DataShareView>)]),
      );
    });
}

/** Months, so that nobody agrees to years by leaving a figure as it was. */
const RETENTION_DAYS = 90;

/** What `agree` takes, to be filled in: refused as it is, for a share without a purpose is none. */
function templateCommand(): Command {
  return new Command('template')
    .description('prints the terms of a share to fill in: every field that it can grant, masked')
    .argument('<data>', DATA)
    .addHelpText('after', '\nExample: forestock share template stock > stock-terms.json')
    .action((data: string, _options: unknown, command: Command) => {
      const known = SHARED_DATA_NAMES.find((name) => name === data);
      if (known === undefined)
        return command.error(`error: ${data} cannot be shared; name ${DATA}`, {exitCode: 2});
      const fields = Object.fromEntries(sharedKind(known).more.map((field) => [field, 'masked']));
      const terms = {
        purpose: '',
        useRights: '',
        retentionDays: RETENTION_DAYS,
        everyHours: null,
        groupBy: null,
        fields,
      };
      process.stdout.write(`${JSON.stringify(terms, null, 2)}\n`);
    });
}

function endCommand(): Command {
  return askCommand('end', 'nothing more is sent of it', 'forestock share end SUP-07 stock')
    .argument('<party>', 'who was sent it')
    .argument('<data>', DATA)
    .option('--actor <name>', 'who does it; goes into the audit trail', USER)
    .action(async (party: string, data: string, {actor, ...options}: AgreeOptions) => {
      const done = await withApi(options, (api) => api.delete(pathOf(party, data), {actor}));
      answer(options.json, done, () => `ended: ${party} ${data}`);
    });
}

function pathOf(party: string, data: string): string {
  return `/api/v1/data-shares/${encodeURIComponent(party)}/${encodeURIComponent(data)}`;
}

function shareTable(shares: readonly z.output<typeof DataShareView>[]): string {
  if (shares.length === 0) return 'none';
  return table(
    ['party', 'data', 'version', 'from', 'to', 'fields', 'as', 'keeps for'],
    shares.map((share) => [
      share.partyId,
      share.data,
      share.version,
      toMinute(epochMs(share.from)),
      share.to === null ? 'until changed' : toMinute(epochMs(share.to)),
      fieldsText(share.fields),
      formText(share),
      `${share.retentionDays} d`,
    ]),
  );
}

/** Example: 'partId, depotId (masked)'. */
function fieldsText(fields: z.output<typeof DataShareView>['fields']): string {
  return Object.entries(fields)
    .map(([name, how]) => (how === 'masked' ? `${name} (masked)` : name))
    .join(', ');
}

/** Example: 'by depotId from 5 on, every 24 h'. */
function formText({groupBy, groupMin, everyHours}: z.output<typeof DataShareView>): string {
  const rows = groupBy === null ? 'row by row' : `by ${groupBy.join(', ')} from ${groupMin} on`;
  return everyHours === null ? rows : `${rows}, every ${everyHours} h`;
}

function sentTable(sent: readonly z.output<typeof SentView>[]): string {
  if (sent.length === 0) return 'none';
  return table(
    ['no', 'party', 'data', 'version', 'by', 'rows', 'sent', 'kept until'],
    sent.map((one) => [
      one.sentNo,
      one.partyId,
      one.data,
      one.version,
      one.way,
      one.rows,
      toMinute(epochMs(one.sentAt)),
      toMinute(epochMs(one.keepUntil)),
    ]),
  );
}
