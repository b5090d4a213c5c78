/* eslint-disable @typescript-eslint/no-unsafe-assignment -- asymmetric matchers are typed any */
import {spawn} from 'node:child_process';
import {chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {writeCsvFolder} from '../../network/main.ts';
import {toRawFolder} from '../../network/api.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {FORESTOCK} from '../cli/run-cli.ts';

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the command line', () => {
  let scratch: string;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    scratch = mkdtempSync(path.join(tmpdir(), 'forestock-cli-'));
    chmodSync(scratch, 0o755); // open to the user that PostgreSQL runs under
    const [mqttPort, httpPort] = [await freePort(), await freePort()];
    env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      FORESTOCK_DATA_DIR: path.join(scratch, 'data'),
      MQTT_PORT: String(mqttPort),
      HTTP_PORT: String(httpPort),
      FORESTOCK_BACKEND: 'cpu',
    };
    await writeCsvFolder(path.join(scratch, 'good'), toRawFolder(tinyNetwork()));
    await writeCsvFolder(path.join(scratch, 'bad'), toRawFolder(tinyNetwork()));
    const part = path.join(scratch, 'bad', 'part.csv');
    writeFileSync(part, readFileSync(part, 'utf8').replace('100000', 'dear').replace('EUR', 'EURO'));
  });
  afterAll(() => rmSync(scratch, {recursive: true, force: true}));

  const start = (args: readonly string[], more: NodeJS.ProcessEnv = {}): ReturnType<typeof spawn> =>
    spawn(process.execPath, [FORESTOCK, ...args], {
      env: {...env, ...more},
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  function run(args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Run> {
    const child = start(args, more);
    let stdout = '';
    let stderr = '';
    child.stdout!.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr!.on('data', (text: Buffer) => (stderr += text.toString()));
    return new Promise((resolve) => child.on('close', (code) => resolve({code, stdout, stderr})));
  }

  it('doctor says what it found, as a table and as JSON, and leaves with 0 when nothing is wrong', async () => {
    const {code, stdout} = await run(['doctor', '--json']);
    const {healthy, findings} = JSON.parse(stdout) as {
      healthy: boolean;
      findings: {name: string; found: string}[];
    };
    expect(code).toBe(0);
    expect(healthy).toBe(true);
    expect(findings.map(({name}) => name)).toEqual([
      'node',
      'data folder',
      'database',
      'mqtt',
      'bus',
      'http',
      'access',
      'outgoing',
      'model backend',
      'models',
    ]);
    expect(findings.find(({name}) => name === 'model backend')!.found).toContain('cpu');
    expect(readdirSync(scratch)).not.toContain('data'); // it looked, and made nothing
  });

  it('doctor leaves with 1 when something is wrong, and says the next step', async () => {
    const {code, stdout} = await run(['doctor', '--json'], {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    });
    expect(code).toBe(1);
    expect(stdout).toContain('check DATABASE_URL');
  });

  it('wrong usage and wrong configuration leave with 2, naming every mistake', async () => {
    for (const args of [
      ['nonsense'],
      ['import'],
      ['proposals', 'change', 'x'],
      ['start', '--only', 'ingst'],
    ]) {
      const {code, stderr} = await run(args);
      expect(code, args.join(' ')).toBe(2);
      expect(stderr).toContain('error:');
    }
    const wrong = await run(['doctor'], {HTTP_PORT: 'eighty', FORESTOCK_MODE: 'yolo'});
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('HTTP_PORT');
    expect(wrong.stderr).toContain('FORESTOCK_MODE');
  });

  it('import lists every mistake and changes nothing; a right folder goes in, and comes out the same', async () => {
    const bad = await run(['import', path.join(scratch, 'bad'), '--json']);
    expect(bad.code).toBe(2);
    const {imported, mistakes} = JSON.parse(bad.stdout) as {
      imported: boolean;
      mistakes: {file: string; column: string}[];
    };
    expect(imported).toBe(false);
    expect(mistakes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({file: 'part.csv', column: 'unit_cost_minor', line: 2}),
        expect.objectContaining({file: 'part.csv', column: 'currency', line: 2}),
      ]),
    );

    const dry = await run(['import', path.join(scratch, 'good'), '--dry-run']);
    expect(dry).toMatchObject({code: 0, stdout: expect.stringContaining('nothing was imported')});
    expect((await run(['import', path.join(scratch, 'good')])).code).toBe(0);
    const out = path.join(scratch, 'out');
    const exported = await run(['export', out, '--json']);
    expect(JSON.parse(exported.stdout)).toMatchObject({rows: {equipment: 2, installation: 2, part: 3}});
    expect(readFileSync(path.join(out, 'equipment.csv'), 'utf8')).toContain('M-1');
  });

  it('a running service holds the data folder; commands go to it by --url, and SIGTERM drains it', async () => {
    const service = start(['start'], {LOG_LEVEL: 'info'});
    const ended = new Promise<number | null>((resolve) => service.on('close', resolve));
    await new Promise<void>((resolve, reject) => {
      let log = '';
      service.stderr!.on('data', (text: Buffer) => {
        log += text.toString();
        if (log.includes('"msg":"running"')) resolve();
      });
      void ended.then((code) => reject(new Error(`start left with ${code}: ${log}`)));
    });
    const url = `http://127.0.0.1:${env['HTTP_PORT']}`;
    const locked = await run(['decisions', 'list']);
    expect(locked.code).toBe(1);
    expect(locked.stderr).toContain(`--url ${url}`);
    const listed = await run(['decisions', 'list', '--json', '--url', url]);
    expect(listed.code).toBe(0);
    expect(JSON.parse(listed.stdout)).toHaveProperty('decisions');
    const unknown = await run(['decisions', 'trace', '00000000-0000-4000-8000-000000000000'], {
      FORESTOCK_URL: url,
    });
    expect(unknown).toMatchObject({code: 1, stderr: expect.stringContaining('there is no decision')});
    const second = await run(['start'], {
      FORESTOCK_DATA_DIR: path.join(scratch, 'other'),
      MQTT_PORT: String(await freePort()),
    });
    expect(second).toMatchObject({code: 1, stderr: expect.stringContaining('--port-offset')});
    service.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const {port} = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
