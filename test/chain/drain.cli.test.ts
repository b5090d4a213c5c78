import {spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {afterEach, beforeAll, describe, expect, it, vi} from 'vitest';
import {openEngine} from '../../cli/engine.ts';
import {DAY_MS, epochMs} from '../../domain/time.ts';
import {silentLogger} from '../../platform/log.ts';
import {referenceNetwork} from '../../simulator/network.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {freePort} from '../support/tcp-proxy.ts';
import {configurationFor} from './chain-world.ts';
import {numbered, OutboxDevice, PATIENT, storedNumbers, upTo} from './outages.ts';
import {FORESTOCK} from '../cli/run-cli.ts';

const WINDOW = 200;

describe('SIGTERM in the middle of a burst', () => {
  const now = epochMs(Date.now());
  const network = referenceNetwork({seed: 1, startAt: now, machines: 3});
  const message = numbered(network['equipment']![0]!, 'vibration_mm_s', now - DAY_MS, 10);
  let database: TestDatabase;
  let env: NodeJS.ProcessEnv;
  let mqttPort: number;
  let running: ChildProcess | undefined;

  beforeAll(async () => {
    database = await openTestDatabase();
    const first = await openEngine({
      configuration: await configurationFor(database),
      clock: {mode: 'real'},
      log: silentLogger(),
      autoIssue: false,
      prepare: ({network: stage}) => stage.importMaster(network, 'test'),
    });
    await first.stop();
    mqttPort = await freePort();
    env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATABASE_URL: database.ownerUrl,
      MQTT_PORT: String(mqttPort),
      HTTP_PORT: String(await freePort()),
      FORESTOCK_BACKEND: 'cpu',
      LOG_LEVEL: 'info',
    };
  });
  afterEach(() => void running?.kill('SIGKILL'));

  /** `forestock start`; resolves once it runs. */
  async function start(): Promise<{readonly terminate: () => Promise<number | null>}> {
    const child = spawn(process.execPath, [FORESTOCK, 'start'], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    running = child;
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await new Promise<void>((resolve, reject) => {
      let log = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        if (log.includes('"msg":"running"')) resolve();
      });
      void ended.then((code) => reject(new Error(`start left with ${code}: ${log}`)));
    });
    return {
      terminate: () => {
        child.kill('SIGTERM');
        return ended;
      },
    };
  }

  const numberOf = (payload: string): number => (JSON.parse(payload) as {seq: number}).seq;

  it('A1 M3 all that has its PUBACK is in the database at exit 0, the rest is sent to the next process, and each is stored once', async () => {
    const service = await start();
    const device = await OutboxDevice.connect(mqttPort);
    let sent = 0;
    let sending = true;
    device.stream(() => (sending ? message((sent += 1)) : undefined), WINDOW);
    await vi.waitFor(() => expect(device.acked).toBeGreaterThan(2 * WINDOW), PATIENT);

    expect(await service.terminate()).toBe(0);
    await vi.waitFor(() => expect(device.disconnects).toBeGreaterThan(0), PATIENT);
    sending = false;
    const acked = device.ackedPayloads.map(numberOf);
    const pool = database.poolFor('forestock_ingest');
    const stored = await storedNumbers(pool);
    expect(sent - acked.length).toBeGreaterThan(0); // it was a burst to the end
    expect(acked.filter((seq) => !stored.includes(seq))).toEqual([]);
    expect(new Set(stored).size).toBe(stored.length);

    const next = await start();
    await device.hasAcked(sent);
    expect(await storedNumbers(pool)).toEqual(upTo(sent));
    await device.close();
    expect(await next.terminate()).toBe(0);
  });
});
