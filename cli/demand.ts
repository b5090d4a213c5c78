import {Command} from 'commander';
import {z} from 'zod';
import {DemandLine} from '../console/api/routes/demand.ts';
import {PPM} from '../domain/quantity.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {percent} from '../replenish/api.ts';
import {campaignsCommand} from './campaigns.ts';
import {demandAccuracyCommand, demandForecastsCommand} from './demand-forecasts.ts';
import {LINE_COLUMNS, WAITING_COLUMNS, lineCells, waitingCells} from './demand-line-cells.ts';
import {OPERATIONS} from './operations/catalogue.ts';
import {listCommand} from './operations/list-command.ts';
import {operationCommand} from './operations/operation-command.ts';
import {table} from './output.ts';
import {promisesCommand} from './promises.ts';
import {shareAdviceCommand, shareOutsCommand} from './shares.ts';

export function demandCommand(): Command {
  return new Command('demand')
    .description('the register of needs and backorders; forecasts of demand and how good they were')
    .addCommand(demandForecastsCommand())
    .addCommand(demandAccuracyCommand())
    .addCommand(campaignsCommand())
    .addCommand(
      listCommand({
        path: '/api/v1/demand',
        page: z.object({demand: z.array(DemandLine)}),
        text: ({demand}) => demandTable(demand),
        example: 'forestock demand list --overdue-only --depot WAW-1',
      }),
    )
    .addCommand(promisesCommand())
    .addCommand(shareAdviceCommand())
    .addCommand(shareOutsCommand())
    .addCommand(
      operationCommand(
        'cancel',
        OPERATIONS['demand-cancellation'],
        'forestock demand cancel 5f8e4a3c-… --reason supplied-elsewhere --note "customer had one"',
      ),
    );
}

function demandTable(lines: readonly z.output<typeof DemandLine>[]): string {
  if (lines.length === 0) return 'none';
  return table(
    [...LINE_COLUMNS, 'of', ...WAITING_COLUMNS, 'promised', 'with', 'state'],
    lines.map((line) => [
      ...lineCells(line),
      line.qty,
      ...waitingCells(line),
      line.promisedAt === null ? (line.coveredBy ?? '') : toMinute(epochMs(line.promisedAt)),
      line.promiseConfidence === null ? '' : percent(line.promiseConfidence * PPM),
      line.state,
    ]),
  );
}
