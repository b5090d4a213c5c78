import {Command} from 'commander';
import {z} from 'zod';
import {Order} from '../console/api/routes/orders.ts';
import {PPM} from '../domain/quantity.ts';
import {epochMs, toMinute} from '../domain/time.ts';
import {percent} from '../replenish/api.ts';
import {OPERATIONS} from './operations/catalogue.ts';
import {leadTimesCommand} from './lead-times.ts';
import {listCommand} from './operations/list-command.ts';
import {operationCommand} from './operations/operation-command.ts';
import {table} from './output.ts';

export function ordersCommand(): Command {
  const id = '5f8e4a3c-…';
  const steps = [
    operationCommand(
      'confirm',
      OPERATIONS['order-confirmation'],
      `forestock orders confirm ${id} --promised-at 2026-02-01T00:00:00.000Z`,
    ),
    operationCommand('ship', OPERATIONS['order-shipment'], `forestock orders ship ${id} --qty 2`),
    operationCommand(
      'receive',
      OPERATIONS['order-receipt'],
      `forestock orders receive ${id} --qty 2 --lot L-7`,
    ),
    operationCommand('cancel', OPERATIONS['order-cancellation'], `forestock orders cancel ${id}`),
  ];
  const list = listCommand({
    path: '/api/v1/orders',
    page: z.object({orders: z.array(Order)}),
    text: ({orders}) => orderTable(orders),
    example: 'forestock orders list --state open --part VAC-30',
  });
  return [list, leadTimesCommand(), ...steps].reduce(
    (group, each) => group.addCommand(each),
    new Command('orders').description(
      'orders and transfers: list, confirm, ship, receive, cancel; lead times as learnt',
    ),
  );
}

function orderTable(orders: readonly z.output<typeof Order>[]): string {
  if (orders.length === 0) return 'none';
  return table(
    [
      'order',
      'kind',
      'part',
      'from',
      'to',
      'pieces',
      'received',
      'state',
      'expected',
      'promised',
      'slips',
      'late',
    ],
    orders.map((one) => [
      one.orderId,
      one.kind,
      one.partId,
      one.fromLoc,
      one.toLoc,
      one.qty,
      one.receivedQty,
      one.state,
      toMinute(epochMs(one.expectedAt)),
      one.promisedAt === null ? '' : toMinute(epochMs(one.promisedAt)),
      one.slips === 0 ? '' : one.slips,
      one.lateProbability === null ? '' : percent(one.lateProbability * PPM),
    ]),
  );
}
