import type {Command} from 'commander';
import {z} from 'zod';
import {PromiseRow} from '../console/api/routes/supply.ts';
import {PPM} from '../domain/quantity.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {percent} from '../replenish/api.ts';
import {listCommand} from './operations/list-command.ts';
import {table} from './output.ts';

export function promisesCommand(): Command {
  return listCommand({
    name: 'promises',
    path: '/api/v1/promises',
    page: z.object({promises: z.array(PromiseRow)}),
    text: ({promises}) => promiseTable(promises),
    example: 'forestock demand promises --depot WAW-1 --limit 20',
  });
}

function promiseTable(rows: readonly z.output<typeof PromiseRow>[]): string {
  if (rows.length === 0) return 'none';
  return table(
    ['made', 'line', 'no', 'part', 'depot', 'promised', 'with', 'by', 'filled', 'kept'],
    rows.map((row) => [
      toMinute(epochMs(row.madeAt)),
      row.demandId,
      row.promiseNo,
      row.partId,
      row.depotId,
      toMinute(epochMs(row.promisedAt)),
      percent(row.confidence * PPM),
      row.promisedBy,
      row.filledAt === null ? '' : toMinute(epochMs(row.filledAt)),
      row.kept === null ? '' : row.kept ? 'yes' : 'no',
    ]),
  );
}
