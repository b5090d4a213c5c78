import {spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {chmodSync, existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {freePort} from '../support/tcp-proxy.ts';

/** A small fleet is there in seconds. */
const DEMO = ['demo', '--machines', '12'];

interface Demo {
  readonly process: ChildProcess;
  /** Resolves when the output has the text; rejects when the demo ends without it. */
  said(text: string): Promise<void>;
  readonly ended: Promise<{readonly code: number | null; readonly output: string}>;
}

describe('the demo, as a newcomer handles it', () => {
  let scratch: string;
  beforeAll(() => {
    scratch = mkdtempSync(path.join(tmpdir(), 'forestock-demo-'));
    chmodSync(scratch, 0o755); // open to the user that PostgreSQL runs under
  });
  afterAll(() => rmSync(scratch, {recursive: true, force: true}));

  async function demo(folder: string, more: NodeJS.ProcessEnv = {}): Promise<Demo> {
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      FORESTOCK_DATA_DIR: path.join(scratch, folder),
      FORESTOCK_BACKEND: 'cpu',
      MQTT_PORT: String(await freePort()),
      HTTP_PORT: String(await freePort()),
      ...more,
    };
    const child = spawn(process.execPath, ['--import', 'tsx', 'cli/main.ts', ...DEMO], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const ended = new Promise<{code: number | null; output: string}>((resolve) =>
      child.once('close', (code) => resolve({code, output})),
    );
    const said = (text: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (output.includes(text)) resolve();
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
