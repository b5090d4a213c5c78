import {spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {chmodSync, existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {z} from 'zod';
import {ACTIONS} from '../../domain/decision.ts';
import {freePort} from '../support/tcp-proxy.ts';
import {FORESTOCK} from '../cli/run-cli.ts';

/** A small fleet is there in seconds. */
const DEMO = ['demo', '--machines', '12'];

interface Demo {
  readonly process: ChildProcess;
  /** Resolves with the output when it has the text; rejects when the demo ends without it. */
  said(text: string): Promise<string>;
  /** The output is both streams as they came; printed is the standard output alone. */
  readonly ended: Promise<{readonly code: number | null; readonly output: string; readonly printed: string}>;
}

/** The last line of a demo that stops after its decision, as a program reads it. */
const Summary = z.strictObject({
  decisionId: z.uuid(),
  action: z.enum(ACTIONS).exclude(['nothing']),
  quantity: z.int().positive(),
  partId: z.string().min(1),
  depotId: z.string().min(1),
  reasons: z.array(z.looseObject({code: z.string().min(1)})).min(1),
  modelVersion: z.string().min(1),
  readings: z.array(z.string().min(1)).min(1),
});

describe('the demo, as a newcomer handles it', () => {
  let scratch: string;
  beforeAll(() => {
    scratch = mkdtempSync(path.join(tmpdir(), 'forestock-demo-'));
    chmodSync(scratch, 0o755); // open to the user that PostgreSQL runs under
  });
  afterAll(() => rmSync(scratch, {recursive: true, force: true}));

  async function demo(
    folder: string,
    more: NodeJS.ProcessEnv = {},
    options: readonly string[] = [],
  ): Promise<Demo> {
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      FORESTOCK_DATA_DIR: path.join(scratch, folder),
      FORESTOCK_BACKEND: 'cpu',
      MQTT_PORT: String(await freePort()),
      HTTP_PORT: String(await freePort()),
      ...more,
    };
    const child = spawn(process.execPath, [FORESTOCK, ...DEMO, ...options], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stdout.on('data', (text: string) => (printed += text));
    const ended: Demo['ended'] = new Promise((resolve) =>
      child.once('close', (code) => resolve({code, output, printed})),
    );
    const said = (text: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (output.includes(text)) resolve(output);
        };
        look();
        for (const stream of [child.stdout, child.stderr]) stream.on('data', look);
        void ended.then(() => reject(new Error(`ended without "${text}": ${output}`)));
      });
    return {process: child, said, ended};
  }

  const serverOf = (folder: string): number =>
    Number(readFileSync(path.join(scratch, folder, 'demo/postgres/postmaster.pid'), 'utf8').split('\n')[0]);

  it('a second one in the same folder is turned away and leaves the first its data; Ctrl-C ends that one cleanly', async () => {
    const first = await demo('shared');
    await first.said('Console and API on');
    const second = await (await demo('shared')).ended;
    expect(second).toMatchObject({
      code: 1,
      output: expect.stringContaining('is in use by process') as string,
    });
    process.kill(serverOf('shared'), 0); // throws when it is gone
    first.process.kill('SIGINT');
    const {code, output} = await first.ended;
    expect(code, output).toBe(0);
    expect(existsSync(path.join(scratch, 'shared/demo/postgres/postmaster.pid'))).toBe(false);
  });

  it('--exit-after-decision ends by itself; its last line is the trace for a program, above it stands the same for a person', async () => {
    const {code, output, printed} = await (await demo('decision', {}, ['--exit-after-decision'])).ended;
    expect(code, output).toBe(0);
    const lines = printed.trimEnd().split('\n');
    const summary = Summary.parse(JSON.parse(lines.at(-1)!));
    const told = lines.slice(lines.indexOf(`Decision ${summary.decisionId}`), -1);
    expect(told[0], output).toBe(`Decision ${summary.decisionId}`);
    expect(told[1]).toContain(`part ${summary.partId} at depot ${summary.depotId}`);
    expect(told[2]).toContain(`${summary.action} ${summary.quantity} `);
    const why = told.slice(told.indexOf('  Why') + 1, told.indexOf('  What else was possible') - 1);
    expect(why.filter((line) => line.startsWith('  - '))).toHaveLength(summary.reasons.length);
    for (const modelVersion of summary.modelVersion.split(','))
      expect(told.slice(told.indexOf('  From the readings')).join('\n')).toContain(modelVersion);
  }, 120_000);

  it('K3 --users makes one of each role, prints its password and lets nobody else in', async () => {
    const port = await freePort();
    const running = await demo('users', {HTTP_PORT: String(port)}, ['--users']);
    const output = await running.said('each role sees another console');
    const ask = (path: string, init?: RequestInit): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}/api/v1/${path}`, init);
    expect((await ask('decisions')).status).toBe(401);
    const users = [...output.matchAll(/^(\w+) +(the installation|[A-Z]\S+) +([0-9a-f]{24})$/gm)];
    const signedIn = users.map(async ([, name, , password]) => {
      const origin = `http://127.0.0.1:${port}`;
      const reply = await ask('session', {
        method: 'POST',
        headers: {'content-type': 'application/json', origin},
        body: JSON.stringify({name, password}),
      });
      const {principal} = (await reply.json()) as {principal: {role: string; partyId: string | null}};
      return [principal.role, principal.partyId === null ? 'own' : 'of a party'];
    });
    expect(await Promise.all(signedIn)).toEqual([
      ...[['planner', 'own'], ['ops', 'own'], ['technician', 'of a party'], ['supplier', 'of a party']], // prettier-ignore
      ...[['customer', 'of a party'], ['auditor', 'own'], ['admin', 'own']], // prettier-ignore
    ]);
    running.process.kill('SIGINT');
    expect((await running.ended).code).toBe(0);
  }, 120_000);

  it('a taken port is named, with the way out, before anything is prepared', async () => {
    const port = await freePort();
    const stranger = createServer().listen(port, '127.0.0.1');
    const {code, output} = await (await demo('ports', {HTTP_PORT: String(port)})).ended;
    expect(code).toBe(1);
    expect(output).toMatch(
      new RegExp(`^forestock: HTTP port ${port} on 127.0.0.1 is taken; .*--port-offset 100`),
    );
    stranger.close();
  });

  it('Ctrl-C while it prepares takes the database along, and the next one starts', async () => {
    const first = await demo('early');
    await first.said('Starting the embedded database');
    const pidFile = path.join(scratch, 'early/demo/postgres/postmaster.pid');
    while (!existsSync(pidFile)) await new Promise((resolve) => setImmediate(resolve));
    first.process.kill('SIGINT');
    expect((await first.ended).code).toBe(130);
    const next = await demo('early');
    await next.said('Console and API on');
    next.process.kill('SIGTERM');
    expect((await next.ended).code).toBe(0);
  });
});
