import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {Command, InvalidArgumentError} from 'commander';
import type {z} from 'zod';
import type {Order} from '../console/api/routes/orders.ts';
import type {Result} from '../domain/result.ts';
import {withApi} from './api-client.ts';
import type {Api} from './api-client.ts';
import {queryOf} from './decisions.ts';
import {acknowledgementsOf} from './edi/functional-acknowledgement.ts';
import {operationsOf} from './edi/inbound.ts';
import type {EdiMistake} from './edi/inbound.ts';
import {readInterchange, tradingPartner, writeInterchange} from './edi/interchange.ts';
import type {Interchange, TradingPartner} from './edi/interchange.ts';
import {BOUGHT, purchaseOrderSegments} from './edi/purchase-order.ts';
import {sendOperations} from './operations/send-operations.ts';
import type {LineOutcome} from './operations/send-operations.ts';
import {fileUnreadable, inputFault} from './input-file.ts';
import {answer, askCommand, progress, table} from './output.ts';
import type {AskOptions} from './output.ts';

interface Page {
  readonly orders: readonly z.input<typeof Order>[];
}
const ORDERS_MAX = '10000';
const OURS: TradingPartner = {qualifier: 'ZZ', id: 'FORESTOCK'};
const CONTROL_MAX = 999_999_999;

export function ediCommand(): Command {
  return new Command('edi')
    .description('X12: orders as 850; acknowledgements, ship notices, receipts and stock of partners')
    .addCommand(ordersCommand())
    .addCommand(readCommand());
}

interface OrdersOptions extends AskOptions {
  readonly supplier: string;
  readonly out?: string;
  readonly sender: TradingPartner;
  readonly receiver?: TradingPartner;
  readonly control?: number;
  readonly test?: boolean;
}

function ordersCommand(): Command {
  return askCommand(
    'orders',
    'a supplier’s orders that it has not confirmed, as 850; what it confirms (855) is not in the next file',
    'forestock edi orders --supplier SUP-07 --out orders.x12',
  )
    .requiredOption('--supplier <party>', 'whose orders')
    .option('--out <file>', 'default: standard output')
    .option('--sender <id>', 'ISA05 and ISA06', tradingPartner, OURS)
    .option('--receiver <id>', 'ISA07 and ISA08 (default: the supplier’s party id)', tradingPartner)
    .option(
      '--control <number>',
      'interchange control number (default: the second that it is made in)',
      controlNumber,
    )
    .option('--test', 'mark it as a test (ISA15)')
    .action(async ({supplier, out, sender, receiver, control, test = false, ...options}: OrdersOptions) => {
      const now = new Date();
      const number = control ?? Math.floor(now.getTime() / 1000) % (CONTROL_MAX + 1);
      const to = receiver ?? tradingPartner(supplier);
      const orders = await withApi(options, (api) => unconfirmed(api, `supplier:${supplier}`));
      const text =
        orders.length === 0
          ? ''
          : writeInterchange({
              sender,
              receiver: to,
              control: number,
              isTest: test,
              at: now.toISOString(),
              code: 'PO',
              sets: orders.map((order) => ({id: '850', segments: purchaseOrderSegments(order)})),
            });
      if (out !== undefined && text !== '') await writeFile(out, text);
      const said =
        orders.length === 0 ? 'none' : out === undefined ? text.trimEnd() : `${out}: ${orders.length} orders`;
      answer(
        options.json,
        {
          supplier,
          control: number,
          orders: orders.map(({orderId, purchaseOrderNo}) => ({orderId, purchaseOrderNo})),
          text,
        },
        () => said,
      );
    });
}

function controlNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > CONTROL_MAX)
    throw new InvalidArgumentError(`a whole number from 1 to ${CONTROL_MAX} is expected`);
  return number;
}

async function unconfirmed(api: Api, from: string): Promise<readonly z.input<typeof Order>[]> {
  const query = queryOf({from, state: 'released', limit: ORDERS_MAX});
  const {orders} = (await api.get(`/api/v1/orders?${query}`)) as Page;
  return orders.filter(({kind}) => BOUGHT.has(kind)).toReversed();
}

interface ReadOptions extends AskOptions {
  readonly dryRun?: boolean;
  readonly reply?: string;
}

function readCommand(): Command {
  return askCommand(
    'read',
    'an X12 file of a partner: 855, 856, 861 and 846 become operations, as forestock book sends them',
    'forestock edi read from-sup-07.x12 --reply 997.x12',
  )
    .argument('<file>')
    .option('--dry-run', 'read it and send nothing')
    .option('--reply <file>', 'write the functional acknowledgement (997) there')
    .action(async (file: string, {dryRun = false, reply, ...options}: ReadOptions) => {
      const interchange = value(readInterchange(await textOf(file)));
      const {inbound, outcomes} = await withApi(options, async (api) => {
        const read = await operationsOf(interchange, (number) => orderNumbered(api, number));
        if (dryRun) return {inbound: read, outcomes: []};
        if (interchange.isTest) progress('a test (ISA15 is T): nothing is sent');
        else progress(`sending operations: ${read.lines.length} …`);
        return {inbound: read, outcomes: interchange.isTest ? [] : await sendOperations(api, read.lines)};
      });
      if (reply !== undefined) await writeReply(reply, interchange);
      const refused = outcomes.filter(({outcome}) => outcome === 'refused').length;
      if (inbound.mistakes.length > 0 || refused > 0) process.exitCode = 1;
      answer(
        options.json,
        {
          file: path.basename(file),
          dryRun: dryRun || interchange.isTest,
          operations: inbound.lines.map(({line, operation, values}) => ({
            line,
            operation: operation.name,
            values,
          })),
          outcomes,
          mistakes: inbound.mistakes,
          notes: inbound.notes,
        },
        () => told(inbound.lines.length, outcomes, inbound.mistakes, inbound.notes),
      );
    });
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown): never => {
    throw inputFault(file, 'an X12 file', cause);
  });
}

async function orderNumbered(api: Api, purchaseOrderNo: string): Promise<z.input<typeof Order> | null> {
  if (!/^[0-9a-f]{22}$/i.test(purchaseOrderNo)) return null;
  const {orders} = (await api.get(`/api/v1/orders?${queryOf({purchaseOrderNo})}`)) as Page;
  return orders.length === 1 ? orders[0]! : null;
}

async function writeReply(file: string, interchange: Interchange): Promise<void> {
  const sets = acknowledgementsOf(interchange).map((segments) => ({id: '997', segments}));
  if (sets.length === 0) return;
  const {sender, receiver, isTest, control} = interchange;
  const at = new Date().toISOString();
  // The answer to an interchange has its number: made again it is the same.
  await writeFile(
    file,
    writeInterchange({
      sender: receiver,
      receiver: sender,
      control: Number(control),
      isTest,
      at,
      code: 'FA',
      sets,
    }),
  );
}

function told(
  operations: number,
  outcomes: readonly LineOutcome[],
  mistakes: readonly EdiMistake[],
  notes: readonly string[],
): string {
  const booked = outcomes.map(({line, operation, outcome, detail}) => [line, operation, outcome, detail]);
  const wrong = mistakes.map(({line, document, what, nextStep}) => [
    line,
    document,
    'not booked',
    `${what}; ${nextStep}`,
  ]);
  const rows = [...booked, ...wrong].sort(([a], [b]) => Number(a) - Number(b));
  const counts = `operations: ${operations}, sent ${outcomes.length}; not booked: ${mistakes.length}`;
  const parts = [
    rows.length === 0 ? '' : table(['segment', 'what', 'outcome', 'detail'], rows),
    ...notes,
    counts,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function value<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw fileUnreadable(result.detail);
}
