import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {z} from 'zod';
import {openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';
import {runCli} from './run-cli.ts';
import type {Run} from './run-cli.ts';

const Booked = z.object({
  lines: z.int(),
  booked: z.int(),
  repeated: z.int(),
  refused: z.int(),
  outcomes: z.array(
    z.object({line: z.int(), outcome: z.string(), error: z.string().nullable(), detail: z.string()}),
  ),
  mistakes: z.array(z.object({line: z.int(), column: z.string()})),
});
const Stock = z.object({stock: z.array(z.object({qty: z.int()}))});
const Orders = z.object({
  orders: z.array(z.object({orderId: z.string(), partId: z.string(), qty: z.int(), state: z.string()})),
});

describe('daily operations on the command line', () => {
  let world: ConsoleWorld;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'forestock-daily-'));
    world = await openConsoleWorld({mode: 'auto'});
    await world.decide();
  });
  afterAll(async () => {
    await world.stop();
    rmSync(folder, {recursive: true, force: true});
  });

  const run = (...args: string[]): Promise<Run> => runCli(args, {FORESTOCK_URL: world.url});
  const told = async (address: string): Promise<string> => JSON.stringify((await world.get(address)).body);
  const onHand = async (): Promise<number> => {
    const {code, stdout} = await run('stock', 'list', '--part', 'P-1', '--depot', 'D-1', '--json');
    expect(code).toBe(0);
    return Stock.parse(JSON.parse(stdout)).stock.reduce((sum, {qty}) => sum + qty, 0);
  };
  const book = async (name: string, text: string): Promise<Run & {outcome: z.infer<typeof Booked>}> => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    const ran = await run('book', file, '--json');
    return {...ran, outcome: Booked.parse(JSON.parse(ran.stdout))};
  };

  it('K2 a receipt by the maker’s number lies on the shelf of our part; a number that means two is refused', async () => {
    const receive = (number: string, qty: string): Promise<Run> =>
      // prettier-ignore
      run('stock', 'receive', '--part', number, '--part-scheme', 'MPN', '--depot', 'D-1', '--qty', qty,
        '--from-loc', 'supplier:SUP', '--key', `gr-${number}`);
    expect(await receive('6205', '2')).toMatchObject({
      code: 0,
      stdout: 'done: partId P-1, pieces 2, issued 0\n',
    });
    const again = await receive('6205', '2');
    expect(again.stdout).toContain('done before, nothing was done again');
    expect(await onHand()).toBe(2);
    const ambiguous = await receive('77', '1');
    expect(ambiguous.code).toBe(1);
    expect(ambiguous.stderr).toMatch(/P-1 and P-2.*POST \/api\/v1\/quarantine\/.*\/resubmit/s);
  });

  it('A5 a file books line by line: what the books refuse is kept in quarantine, the rest goes in, and nothing twice', async () => {
    const file = (uom: string): string =>
      [
        'operation,part,depot_id,qty,uom,from_loc,customer_party_id,counted',
        'receipt,P-1,D-1,1,BX,supplier:SUP,,',
        `receipt,P-1,D-1,1,${uom},supplier:SUP,,`,
        'issue,P-1,D-1,1,,,CUS,',
        'issue,P-1,D-1,1,,,CUS,',
      ].join('\n');
    const before = await onHand();
    const first = await book('day-2026-01-05.csv', file('PALLET'));
    expect(first.code).toBe(1);
    expect(first.outcome).toMatchObject({lines: 4, booked: 3, repeated: 0, refused: 1, mistakes: []});
    const refused = first.outcome.outcomes[1]!;
    expect(refused).toMatchObject({line: 3, outcome: 'refused', error: 'unknown-unit'});
    expect(refused.detail).toContain('kept as');
    expect(await told('/api/v1/quarantine?state=open')).toContain('PALLET');
    expect(await onHand()).toBe(before + 12 - 2);

    const corrected = await book('day-2026-01-05.csv', file('BX'));
    // The two receipts of a box are now equal lines: the first is known, the second is the corrected one.
    expect(corrected).toMatchObject({code: 0, outcome: {booked: 1, repeated: 3, refused: 0}});
    expect(await book('day-2026-01-05.csv', file('BX'))).toMatchObject({
      code: 0,
      outcome: {booked: 0, repeated: 4},
    });
    expect(await onHand()).toBe(before + 24 - 2);
    const nextDay = await book('day-2026-01-06.csv', 'operation,part,depotId,counted\ncount,P-1,D-1,5\n');
    expect(nextDay).toMatchObject({code: 0, outcome: {booked: 1, repeated: 0}});
    expect(await onHand()).toBe(5);
  });

  it('a file of one name every day books an equal line of each day, and asks for the day where it has none', async () => {
    const before = await onHand();
    const receipts = (...days: string[]): string =>
      [
        'operation,day,part,depot_id,qty,from_loc',
        ...days.map((day) => `receipt,${day},P-1,D-1,1,supplier:SUP`),
      ].join('\n');
    expect(await book('receipts.csv', receipts('2026-01-05'))).toMatchObject({outcome: {booked: 1}});
    expect(await book('receipts.csv', receipts('2026-01-06'))).toMatchObject({outcome: {booked: 1}});
    expect(await book('receipts.csv', receipts('2026-01-06'))).toMatchObject({
      outcome: {booked: 0, repeated: 1},
    });
    expect(await book('receipts.csv', receipts(''))).toMatchObject({
      code: 2,
      outcome: {booked: 0, mistakes: [{line: 2, column: 'day'}]},
    });
    expect(await onHand()).toBe(before + 2);
  });

  it('a file with anything unreadable is told all of it, and nothing is sent', async () => {
    const before = await onHand();
    const wrong = await book(
      'wrong-20260105.csv',
      'operation,part,depot_id,counted,color\ncount,P-1,D-1,9,\ncount,P-1,D-1,nine,\ncount,P-1\nrecount,P-1,D-1,9,\n',
    );
    expect(wrong.code).toBe(2);
    expect(wrong.outcome.mistakes.map(({line, column}) => `${line} ${column}`)).toEqual([
      '1 color',
      '3 counted',
      '4 ',
      '5 operation',
    ]);
    expect(wrong.outcome.outcomes).toEqual([]);
    const dry = await run('book', path.join(folder, 'day-2026-01-06.csv'), '--dry-run');
    expect(dry).toMatchObject({
      code: 0,
      stdout: 'lines: 1, all readable; nothing was sent (--dry-run)\n',
    });
    expect(await onHand()).toBe(before);
  });

  it('an order is listed, confirmed by a command and received by a file', async () => {
    const listed = await run('orders', 'list', '--state', 'open', '--json');
    const {orderId, qty} = Orders.parse(JSON.parse(listed.stdout)).orders[0]!;
    const confirmed = await run('orders', 'confirm', orderId, '--promised-at', '2026-01-09T00:00:00.000Z');
    expect(confirmed).toMatchObject({code: 0});
    expect(confirmed.stdout).toContain('state confirmed');
    const {outcome} = await book('arrivals-2026-01-05.csv', `operation,order_id\norder-receipt,${orderId}\n`);
    expect(outcome.outcomes[0]!.detail).toContain(`state received, shippedQty ${qty}, receivedQty ${qty}`);
    const late = await run('orders', 'cancel', orderId);
    expect(late.code).toBe(1);
  });

  it('A4 a repair is reported by command and by file, with what the technician found', async () => {
    // prettier-ignore
    const report = ['repairs', 'report', '--equipment', 'M-1', '--position', 'compressor', '--finding', 'planned',
      '--reported-at', '2026-01-04T10:00:00.000Z', '--serial', 'S-9', '--key', 'job-1'];
    expect(await run(...report)).toMatchObject({code: 0});
    expect(await told('/api/v1/equipment/M-1')).toContain('S-9');
    const columns = 'operation,equipment_id,position_id,reported_at,finding,part_missing';
    const missing = await book(
      'repairs-2026-01-05.csv',
      `${columns}\nrepair,M-2,compressor,2026-01-04T12:00:00.000Z,failed,true\n`,
    );
    expect(missing).toMatchObject({code: 0, outcome: {booked: 1}});
    expect(await told('/api/v1/backorders')).toContain('M-2');
  });

  it('wrong values leave with 2, naming every one; a service that is away leaves with 1', async () => {
    const wrong = await run('stock', 'count', '--part', 'P-1', '--counted', 'few');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/--depot is missing.*--counted "few" is no whole number/s);
    const away = await runCli(['stock', 'list'], {FORESTOCK_URL: 'http://127.0.0.1:1'});
    expect(away.code).toBe(1);
    expect(away.stderr).toContain('nothing answers');
  });
});
