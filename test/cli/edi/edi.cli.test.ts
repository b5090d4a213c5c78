import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {z} from 'zod';
import {openConsoleWorld} from '../../console/world.ts';
import type {ConsoleWorld} from '../../console/world.ts';
import {runCli} from '../run-cli.ts';
import type {Run} from '../run-cli.ts';

const Written = z.object({orders: z.array(z.object({orderId: z.string(), purchaseOrderNo: z.string()}))});
const Read = z.object({
  operations: z.array(z.object({operation: z.string()})),
  outcomes: z.array(z.object({outcome: z.string(), detail: z.string()})),
  mistakes: z.array(z.object({what: z.string()})),
});
const Orders = z.object({
  orders: z.array(
    z.object({state: z.string(), promisedAt: z.string().nullable(), shippedQty: z.int(), qty: z.int()}),
  ),
});

const ORDER = '6f1e8a53-1c55-5a8f-9a53-0d7c1a2b3c4d';

describe('X12 on the command line', () => {
  let world: ConsoleWorld;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'forestock-edi-'));
    world = await openConsoleWorld({mode: 'shadow'});
    await world.db
      .poolFor('forestock_network')
      .query(
        `SELECT network.place_supply_order($1, $1, 'purchase', 'P-1', 'supplier:SUP', 'depot:D-C', 'SUP', 'OWN', 3, 'released', $2, $3, 24, 0, 'EUR', null)`,
        [ORDER, '2026-01-05T00:00:00.000Z', '2026-01-12T00:00:00.000Z'],
      );
  });
  afterAll(async () => {
    await world.stop();
    rmSync(folder, {recursive: true, force: true});
  });
  const run = (...args: string[]): Promise<Run> => runCli(['edi', ...args], {FORESTOCK_URL: world.url});
  const fileOf = (name: string, text: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  it('H12 an order goes out as 850, is confirmed by 855, shipped by 856 and received by 861, each once', async () => {
    const out = path.join(folder, 'orders.x12');
    const sent = await run('orders', '--supplier', 'SUP', '--control', '5', '--out', out, '--json');
    expect(sent).toMatchObject({code: 0});
    const {orders} = Written.parse(JSON.parse(sent.stdout));
    expect(orders).toEqual([{orderId: ORDER, purchaseOrderNo: '6F1E8A531C555A8F9A530D'}]);
    const {orderId, purchaseOrderNo} = orders[0]!;
    const text = readFileSync(out, 'utf8');
    expect(text).toContain(`BEG*00*NE*${purchaseOrderNo}**2026`);
    expect(text).toContain('PO1*1*3*EA***BP*P-1~');

    const answer = (name: string): string =>
      readFileSync(path.join(import.meta.dirname, `../../fixtures/x12/${name}.x12`), 'utf8').replaceAll(
        '5F8E4A3C1B2D5C6E8F9001',
        purchaseOrderNo,
      );
    const order = async (): Promise<z.infer<typeof Orders>['orders'][0]> =>
      Orders.parse((await world.get(`/api/v1/orders?orderId=${orderId}`)).body).orders[0]!;
    const confirmation = fileOf('855.x12', answer('855'));
    const reply = path.join(folder, '997.x12');
    const first = await run('read', confirmation, '--reply', reply, '--json');
    expect(first.code).toBe(1); // two of the three are of orders that are not ours
    const read = Read.parse(JSON.parse(first.stdout));
    expect(read.outcomes.map(({outcome}) => outcome)).toEqual(['booked']);
    expect(read.mistakes).toHaveLength(2);
    expect(await order()).toMatchObject({state: 'confirmed', promisedAt: '2026-01-19T23:59:59.000Z'});
    expect(readFileSync(reply, 'utf8')).toContain('AK9*A*3*3*3~');
    const again = await run('read', confirmation, '--json');
    expect(Read.parse(JSON.parse(again.stdout)).outcomes.map(({outcome}) => outcome)).toEqual(['repeated']);
    // What is confirmed is not asked for again.
    const next = await run('orders', '--supplier', 'SUP', '--json');
    expect(Written.parse(JSON.parse(next.stdout)).orders.map((one) => one.orderId)).not.toContain(orderId);

    const shipped = await run('read', fileOf('856.x12', answer('856').replace('SN1*1*2*', 'SN1*1*1*')));
    expect(shipped.stdout).toContain('order-shipment');
    expect(await order()).toMatchObject({state: 'shipped', shippedQty: 1});
    const received = await run('read', fileOf('861.x12', answer('861').replace('RCD*1*2*', 'RCD*1*3*')));
    expect(received.stdout).toContain('1 pieces go back');
    expect(await order()).toMatchObject({state: 'received'});
  });

  it('a file that is no X12, and a sender that X12 cannot name, are refused with what to do', async () => {
    const broken = await run('read', fileOf('broken.x12', 'hello'));
    expect(broken).toMatchObject({code: 2, stdout: ''});
    expect(broken.stderr).toContain('no X12 interchange: Document is too short');
    const sender = await run('orders', '--supplier', 'SUP', '--sender', 'far too long for X12');
    expect(sender.code).toBe(2);
    expect(sender.stderr).toContain('write 2 to 15 characters');
    expect(await run('orders', '--supplier', 'NOBODY')).toMatchObject({code: 0, stdout: 'none\n'});
  });
});
