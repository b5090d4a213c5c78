import {chmodSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {openEngine} from '../../cli/engine.ts';
import type {Engine} from '../../cli/engine.ts';
import {startEmbeddedPostgres} from '../../platform/embedded-postgres.ts';
import {DAY_MS} from '../../domain/time.ts';
import {silentLogger} from '../../platform/log.ts';
import {TcpProxy} from '../support/tcp-proxy.ts';
import {configurationFor, tellStory} from './chain-world.ts';
import {numbered, OutboxDevice, PATIENT, refusedOften} from './outages.ts';

describe('the database goes away', () => {
  const story = tellStory({seed: 1, machines: 3, days: 0});
  let dataDir: string;
  let server: Awaited<ReturnType<typeof startEmbeddedPostgres>>;
  let cable: TcpProxy;
  let engine: Engine;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'forestock-outage-'));
    chmodSync(dataDir, 0o755); // open to the server's user
    server = await startEmbeddedPostgres({dataDir, log: silentLogger()});
    // The same address whatever port the server comes back on.
    cable = await TcpProxy.open(() => Number(new URL(server.ownerUrl).port));
    const url = Object.assign(new URL(server.ownerUrl), {port: String(cable.port)}).href;
    engine = await openEngine({
      configuration: await configurationFor({ownerUrl: url}),
      clock: {mode: 'stepped', worldAt: story.endsAt},
      log: silentLogger(),
      mode: 'propose',
      autoIssue: true,
      prepare: ({network}) => network.importMaster(story.network, 'test'),
    });
    engine.run();
  });
  afterAll(async () => {
    await engine.stop();
    await cable.close();
    await server.stop();
    rmSync(dataDir, {recursive: true});
  });

  it('A1 no PUBACK while it is away, bounded memory, and everything stored once when it is back', async () => {
    const machine = story.network['equipment']![0]!;
    const message = numbered(machine, 'vibration_mm_s', story.endsAt - 2 * DAY_MS);
    const device = await OutboxDevice.connect(engine.ingest.mqttPort!);
    for (let seq = 1; seq <= 20; seq += 1) device.send(...message(seq));
    await vi.waitFor(() => expect(device.acked).toBe(20), PATIENT);

    await server.stop();
    for (let seq = 21; seq <= 320; seq += 1) device.send(...message(seq));
    await refusedOften(engine);
    expect(device.acked).toBe(20);
    expect(engine.bus.pending()).toBeLessThanOrEqual(4096);

    server = await startEmbeddedPostgres({dataDir, log: silentLogger()});
    await vi.waitFor(() => expect(device.acked).toBe(320), PATIENT);
    const {rows} = await engine.database
      .pool('forestock_ingest')
      .query<{seq: number}>('SELECT seq FROM ingest.reading ORDER BY seq');
    expect(rows.map(({seq}) => seq)).toEqual(Array.from({length: 320}, (_, i) => i + 1));
    await device.close();
  });
});
