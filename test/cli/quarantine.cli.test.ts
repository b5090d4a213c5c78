import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {z} from 'zod';
import {NEW_MACHINE, openServiceWorld, reading} from '../console/service-world.ts';
import type {ServiceWorld} from '../console/service-world.ts';
import {runCli} from './run-cli.ts';
import type {Run} from './run-cli.ts';

const Listed = z.object({
  quarantine: z.array(
    z.object({
      quarantineId: z.string(),
      reason: z.string(),
      state: z.string(),
      body: z.record(z.string(), z.unknown()),
    }),
  ),
  equipment: z.array(z.object({equipmentId: z.string(), letters: z.int()})).nullable(),
});

describe('forestock quarantine', () => {
  let world: ServiceWorld;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'forestock-quarantine-'));
    world = await openServiceWorld();
  });
  afterAll(async () => {
    await world.stop();
    rmSync(folder, {recursive: true, force: true});
  });

  const run = (...args: string[]): Promise<Run> =>
    runCli(['quarantine', ...args], {FORESTOCK_URL: world.url});
  const list = async (...args: string[]): Promise<z.infer<typeof Listed>> =>
    Listed.parse(JSON.parse((await run('list', '--json', ...args)).stdout));
  const fileOf = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const receive = (uom: string): Promise<unknown> =>
    world.post('/api/v1/stock/receipts', {
      part: {number: 'P-1'},
      depotId: 'D-1',
      qty: 1,
      uom,
      fromLoc: 'supplier:SUP',
    });

  it('A5 a row is listed with its reason, passes corrected from a file, or is dropped for good', async () => {
    await receive('PALLET');
    await receive('CRATE');
    const {quarantine} = await list('--state', 'open');
    expect(quarantine.map(({reason}) => reason)).toEqual(['unknown-unit', 'unknown-unit']);
    const [kept, lost] = quarantine as [(typeof quarantine)[0], (typeof quarantine)[0]];
    expect((await run('list')).stdout).toContain(kept.quarantineId);

    const corrected = fileOf('row.json', JSON.stringify({...kept.body, uom: 'BX'}));
    const passed = await run('resubmit', kept.quarantineId, '--body', corrected, '--json');
    expect(JSON.parse(passed.stdout)).toMatchObject({repeated: false, result: {pieces: 12}});
    const dropped = await run('drop', lost.quarantineId, '--json', '--actor', 'ada');
    expect(JSON.parse(dropped.stdout)).toEqual({quarantineId: lost.quarantineId, state: 'dropped'});
    expect((await list('--state', 'open')).quarantine).toEqual([]);
    expect((await list('--state', 'dropped')).quarantine).toHaveLength(1);

    const late = await run('drop', kept.quarantineId);
    expect(late.code).toBe(1);
    expect(late.stderr).toContain('was resubmitted and has passed');
  });

  it('an equipment that nobody knew is listed, added from a file, and what it sent is taken', async () => {
    for (const seq of [1, 2]) await world.tell('telemetry/v1/SITE-2/M-9', reading(seq));
    expect((await list()).equipment).toMatchObject([{equipmentId: 'M-9', letters: 2}]);
    const early = await run('onboard', 'M-9');
    expect(early.code).toBe(1);
    expect(early.stderr).toContain('M-9 is not in the installed base; add it first');

    const machine = fileOf('m-9.json', JSON.stringify(NEW_MACHINE));
    const {code, stdout} = await run('onboard', 'M-9', '--equipment', machine, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({equipmentId: 'M-9', letters: 2, messages: 2, refused: 0});
    expect((await list()).equipment).toEqual([]);
    const wrong = await run('onboard', 'M-9', '--equipment', fileOf('wrong.json', '[1]'));
    expect(wrong).toMatchObject({code: 2});
    expect(wrong.stderr).toContain('wrong.json: it is no object; name a JSON file');
  });
});
