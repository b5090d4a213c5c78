import {Command} from 'commander';
import {z} from 'zod';
import {StockRow} from '../console/api/routes/stock.ts';
import {formatMoney} from '../domain/quantity.ts';
import {OPERATIONS} from './operations/catalogue.ts';
import {listCommand} from './operations/list-command.ts';
import {operationCommand} from './operations/operation-command.ts';
import {table} from './output.ts';
import {reservationsCommand} from './reservations.ts';

export function stockCommand(): Command {
  return new Command('stock')
    .description('what lies where and for whom; issues, receipts and counts')
    .addCommand(
      listCommand({
        path: '/api/v1/stock',
        page: z.object({stock: z.array(StockRow)}),
        text: ({stock}) => stockTable(stock),
        example: 'forestock stock list --depot WAW-1 --limit 20',
      }),
    )
    .addCommand(reservationsCommand())
    .addCommand(
      operationCommand(
        'issue',
        OPERATIONS.issue,
        'forestock stock issue --part VAC-30 --depot WAW-1 --qty 1 --customer-party CUST-01 --key WO-815',
      ),
    )
    .addCommand(
      operationCommand(
        'receive',
        OPERATIONS.receipt,
        'forestock stock receive --part VAC-30 --depot WAW-1 --qty 2 --from-loc adjustment:found --key GR-4711',
      ),
    )
    .addCommand(
      operationCommand(
        'count',
        OPERATIONS.count,
        'forestock stock count --part VAC-30 --depot WAW-1 --counted 3',
      ),
    );
}

function stockTable(rows: readonly z.output<typeof StockRow>[]): string {
  if (rows.length === 0) return 'none';
  return table(
    ['where', 'part', 'also called', 'owner', 'condition', 'lot', 'pieces', 'value'],
    rows.map(({loc, partId, numbers, ownerPartyId, condition, lot, qty, valueMinor, currency}) => [
      loc,
      partId,
      numbers.map(({scheme, number}) => `${scheme} ${number}`).join(', '),
      ownerPartyId,
      condition,
      lot,
      qty,
      formatMoney({minor: valueMinor, currency}),
    ]),
  );
}
