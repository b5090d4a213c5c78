import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {DAY_MS, epochMs, toIso, toMinute} from '../../domain/time.ts';
import {openServiceWorld} from '../console/service-world.ts';
import type {ServiceWorld} from '../console/service-world.ts';
import {START} from '../network/tiny-network.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';
import {runCli} from './run-cli.ts';
import type {Run} from './run-cli.ts';

describe('forestock breach', () => {
  let world: ServiceWorld;
  beforeAll(async () => {
    world = await openServiceWorld();
  });
  afterAll(() => world.stop());

  const run = (...args: string[]): Promise<Run> => runCli(args, {FORESTOCK_URL: world.url});

  it('K3 is put on record from a file, told step by step, and shown with the requests in question', async () => {
    expect((await run('breach', 'list')).stdout).toBe('none\n');
    const file = path.join(temporaryFolder('breach'), 'breach.json');
    const report = {
      ...{discoveredAt: toIso(START), from: toIso(epochMs(START - DAY_MS))},
      ...{
        what: 'A list went to the wrong address.',
        data: '12 names',
        partyIds: ['SUP'],
        callers: ['installation'],
      },
    };
    writeFileSync(file, JSON.stringify(report));
    const made = await run('breach', 'record', 'BR-1', file, '--actor', 'ops-1');
    expect(made).toMatchObject({code: 0});
    const due = toMinute(epochMs(START + 3 * DAY_MS));
    expect(made.stdout).toMatch(new RegExp(`authority\\s+open\\s+${due}\\s+partners.breaches: authorityH`));
    const told = await run('breach', 'notice', 'BR-1', '--to', 'party:SUP', '--reference', 'L-1');
    expect(told.stdout).toMatch(/party:SUP\s+done/);
    expect((await run('breach', 'list')).stdout).toMatch(/BR-1\s+open\s+.*wrong address\.\s+authority\n/);
    const shown = (await run('breach', 'show', 'BR-1')).stdout;
    expect(shown).toMatch(/BR-1, open, discovered/);
    expect(shown).toMatch(
      /installation: \d+ requests in its window, \/api\/v1\/access-log\?caller=installation&from=/,
    );
    const again = await run('breach', 'record', 'BR-1', file);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('on record already')]);
  });

  it('K3 who asked for what is listed, refused requests alone where asked', async () => {
    expect((await run('breach', 'show', 'BR-404')).code).toBe(1);
    const {stdout} = await run('audit', 'requests', '--refused', '--limit', '1');
    expect(stdout).toMatch(
      /installation\s+admin\s+GET\s+\/api\/v1\/breaches\/BR-404\s+404\s+unknown-breach\s+127\.0\.0\.1/,
    );
  });
});
