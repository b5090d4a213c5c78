import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {z} from 'zod';
import {openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';
import {runCli} from './run-cli.ts';
import type {Run} from './run-cli.ts';

const Page = z.object({proposals: z.array(z.object({decisionId: z.string(), quantity: z.int()}))});
const Reviewed = z.object({
  decisionId: z.string(),
  state: z.string(),
  orderId: z.string().nullable(),
  quantity: z.int(),
  repeated: z.boolean(),
});
const Orders = z.object({orders: z.array(z.object({decisionId: z.string().nullable(), qty: z.int()}))});
const NOWHERE = '00000000-0000-4000-8000-000000000000';

describe('proposals on the command line', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'propose'});
    await world.decide();
  });
  afterAll(() => world.stop());

  const run = (...args: string[]): Promise<Run> => runCli(args, {FORESTOCK_URL: world.url});
  const waiting = async (depotId = 'D-1'): Promise<{decisionId: string; quantity: number}> => {
    const {code, stdout} = await run('proposals', 'list', '--depot', depotId, '--json');
    expect(code).toBe(0);
    const {proposals} = Page.parse(JSON.parse(stdout));
    expect(proposals).toHaveLength(1);
    return proposals[0]!;
  };
  const ordered = async (decisionId: string): Promise<number[]> =>
    Orders.parse((await world.get('/api/v1/orders')).body)
      .orders.filter((order) => order.decisionId === decisionId)
      .map(({qty}) => qty);
  /** One machine more stands still, so the next proposal is another one. */
  const breakDown = async (equipmentId: string): Promise<void> => {
    const report = {equipmentId, positionId: 'compressor', finding: 'failed', partMissing: true};
    await world.post('/api/v1/repairs', {...report, reportedAt: '2026-01-04T10:00:00.000Z'});
    await world.decide();
  };

  it('D5 a proposal is rejected with its reason, and nothing is ordered', async () => {
    const {decisionId} = await waiting();
    // prettier-ignore
    const {code, stdout} = await run('proposals', 'reject', decisionId, '--reason', 'ordered-elsewhere', '--note', 'PO 4711',
      '--actor', 'ada', '--json');
    expect(code).toBe(0);
    expect(Reviewed.parse(JSON.parse(stdout))).toMatchObject({decisionId, state: 'rejected', orderId: null});
    expect(await ordered(decisionId)).toEqual([]);
    expect(JSON.stringify((await world.get(`/api/v1/decisions/${decisionId}`)).body)).toContain('PO 4711');
  });

  it('D5 a proposal is approved, for a person in one line, and its order is placed', async () => {
    await breakDown('M-1');
    const {decisionId, quantity} = await waiting();
    const approved = await run('proposals', 'approve', decisionId, '--actor', 'ada');
    expect(approved.code).toBe(0);
    expect(approved.stdout).toMatch(
      new RegExp(`^${decisionId} is approved: ${quantity} by order [0-9a-f-]{36}\n$`),
    );
    expect(await ordered(decisionId)).toEqual([quantity]);
    const again = await run('proposals', 'approve', decisionId, '--json');
    expect(again).toMatchObject({code: 1, stdout: ''});
    expect(again.stderr).toContain('was approved before; cancel its order instead');
  });

  it('D5 a proposal is changed to another quantity, which is what is ordered', async () => {
    await world.decide();
    await world.db
      .poolFor('forestock_network')
      .query(`UPDATE network.part_depot SET background_per_year = 100 WHERE depot_id = 'D-1'`); // busier than it was
    await breakDown('M-2');
    const {decisionId, quantity} = await waiting();
    const change = (pieces: number): Promise<Run> =>
      // prettier-ignore
      run('proposals', 'change', decisionId, '--quantity', String(pieces), '--reason', 'quantity-too-low', '--json');
    const same = await change(quantity);
    expect(same.code).toBe(1);
    expect(same.stderr).toContain('approve the proposal instead');
    const {code, stdout} = await change(quantity + 1);
    expect(code).toBe(0);
    expect(Reviewed.parse(JSON.parse(stdout))).toMatchObject({state: 'changed', quantity: quantity + 1});
    expect(await ordered(decisionId)).toEqual([quantity + 1]);
  });

  it('D5 a file answers proposals too, and the same file again orders nothing twice', async () => {
    await world.decide();
    const {decisionId, quantity} = await waiting('D-C');
    const folder = await mkdtemp(join(tmpdir(), 'forestock-answers-'));
    const file = join(folder, 'answers-2026-01-05.csv');
    await writeFile(file, `operation,decision_id,actor\nproposal-approval,${decisionId},ada\n`);
    const book = async (): Promise<unknown> => JSON.parse((await run('book', file, '--json')).stdout);
    expect(await book()).toMatchObject({booked: 1, repeated: 0, refused: 0});
    expect(await book()).toMatchObject({booked: 0, repeated: 1, refused: 0});
    await rm(folder, {recursive: true});
    expect(await ordered(decisionId)).toEqual([quantity]);
  });

  it('D5 the report counts what was just answered', async () => {
    const period = ['--from', '2026-01-05T00:00:00Z', '--to', '2026-01-06T00:00:00Z'];
    const {code, stdout} = await run('proposals', 'report', ...period, '--json');
    expect(code).toBe(0);
    const report = z
      .object({byReason: z.array(z.unknown())})
      .loose()
      .parse(JSON.parse(stdout));
    expect(report).toMatchObject({approved: 2, changed: 1, rejected: 1, overrideRate: 1 / 2});
    expect(report.byReason).toEqual([
      {reasonCode: 'ordered-elsewhere', changed: 0, rejected: 1},
      {reasonCode: 'quantity-too-low', changed: 1, rejected: 0},
    ]);
    const told = await run('proposals', 'report', ...period, '--depot', 'D-1');
    expect(told.stdout).toMatch(/all .*66\.7 %/);
    const back = await run(
      'proposals',
      'report',
      '--from',
      '2026-01-06T00:00:00Z',
      '--to',
      '2026-01-05T00:00:00Z',
    );
    expect(back.code).toBe(1);
    expect(back.stderr).toContain('put "from" before "to"');
    expect((await run('proposals', 'report', '--from', 'yesterday')).code).toBe(2);
  });

  it('D5 an id that names nothing leaves with 1 and the way on; one that is no id, and a missing reason, are said too', async () => {
    for (const verdict of [
      ['approve'],
      ['change', '--quantity', '2', '--reason', 'other'],
      ['reject', '--reason', 'other'],
    ]) {
      const [name, ...options] = verdict as [string, ...string[]];
      const unknown = await run('proposals', name, NOWHERE, ...options, '--json');
      expect(unknown).toMatchObject({code: 1, stdout: ''});
      expect(unknown.stderr).toContain(`there is no decision ${NOWHERE}; look it up in the list`);
    }
    const noId = await run('proposals', 'approve', '4711');
    expect(noId.code).toBe(1);
    expect(noId.stderr).toContain('path.decisionId');
    expect((await run('proposals', 'reject', NOWHERE)).code).toBe(2);
  });

  it('E1 a demand line is listed and called off by command, once', async () => {
    const overdue = await run('demand', 'list', '--overdue-only', '--json');
    const {demand} = z
      .object({demand: z.array(z.object({demandId: z.string(), openQty: z.int()}).loose())})
      .parse(JSON.parse(overdue.stdout));
    expect(demand).toHaveLength(2);
    const {demandId} = demand[0]!;
    const cancel = ['demand', 'cancel', demandId, '--reason', 'supplied-elsewhere', '--key', 'c-1'];
    expect(await run(...cancel)).toMatchObject({
      code: 0,
      stdout: `done: demandId ${demandId}, filledQty 0, cancelledQty 1\n`,
    });
    expect((await run(...cancel)).stdout).toContain('done before, nothing was done again');
    expect((await run('demand', 'list', '--overdue-only')).stdout).not.toContain(demandId);
    const closed = await run('demand', 'cancel', demandId, '--reason', 'other');
    expect(closed.code).toBe(1);
    expect(closed.stderr).toContain('is cancelled: nothing of it is open');
  });
});
