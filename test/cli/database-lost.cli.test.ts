import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, mkdtempSync, renameSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {clusterOf, postmasterOf} from '../support/postmaster.ts';
import {freePort} from '../support/tcp-proxy.ts';
import {FORESTOCK} from '../cli/run-cli.ts';

describe('a service whose embedded database cannot come back', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'forestock-lost-'));
    chmodSync(dataDir, 0o755); // open to the server's user
  });
  afterAll(() => rmSync(dataDir, {recursive: true, force: true}));

  it('M3 tries a bounded number of times, then leaves with 1 and says what to do', async () => {
    const service = spawn(process.execPath, [FORESTOCK, 'start'], {
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        FORESTOCK_DATA_DIR: dataDir,
        MQTT_PORT: String(await freePort()),
        HTTP_PORT: String(await freePort()),
        FORESTOCK_BACKEND: 'cpu',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(service, 'close');
    let said = '';
    const running = new Promise<void>((resolve) =>
      service.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('"msg":"running"')) resolve();
      }),
    );
    await Promise.race([running, ended]);
    expect(said).toContain('"msg":"running"');

    const version = path.join(clusterOf(dataDir), 'PG_VERSION');
    renameSync(version, `${version}.away`); // no server starts on such a cluster
    process.kill(postmasterOf(dataDir), 'SIGKILL');
    expect(await ended).toEqual([1, null]);
    expect(said.split('is started again').length - 1).toBe(5);
    const last = said.trimEnd().split('\n').slice(-3).join('\n');
    expect(last).toMatch(/forestock: PostgreSQL in .* ended, and 5 restarts did not bring it back/);
    expect(last).toContain('then start again: what was acknowledged is kept');
  });
});
