import {Command} from 'commander';
import {z} from 'zod';
import {Decision, Trace} from '../console/api/decision-view.ts';
import type {DecisionTrace} from '../console/api/trace.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {withApi} from './api-client.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';
import {printTrace} from './print-trace.ts';

interface ListOptions extends AskOptions {
  readonly state?: string;
  readonly action?: string;
  readonly part?: string;
  readonly depot?: string;
  readonly limit: string;
}

/** Only what was given goes into the query. */
export function queryOf(given: Readonly<Record<string, string | undefined>>): string {
  return new URLSearchParams(
    Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ).toString();
}

export function decisionTable(decisions: readonly z.output<typeof Decision>[]): string {
  if (decisions.length === 0) return 'none';
  return table(
    ['decided', 'decision', 'part', 'depot', 'what', 'state'],
    decisions.map((one) => [
      toMinute(epochMs(one.decidedAt)),
      one.decisionId,
      one.partId,
      one.depotId,
      one.text,
      one.state,
    ]),
  );
}

const Page = z.object({decisions: z.array(Decision)});

export function decisionsCommand(): Command {
  const list = askCommand(
    'list',
    'decisions, newest first',
    'forestock decisions list --state executed --limit 5',
  )
    .option(
      '--state <state>',
      'recorded, proposed, executed, approved, changed, rejected, expired or withdrawn',
    )
    .option('--action <action>', 'order, transfer, expedite, emergency, substitute, repair or nothing')
    .option('--part <id>', 'only this part')
    .option('--depot <id>', 'only this depot')
    .option('--limit <n>', 'rows at most, 1 to 500', '20')
    .action(async ({part, depot, state, action, limit, ...options}: ListOptions) => {
      const query = queryOf({state, action, limit, partId: part, depotId: depot});
      const found = await withApi(options, (api) => api.get(`/api/v1/decisions?${query}`));
      answer(options.json, found, () =>
        decisionTable(z.decode(Page, found as z.input<typeof Page>).decisions),
      );
    });
  const trace = askCommand(
    'trace',
    'one decision back to its readings and model version',
    'forestock decisions trace 5f8e4a3c-… --json',
  )
    .argument('<decisionId>')
    .action((id: string, options: AskOptions) => showTrace(id, options));
  return new Command('decisions').description('what was decided, and why').addCommand(list).addCommand(trace);
}

export async function showTrace(decisionId: string, options: AskOptions): Promise<void> {
  const found = await withApi(options, (api) =>
    api.get(`/api/v1/decisions/${encodeURIComponent(decisionId)}/trace`),
  );
  answer(options.json, found, () =>
    // The wire form carries all that the printer reads; only the instants differ, and decoding turns them back.
    printTrace(z.decode(Trace, found as z.input<typeof Trace>) as unknown as DecisionTrace),
  );
}
