import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {openEngine} from '../../cli/engine.ts';
import type {Engine} from '../../cli/engine.ts';
import {DAY_MS} from '../../domain/time.ts';
import {silentLogger} from '../../platform/log.ts';
import {openTestDatabase} from '../support/database.ts';
import {NatsServer, natsMissing} from '../support/nats-server.ts';
import {configurationFor, tellStory} from './chain-world.ts';
import {numbered, OutboxDevice, PATIENT, refusedOften} from './outages.ts';

describe.skipIf(natsMissing)('the bus goes away', () => {
  const story = tellStory({seed: 1, machines: 3, days: 0});
  let nats: NatsServer;
  let engine: Engine;

  beforeAll(async () => {
    nats = await NatsServer.start();
    engine = await openEngine({
      configuration: await configurationFor(await openTestDatabase(), {NATS_URL: nats.url}),
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
    await nats.stop();
  });

  it('A1 no PUBACK while it is away, bounded memory, and everything stored once when it is back', async () => {
    const machine = story.network['equipment']![0]!;
    const message = numbered(machine, 'vibration_mm_s', story.endsAt - 2 * DAY_MS);
    const device = await OutboxDevice.connect(engine.ingest.mqttPort!);
    for (let seq = 1; seq <= 20; seq += 1) device.send(...message(seq));
    await vi.waitFor(() => expect(device.acked).toBe(20), PATIENT);

    await nats.kill();
    for (let seq = 21; seq <= 220; seq += 1) device.send(...message(seq));
    await refusedOften(engine);
    expect(device.acked).toBe(20);
    expect(engine.bus.pending()).toBeLessThanOrEqual(4096);

    await nats.resume();
    await vi.waitFor(() => expect(device.acked).toBe(220), PATIENT);
    const pool = engine.database.pool('forestock_ingest');
    await vi.waitFor(async () => {
      const {rows} = await pool.query<{seq: number}>('SELECT seq FROM ingest.reading ORDER BY seq');
      expect(rows.map(({seq}) => seq)).toEqual(Array.from({length: 220}, (_, i) => i + 1));
    }, PATIENT);
    await device.close();
  });
});
