import {Command} from 'commander';
import {z} from 'zod';
import {Feed} from '../console/api/routes/feeds.ts';
import {FEED_KINDS} from '../network/api.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {withApi} from './api-client.ts';
import {listCommand} from './operations/list-command.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';

interface AgreeOptions extends AskOptions {
  readonly everyHours: string;
  readonly graceHours?: string;
  readonly freshHours?: string;
}

const Agreed = z.object({
  result: z.object({expectedIntervalH: z.int(), graceH: z.int(), freshWithinH: z.int().nullable()}),
});

/** When partners' feeds are to arrive, and which are late. */
export function feedsCommand(): Command {
  const kinds = `one of ${FEED_KINDS.join(', ')}`;
  const agree = askCommand(
    'agree',
    'agrees on when a feed is to arrive; when it does not there is one alert',
    'forestock feeds agree CUST-01 repair-reports --every-hours 24',
  )
    .argument('<party>', 'whose feed it is')
    .argument('<kind>', kinds)
    .requiredOption('--every-hours <n>', 'something is to arrive at least this often')
    .option('--grace-hours <n>', 'delay that is not yet worth an alert (default: a tenth of the interval)')
    .option('--fresh-hours <n>', 'what arrives may be this old at most (default: only the arrival matters)')
    .action(async (party: string, kind: string, given: AgreeOptions) => {
      const {everyHours, graceHours, freshHours, ...options} = given;
      const body = {
        source: 'cli',
        expectedIntervalH: Number(everyHours),
        ...(graceHours === undefined ? {} : {graceH: Number(graceHours)}),
        ...(freshHours === undefined ? {} : {freshWithinH: Number(freshHours)}),
      };
      const done = await withApi(options, (api) => api.put(pathOf(party, kind), body));
      answer(options.json, done, () => `${party} ${kind}: ${scheduleText(Agreed.parse(done).result)}`);
    });
  const end = askCommand(
    'end',
    'expects nothing of a feed any more',
    'forestock feeds end CUST-01 repair-reports',
  )
    .argument('<party>', 'whose feed it is')
    .argument('<kind>', kinds)
    .action(async (party: string, kind: string, options: AskOptions) => {
      const done = await withApi(options, (api) => api.delete(pathOf(party, kind)));
      answer(options.json, done, () => `ended: ${party} ${kind}`);
    });
  const list = listCommand({
    path: '/api/v1/feeds',
    page: z.object({feeds: z.array(Feed)}),
    text: ({feeds}) => feedTable(feeds),
    example: 'forestock feeds list --party CUST-01',
  });
  return [list, agree, end].reduce(
    (group, each) => group.addCommand(each),
    new Command('feeds').description('what partners have agreed to send, and when it last came'),
  );
}

/** Example: 'expected every 24 h, overdue after 27 h'. */
function scheduleText({expectedIntervalH, graceH, freshWithinH}: z.output<typeof Agreed>['result']): string {
  const fresh = freshWithinH === null ? '' : `, nothing older than ${freshWithinH} h`;
  return `expected every ${expectedIntervalH} h, overdue after ${expectedIntervalH + graceH} h${fresh}`;
}

function pathOf(party: string, kind: string): string {
  return `/api/v1/feeds/${encodeURIComponent(party)}/${encodeURIComponent(kind)}`;
}

function feedTable(feeds: readonly z.output<typeof Feed>[]): string {
  if (feeds.length === 0) return 'none';
  return table(
    ['party', 'feed', 'state', 'every h', 'grace h', 'last heard', 'newest entry'],
    feeds.map((feed) => [
      feed.partyId,
      feed.kind,
      feed.state,
      feed.expectedIntervalH,
      feed.graceH,
      instantText(feed.heardAt),
      instantText(feed.newestAt),
    ]),
  );
}

function instantText(at: number | null): string {
  return at === null ? 'never' : toMinute(epochMs(at));
}
