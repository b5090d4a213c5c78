import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';
import {twoCustomers} from '../network/two-customers.ts';
import {runCli} from './run-cli.ts';
import type {Run} from './run-cli.ts';

const OURS = 'the-installation-token';

describe('partners on the command line', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow', data: twoCustomers(), apiToken: OURS});
  });
  afterAll(() => world.stop());

  const run = (token: string, ...args: string[]): Promise<Run> =>
    runCli(args, {FORESTOCK_URL: world.url, FORESTOCK_API_TOKEN: token, USER: 'ada'});
  const report = (token: string, equipment: string, ...more: string[]): Promise<Run> =>
    // prettier-ignore
    run(token, 'repairs', 'report', '--equipment', equipment, '--position', 'compressor', '--finding', 'planned',
      '--reported-at', '2026-01-04T10:00:00.000Z', '--source', 'api', ...more);

  it('A4 a token is made for a partner, who reports and reads with it until it is revoked', async () => {
    const made = await run(OURS, 'token', 'add', '--party', 'CUS-A');
    expect(made.code).toBe(0);
    const token = made.stdout.split('\n')[0]!;
    expect(token).toMatch(/^fst_/);
    const listed = await run(OURS, 'token', 'list');
    expect(listed.stdout).toContain('CUS-A');
    expect(listed.stdout).not.toContain(token);

    expect(await report(token, 'M-A', '--key', 'job-1')).toMatchObject({code: 0});
    expect(await report(OURS, 'M-B', '--key', 'job-2')).toMatchObject({code: 0});
    const mine = await run(token, 'repairs', 'list');
    expect(mine.stdout).toContain('M-A');
    expect(mine.stdout).not.toContain('M-B');
    const foreign = await run(token, 'repairs', 'list', '--party', 'CUS-B');
    expect(foreign.code).toBe(1);
    expect(foreign.stderr).toContain('you speak for party CUS-A and not for CUS-B');
    expect(await run(OURS, 'token', 'revoke', 'CUS-A')).toMatchObject({code: 0, stdout: 'revoked: CUS-A\n'});
    const after = await run(token, 'repairs', 'list');
    expect(after.code).toBe(1);
    expect(after.stderr).toContain('revoked');
  });

  it('A4 a feed is agreed on, listed and ended; a report is its word', async () => {
    const agreed = await run(OURS, 'feeds', 'agree', 'CUS-B', 'repair-reports', '--every-hours', '24');
    expect(agreed).toMatchObject({
      code: 0,
      stdout: 'CUS-B repair-reports: expected every 24 h, overdue after 27 h\n',
    });
    expect(await report(OURS, 'M-B', '--key', 'job-3')).toMatchObject({code: 0});
    expect((await run(OURS, 'feeds', 'list')).stdout).toMatch(
      /CUS-B +repair-reports +on-time +24 +3 +2026-01-05 00:00 UTC +2026-01-04 10:00 UTC/,
    );
    expect(await run(OURS, 'feeds', 'end', 'CUS-B', 'repair-reports')).toMatchObject({code: 0});
    const wrong = await run(OURS, 'feeds', 'agree', 'CUS-B', 'gossip', '--every-hours', '24');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('repair-reports');
  });

  it('K4 the terms of a share are printed to be filled in, and agreed on once they say what for', async () => {
    const printed = await run(OURS, 'share', 'template', 'stock');
    expect(printed.code).toBe(0);
    const terms = JSON.parse(printed.stdout) as {fields: Record<string, string>};
    expect(terms.fields).toMatchObject({partId: 'masked', depotId: 'masked', qty: 'masked'});
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'forestock-share-')), 'terms.json');
    const agree = (more: object): Promise<Run> => {
      writeFileSync(file, JSON.stringify({...terms, ...more}));
      return run(OURS, 'share', 'agree', 'SUP', 'stock', file);
    };
    const unfilled = await agree({});
    expect(unfilled.code).toBe(1);
    expect(unfilled.stderr).toMatch(/purpose.*useRights/s);
    const filled = await agree({purpose: 'plans its production', useRights: 'for that alone'});
    expect(filled.stdout).toMatch(/SUP +stock +1 /);
    const unknown = await run(OURS, 'share', 'template', 'gossip');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('stock');
    rmSync(path.dirname(file), {recursive: true});
  });
});
