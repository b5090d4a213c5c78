import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openServiceWorld} from '../console/service-world.ts';
import type {ServiceWorld} from '../console/service-world.ts';
import {runCli} from './run-cli.ts';
import type {Run} from './run-cli.ts';

describe('forestock hold', () => {
  let world: ServiceWorld;
  beforeAll(async () => {
    world = await openServiceWorld();
  });
  afterAll(() => world.stop());

  const run = (...args: string[]): Promise<Run> => runCli(['hold', ...args], {FORESTOCK_URL: world.url});
  const span = ['--from', '2026-01-01T00:00:00Z', '--to', '2026-02-01T00:00:00Z'];
  const place = (id: string, subject: string, ...more: string[]): Promise<Run> =>
    run('place', id, '--kind', 'equipment', '--subject', subject, ...span, '--reason', 'claim 7', ...more);

  it('K5 is placed, listed with who and when, refused twice, and lifted; it stays in the list', async () => {
    expect((await run('list')).stdout).toBe('none\n');
    expect(await place('CASE-7', 'M-1', '--actor', 'auditor')).toMatchObject({
      code: 0,
      stdout: 'held: CASE-7\n',
    });
    const listed = (await run('list')).stdout;
    expect(listed).toMatch(/CASE-7\s+equipment\s+M-1\s+2026-01-01 00:00 UTC\s+2026-02-01 00:00 UTC/);
    expect(listed).toContain('auditor');
    const again = await place('CASE-7', 'M-1');
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('CASE-7');
    expect(await run('lift', 'CASE-7', '--reason', 'settled')).toMatchObject({
      code: 0,
      stdout: 'lifted: CASE-7\n',
    });
    const {holds} = JSON.parse((await run('list', '--json')).stdout) as {holds: object[]};
    expect(holds).toMatchObject([{holdId: 'CASE-7', liftedAt: expect.any(String) as string}]);
  });

  it('names what is wrong: a machine nobody knows, a kind that there is not, a hold that does not stand', async () => {
    const unknown = await place('CASE-8', 'M-404');
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('M-404');
    const kind = await run('place', 'CASE-9', '--kind', 'ship', '--subject', 'M-1', ...span, '--reason', 'x');
    expect(kind.code).toBe(2);
    expect(kind.stderr).toContain('equipment');
    const lifted = await run('lift', 'CASE-404', '--reason', 'settled');
    expect(lifted.code).toBe(1);
    expect(lifted.stderr).toContain('CASE-404');
  });
});
