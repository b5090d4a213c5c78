import {spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {jetstreamManager} from '@nats-io/jetstream';
import {connect} from '@nats-io/transport-node';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {reachable} from '../support/mosquitto.ts';
import {findService} from '../support/services.ts';
import {freePort} from '../support/tcp-proxy.ts';

const NATS = findService('nats');
const PASSWORD = 'of-the-bus';
const CONF = readFileSync(join(import.meta.dirname, '../../deploy/nats.conf'), 'utf8');
/** Servers before 2.10 do not know it, and say so; the image of compose.yaml does. */
const SYNC = /^ *sync_interval: always\n/m;

describe.skipIf(NATS === null)('deploy/nats.conf', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forestock-bus-'));
  const conf = join(folder, 'nats.conf');
  let port: number;
  let monitorPort: number;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    port = await freePort();
    monitorPort = await freePort();
    const here = CONF.replace('0.0.0.0:4222', `127.0.0.1:${port}`)
      .replace('127.0.0.1:8222', `127.0.0.1:${monitorPort}`)
      .replace('/data', folder);
    writeFileSync(conf, knowsSync() ? here : here.replace(SYNC, ''));
    const child = spawn(NATS!, ['--config', conf], {env: {NATS_PASSWORD: PASSWORD}, stdio: 'ignore'});
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    stop = async () => {
      child.kill();
      await exited;
    };
    await reachable(port);
  });
  afterAll(async () => {
    await stop();
    rmSync(folder, {recursive: true});
  });

  /** Whether the server takes the file as it stands; if not, the one setting must be all it complains about. */
  function knowsSync(): boolean {
    writeFileSync(conf, CONF);
    const {status, stderr} = spawnSync(NATS!, ['--config', conf, '-t'], {
      env: {NATS_PASSWORD: PASSWORD},
      encoding: 'utf8',
    });
    if (status !== 0) expect(stderr.trim()).toMatch(/unknown field "sync_interval"$/);
    return status === 0;
  }

  it('syncs each acknowledgement to the disk', () => {
    expect(CONF).toMatch(SYNC);
  });

  it('lets nobody in without the password', async () => {
    await expect(connect({port, reconnect: false})).rejects.toThrow(/authorization/i);
  });

  it('answers the health check, and has room above the 16 GiB of the stream: what is full must be the stream, which refuses', async () => {
    const monitor = `http://127.0.0.1:${monitorPort}`;
    expect((await fetch(`${monitor}/healthz`)).status).toBe(200);
    const {config} = (await (await fetch(`${monitor}/jsz`)).json()) as {config: {max_storage: number}};
    expect(config.max_storage).toBeGreaterThan(16 * 2 ** 30);
  });

  it('lets the service in', async () => {
    const connection = await connect({port, user: 'forestock', pass: PASSWORD});
    await jetstreamManager(connection); // throws without JetStream
    await connection.close();
  });
});
