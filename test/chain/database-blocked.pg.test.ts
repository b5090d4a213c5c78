import pg from 'pg';
import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import type {Engine} from '../../cli/engine.ts';
import {DAY_MS} from '../../domain/time.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {openChain, tellStory} from './chain-world.ts';
import {numbered, OutboxDevice, PATIENT, storedNumbers, upTo} from './outages.ts';

/** What the embedded door takes in hand (ingest/adapters/embedded-door.ts). */
const IN_HAND_MAX = 4096;
/** One read of a socket brings some 340 of these messages, and a device's next read waits for them: 20 devices overfill the hands. */
const [DEVICES, EACH] = [20, 500] as const;

describe('the database does not answer', () => {
  const story = tellStory({seed: 1, machines: 3, days: 0});
  const message = numbered(story.network['equipment']![0]!, 'vibration_mm_s', story.endsAt - 8 * DAY_MS);
  let database: TestDatabase;
  let engine: Engine;
  let blocker: pg.Client;

  beforeAll(async () => {
    database = await openTestDatabase();
    engine = await openChain(database, story); // its loops are not run: this is between door and store
    blocker = new pg.Client({connectionString: database.ownerUrl});
    await blocker.connect();
  });
  afterAll(async () => {
    await blocker.end();
    await engine.stop();
  });

  it('A1 the door takes in hand what it may and no more, holds the devices back, and stores everything once afterwards', async () => {
    const devices = await Promise.all(
      Array.from({length: DEVICES}, (_, i) => OutboxDevice.connect(engine.ingest.mqttPort!, `device-${i}`)),
    );
    const watcher = await OutboxDevice.connect(engine.ingest.mqttPort!, 'watcher');
    await blocker.query('BEGIN; LOCK TABLE ingest.reading IN ACCESS EXCLUSIVE MODE');
    for (const seq of upTo(DEVICES * EACH)) devices[seq % DEVICES]!.send(...message(seq));

    const {counts} = engine.ingest;
    await vi.waitFor(() => expect(counts.packets).toBe(IN_HAND_MAX), PATIENT);
    for (let turn = 0; turn < 20; turn += 1) await watcher.roundTrip();
    expect(counts).toMatchObject({packets: IN_HAND_MAX, accepted: 0, refusedForNow: 0});
    expect(engine.bus.pending()).toBeLessThanOrEqual(IN_HAND_MAX);
    expect(devices.map(({acked, disconnects}) => acked + disconnects)).toEqual(devices.map(() => 0));

    await blocker.query('ROLLBACK');
    for (const device of devices) await device.hasAcked(EACH);
    expect(await storedNumbers(database.poolFor('forestock_ingest'))).toEqual(upTo(DEVICES * EACH));
    expect(counts).toMatchObject({packets: DEVICES * EACH, accepted: DEVICES * EACH, refusedForNow: 0});
    expect(devices.map(({disconnects}) => disconnects)).toEqual(devices.map(() => 0));
    for (const device of [...devices, watcher]) await device.close();
  });
});
