import {Command} from 'commander';
import {z} from 'zod';
import {Decision} from '../console/api/decision-view.ts';
import {ProposalReport} from '../console/api/routes/proposal-report.ts';
import {REVIEW_REASONS} from '../replenish/api.ts';
import {withApi} from './api-client.ts';
import {listCommand} from './operations/list-command.ts';
import {decisionTable, queryOf, showTrace} from './decisions.ts';
import {answer, askCommand} from './output.ts';
import type {AskOptions} from './output.ts';
import {reportText} from './proposal-report-text.ts';

interface ReviewOptions extends AskOptions {
  readonly actor: string;
  readonly note?: string;
  readonly reason?: string;
  readonly quantity?: string;
}

const Page = z.object({proposals: z.array(Decision)});
const Reviewed = z.object({
  decisionId: z.string(),
  state: z.string(),
  orderId: z.string().nullable(),
  quantity: z.int(),
});

export function proposalsCommand(): Command {
  const list = askCommand('list', 'what waits for a planner', 'forestock proposals list')
    .option('--part <id>', 'only this part')
    .option('--depot <id>', 'only this depot')
    .option('--limit <n>', 'rows at most, 1 to 500', '50')
    .action(async (options: AskOptions & {part?: string; depot?: string; limit: string}) => {
      const query = queryOf({partId: options.part, depotId: options.depot, limit: options.limit});
      const found = await withApi(options, (api) => api.get(`/api/v1/proposals?${query}`));
      answer(options.json, found, () =>
        decisionTable(z.decode(Page, found as z.input<typeof Page>).proposals),
      );
    });
  const show = askCommand('show', 'one proposal with its reasons', 'forestock proposals show 5f8e4a3c-…')
    .argument('<decisionId>')
    .action((id: string, options: AskOptions) => showTrace(id, options));
  const reasons = `why: ${REVIEW_REASONS.join(', ')}`;
  const approve = verdict('approve', 'places the proposed order', 'forestock proposals approve 5f8e4a3c-…');
  const change = verdict(
    'change',
    'places the order with another quantity',
    'forestock proposals change 5f8e4a3c-… --quantity 2 --reason quantity-too-high',
  )
    .requiredOption('--quantity <pieces>', 'pieces to order instead')
    .requiredOption('--reason <code>', reasons);
  const reject = verdict(
    'reject',
    'orders nothing',
    'forestock proposals reject 5f8e4a3c-… --reason ordered-elsewhere --note "PO 4711"',
  ).requiredOption('--reason <code>', reasons);
  const report = listCommand({
    name: 'report',
    path: '/api/v1/proposals/report',
    page: ProposalReport,
    text: reportText,
    example: 'forestock proposals report --from 2026-01-01T00:00:00Z --depot WAW-1',
  });
  return [list, show, approve, change, reject, report].reduce(
    (group, each) => group.addCommand(each),
    new Command('proposals').description('decisions that wait for a planner'),
  );
}

function verdict(name: 'approve' | 'change' | 'reject', description: string, example: string): Command {
  return askCommand(name, description, example)
    .argument('<decisionId>')
    .option('--actor <name>', 'who decides; goes into the audit trail', process.env['USER'] ?? 'planner')
    .option('--note <text>', 'for the record')
    .action(async (id: string, {actor, note, reason, quantity, ...options}: ReviewOptions) => {
      const body = {
        actor,
        note,
        reasonCode: reason,
        quantity: quantity === undefined ? undefined : Number(quantity),
      };
      const path = `/api/v1/proposals/${encodeURIComponent(id)}/${name}`;
      const done = await withApi(options, (api) => api.post(path, body));
      answer(options.json, done, () => {
        const {decisionId, state, orderId, quantity: pieces} = Reviewed.parse(done);
        return `${decisionId} is ${state}${orderId === null ? '' : `: ${pieces} by order ${orderId}`}`;
      });
    });
}
