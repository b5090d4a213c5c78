import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {DAY_MS, epochMs, toIso, toMinute} from '../../domain/time.ts';
import {START} from '../network/tiny-network.ts';
import {openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';
import {runCli} from './run-cli.ts';
import type {Run} from './run-cli.ts';

const TOMORROW = epochMs(START + DAY_MS);

describe('alerts on the command line', () => {
  let world: ConsoleWorld;
  let folder: string;
  let alertIds: readonly string[];
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'forestock-alerts-'));
    world = await openConsoleWorld({mode: 'propose'});
    await world.decide();
    const {body} = await world.get('/api/v1/alerts');
    alertIds = (body as {alerts: {alertId: string}[]}).alerts.map(({alertId}) => alertId);
    expect(alertIds.length).toBeGreaterThan(0);
  });
  afterAll(async () => {
    await world.stop();
    rmSync(folder, {recursive: true, force: true});
  });

  const run = (...args: string[]): Promise<Run> =>
    runCli(['alerts', ...args], {FORESTOCK_URL: world.url, USER: 'planner-1'});
  const history = async (
    alertId: string,
  ): Promise<readonly {type: string; actor: string; note: string | null}[]> =>
    ((await world.get(`/api/v1/alerts/${alertId}/history`)).body as {events: never}).events;

  it('F2 lists what is open, as text and for a program', async () => {
    const listed = await run('list');
    expect(listed.code).toBe(0);
    for (const id of alertIds) expect(listed.stdout).toContain(id);
    expect(listed.stdout).toMatch(
      new RegExp(`^${alertIds.length} now, 0 in the digest, 0 snoozed; \\d+ messages wait`, 'm'),
    );
    const {stdout} = await run('list', '--state', 'acknowledged', '--json');
    expect(JSON.parse(stdout)).toMatchObject({alerts: [], nextCursor: null});
    expect(await run('list', '--state', 'gone')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--state.*open.*snoozed.*acknowledged.*cleared/s) as string,
    });
  });

  it('F2 refuses what makes no sense, with the next step, and changes nothing', async () => {
    const [id = ''] = alertIds;
    const before = await history(id);
    const past = await run('snooze', id, '--until', '2020-01-01T00:00:00Z');
    expect([past.code, past.stdout]).toEqual([1, '']);
    expect(past.stderr).toContain('2020-01-01T00:00:00.000Z has passed');
    expect(await run('snooze', id)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--until') as string,
    });
    const unknown = await run('acknowledge', '0d4b1bb2-2f3c-5f0e-9c57-0c9a7f2a6d10');
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('there is no alert 0d4b1bb2');
    expect(await history(id)).toEqual(before);
  });

  it('F2 snoozes until a time, ends the snooze, acknowledges: each under the name of who did it', async () => {
    const [id = ''] = alertIds;
    const until = toIso(TOMORROW);
    expect(await run('snooze', id, '--until', until, '--note', 'the part is on a van')).toMatchObject({
      code: 0,
      stdout: `open until ${toMinute(TOMORROW)}\n`,
    });
    expect((await run('list', '--state', 'snoozed')).stdout).toContain(id);
    expect(await run('unsnooze', id)).toMatchObject({code: 0, stdout: 'open\n'});
    expect((await run('list', '--state', 'snoozed')).stdout).not.toContain(id);
    const args = ['--until', until, '--note', 'called the site', '--actor', 'planner-2'];
    expect(await run('acknowledge', id, ...args)).toMatchObject({
      code: 0,
      stdout: `acknowledged until ${toMinute(TOMORROW)}\n`,
    });
    expect((await history(id)).slice(0, 3)).toMatchObject([
      {type: 'acknowledged', actor: 'planner-2', note: 'called the site'},
      {type: 'unsnoozed', actor: 'planner-1'},
      {type: 'snoozed', actor: 'planner-1', note: 'the part is on a van'},
    ]);
  });

  it('F2 states who is told, without showing the secret again, and sends a test message', async () => {
    const file = path.join(folder, 'recipient.json');
    const stated = {role: 'planner', channel: 'email', email: 'planners@plant.example'};
    writeFileSync(file, JSON.stringify(stated));
    expect(await run('recipients', 'set', 'planners', file)).toMatchObject({
      code: 0,
      stdout: 'set: planners\n',
    });
    expect((await run('recipients', 'list')).stdout).toMatch(/^planners +planner +email +\S*plant\.example/m);
    expect(await run('recipients', 'test', 'planners')).toMatchObject({
      code: 0,
      stdout: 'on its way: planners\n',
    });
    expect((await run('recipients', 'test', 'nobody')).stderr).toContain('nobody');
    writeFileSync(file, '{"role": ');
    expect(await run('recipients', 'set', 'planners', file)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('recipient.json') as string,
    });
  });
});
