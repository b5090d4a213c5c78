import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {DAY_MS} from '../../domain/time.ts';
import {tellStory} from './chain-world.ts';
import {ConnectedWorld, servicesMissing} from './connected-world.ts';
import {numbered, OutboxDevice, PATIENT, storedNumbers, upTo} from './outages.ts';

const BURST = 5000;

describe.skipIf(servicesMissing)('the engine stops in the middle of a burst from the broker', () => {
  const story = tellStory({seed: 1, machines: 3, days: 0});
  const message = numbered(story.network['equipment']![0]!, 'vibration_mm_s', story.endsAt - DAY_MS, 10);
  let world: ConnectedWorld;

  beforeAll(async () => {
    world = await ConnectedWorld.open(story);
  });
  afterAll(() => world.close());

  it('A1 M3 what it has acknowledged is kept, the broker keeps the rest for the next engine, and each is stored once', async () => {
    const device = await OutboxDevice.connect(world.broker.port);
    const {counts} = world.engine.ingest;
    let sent = 0;
    device.stream(() => (sent < BURST ? message((sent += 1)) : undefined), 200);
    await vi.waitFor(() => expect(counts.accepted).toBeGreaterThan(500), PATIENT);
    await world.engine.stop();
    expect(counts.packets).toBeLessThan(BURST); // it was in the middle
    expect(counts.accepted + counts.refusedForNow).toBe(counts.packets); // nothing is in hand any more
    await device.hasAcked(BURST); // equipment noticed nothing

    await world.startEngine();
    const pool = world.database.poolFor('forestock_ingest');
    await vi.waitFor(async () => expect(await storedNumbers(pool)).toEqual(upTo(BURST)), PATIENT);
    await device.close();
  });
});
