import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import type {Engine} from '../../cli/engine.ts';
import {openTestDatabase} from '../support/database.ts';
import {NatsServer, natsMissing} from '../support/nats-server.ts';
import {openChain, tellStory} from './chain-world.ts';
import {PATIENT} from './outages.ts';
import {sendThrough, storedNumbers} from './send-through.ts';

describe.skipIf(natsMissing)('the bus goes away', () => {
  const story = tellStory({seed: 1, machines: 3, days: 0});
  let nats: NatsServer;
  let engine: Engine;

  beforeAll(async () => {
    nats = await NatsServer.start();
    engine = await openChain(await openTestDatabase(), story, {}, {NATS_URL: nats.url});
    engine.run();
  });
  afterAll(async () => {
    await engine.stop();
    await nats.stop();
  });

  it('A1 no PUBACK while it is away, bounded memory, and everything stored once when it is back', async () => {
    const sent = await sendThrough(engine, story, {
      during: 200,
      begin: () => nats.kill(),
      end: () => nats.resume(),
    });
    await vi.waitFor(async () => expect(await storedNumbers(engine)).toEqual(sent), PATIENT);
  });
});
