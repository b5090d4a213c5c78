import {Command} from 'commander';
import {z} from 'zod';
import {StockStatement} from '../console/api/routes/stock-statements.ts';
import {StockRow} from '../console/api/routes/stock.ts';
import {formatMoney} from '../domain/quantity.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {OPERATIONS} from './operations/catalogue.ts';
import {listCommand} from './operations/list-command.ts';
import {operationCommand} from './operations/operation-command.ts';
import {table} from './output.ts';
import {reservationsCommand} from './reservations.ts';

export function stockCommand(): Command {
  return new Command('stock')
    .description('what lies where and for whom; issues, receipts, counts and statements')
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
    )
    .addCommand(
      operationCommand(
        'state',
        OPERATIONS.statement,
        'forestock stock state --part VAC-30 --depot WAW-1 --on-hand 3 --counted-at 2026-01-05T08:00:00.000Z --source wms',
      ),
    )
    .addCommand(
      listCommand({
        name: 'statements',
        path: '/api/v1/stock/statements',
        page: z.object({statements: z.array(StockStatement)}),
        text: ({statements}) => statementTable(statements),
        example: 'forestock stock statements --depot WAW-1 --agrees false',
      }),
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

function statementTable(rows: readonly z.output<typeof StockStatement>[]): string {
  if (rows.length === 0) return 'none';
  return table(
    [
      'counted',
      'part',
      'depot',
      'source',
      'stated',
      'ledger',
      'difference',
      'held back',
      'case due',
      'owner',
    ],
    rows.map(({countedAt, partId, depotId, source, statedQty, ledgerQty, differenceQty, openCase}) => [
      toMinute(epochMs(countedAt)),
      partId,
      depotId,
      source,
      statedQty,
      ledgerQty,
      differenceQty,
      openCase?.heldBackQty ?? '',
      dueText(openCase?.dueAt ?? null),
      openCase?.owner ?? '',
    ]),
  );
}

function dueText(at: number | null): string {
  return at === null ? '' : toMinute(epochMs(at));
}
