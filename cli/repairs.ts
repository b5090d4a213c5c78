import {Command} from 'commander';
import {z} from 'zod';
import {RepairReport} from '../console/api/routes/repairs.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {withApi} from './api-client.ts';
import {queryOf} from './decisions.ts';
import {OPERATIONS} from './operations/catalogue.ts';
import {operationCommand} from './operations/operation-command.ts';
import {answer, askCommand, table} from './output.ts';
import type {AskOptions} from './output.ts';

const Page = z.object({repairReports: z.array(RepairReport)});

export function repairsCommand(): Command {
  const list = askCommand(
    'list',
    'what was reported, newest first',
    'forestock repairs list --equipment CO-0020 --limit 20',
  )
    .option('--party <id>', 'only the log of this party')
    .option('--equipment <id>', 'only on this machine')
    .option('--limit <n>', 'rows at most, 1 to 500', '50')
    .action(async (options: AskOptions & {party?: string; equipment?: string; limit: string}) => {
      const {party: partyId, equipment: equipmentId, limit} = options;
      const query = queryOf({partyId, equipmentId, limit});
      const found = await withApi(options, (api) => api.get(`/api/v1/repair-reports?${query}`));
      answer(options.json, found, () =>
        reportTable(z.decode(Page, found as z.input<typeof Page>).repairReports),
      );
    });
  return new Command('repairs')
    .description('what technicians found and did')
    .addCommand(list)
    .addCommand(
      operationCommand(
        'report',
        OPERATIONS.repair,
        'forestock repairs report --equipment CO-0020 --position oil-separator --finding failed --reported-at 2026-01-05T08:00:00.000Z',
      ),
    );
}

function reportTable(reports: readonly z.output<typeof RepairReport>[]): string {
  if (reports.length === 0) return 'none';
  return table(
    ['reported', 'log of', 'machine', 'position', 'finding', 'mode', 'part', 'missing', 'note'],
    reports.map((one) => [
      toMinute(epochMs(one.reportedAt)),
      one.partyId,
      one.equipmentId,
      one.positionId,
      one.finding,
      one.failureMode ?? '',
      one.partId ?? '',
      one.partMissing ? 'yes' : '',
      one.note ?? '',
    ]),
  );
}
