import {Command} from 'commander';
import {z} from 'zod';
import {DemandLine} from '../console/api/routes/demand.ts';
import {PPM, formatMoney} from '../domain/quantity.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {percent} from '../replenish/api.ts';
import {campaignsCommand} from './campaigns.ts';
import {demandAccuracyCommand, demandForecastsCommand} from './demand-forecasts.ts';
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
    [
      'needed',
      'line',
      'part',
      'depot',
      'equipment',
      'tier',
      'open',
      'of',
      'value',
      'late',
      'promised',
      'with',
      'state',
    ],
    lines.map((line) => [
      toMinute(epochMs(line.neededAt)),
      line.demandId,
      line.partId,
      line.depotId,
      line.equipmentId ?? '',
      line.tier,
      line.openQty,
      line.qty,
      formatMoney({minor: line.openValueMinor, currency: line.currency}),
      `${line.impactH} h`,
      line.promisedAt === null ? (line.coveredBy ?? '') : toMinute(epochMs(line.promisedAt)),
      line.promiseConfidence === null ? '' : percent(line.promiseConfidence * PPM),
      line.state,
    ]),
  );
}
