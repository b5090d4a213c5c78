import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {DAY_MS, epochMs, HOUR_MS} from '../../domain/time.ts';
import type {Pool} from '../../platform/pg.ts';
import {tellStory} from './chain-world.ts';
import {ConnectedWorld, servicesMissing} from './connected-world.ts';
import {numbered, OutboxDevice, PATIENT, refusedOften, storedNumbers, upTo} from './outages.ts';

describe.skipIf(servicesMissing)('the broker goes away', () => {
  const story = tellStory({seed: 1, machines: 6, days: 0});
  const message = numbered(story.network['equipment']![0]!, 'vibration_mm_s', story.endsAt - 2 * DAY_MS);
  let world: ConnectedWorld;
  let pool: Pool;

  beforeAll(async () => {
    world = await ConnectedWorld.open(story);
    pool = world.database.poolFor('forestock_ingest');
  });
  afterAll(() => world.close());

  const send = (device: OutboxDevice, from: number, to: number): void => {
    for (let seq = from; seq <= to; seq += 1) device.send(...message(seq));
  };
  const storedUpTo = (last: number): Promise<void> =>
    vi.waitFor(async () => expect(await storedNumbers(pool)).toEqual(upTo(last)), PATIENT);

  async function alerts(): Promise<readonly string[]> {
    const {rows} = await pool.query<{alert: string}>(
      `SELECT concat_ws(' ', kind, subject, state) AS alert FROM replenish.alert
        WHERE kind IN ('telemetry-outage', 'equipment-silent') ORDER BY 1`,
    );
    return rows.map(({alert}) => alert);
  }

  it('A1 A2 killed with messages in hand and in its store: none missing, one alert for all machines, no restart of ours', async () => {
    const {engine, broker, nats} = world;
    const device = await OutboxDevice.connect(broker.port);
    send(device, 1, 20);
    await storedUpTo(20);

    // Without its bus the engine can take nothing: what the broker has acknowledged from now on is only there.
    await nats.kill();
    send(device, 21, 220);
    await device.hasAcked(220);
    await refusedOften(engine);
    await broker.save();
    await broker.kill();
    send(device, 221, 300);
    await nats.resume();

    // Hours go by: every machine is overdue, and nobody is told more than that the line is down.
    await vi.waitFor(() => expect(engine.ingest.door.state()).toBe('down'), PATIENT);
    for (const hours of [3, 6, 9]) {
      await engine.clock.advanceTo(epochMs(story.endsAt + hours * HOUR_MS));
      await engine.ingest.watch();
    }
    expect(await alerts()).toEqual(['telemetry-outage all open']);
    expect(device.acked).toBe(220);

    await broker.resume();
    await device.hasAcked(300);
    await storedUpTo(300);
    // The door has a connection for events and one for telemetry; the second one back may still be on its way.
    await vi.waitFor(() => expect(engine.ingest.door.state()).toBe('up'), PATIENT);

    // The line is up as soon as the machines speak, and that was all that anybody heard of it.
    for (const row of story.network['equipment']!)
      device.send(...numbered(row, 'vibration_mm_s', story.endsAt - DAY_MS)(1000));
    await vi.waitFor(async () => {
      await engine.ingest.watch();
      expect(await alerts()).toEqual(['telemetry-outage all cleared']);
    }, PATIENT);
    await device.close();
  });
});
