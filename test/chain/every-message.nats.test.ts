import mqtt from 'mqtt';
import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {sendAll} from './chain-world.ts';
import {ConnectedWorld, servicesMissing} from './connected-world.ts';
import {keptLetters, storedNames, tellMessyStory} from './messy-story.ts';
import {PATIENT} from './outages.ts';

describe.skipIf(servicesMissing)('everything that equipment sends through broker and bus', () => {
  const {story, first, then, ideal, letters} = tellMessyStory(3);
  let world: ConnectedWorld;

  beforeAll(async () => {
    world = await ConnectedWorld.open(story);
  });
  afterAll(() => world.close());

  it('A1 invariant I2: duplicates, late and broken messages leave the ideal set, and exactly the dead letters they must', async () => {
    const {counts} = world.engine.ingest;
    const {metrics} = world.engine.storing;
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${world.broker.port}`, {protocolVersion: 5});
    /** The broker's PUBACK says nothing of us: everything sent has been judged, and stored where it was good. */
    const settled = (sent: number): Promise<void> =>
      vi.waitFor(() => {
        const rejected = Object.values(counts.rejected).reduce((sum, letters) => sum + letters, 0);
        expect(counts.accepted + rejected).toBe(sent);
        expect(metrics.stored + metrics.repeated + metrics.conflicts).toBe(counts.accepted);
      }, PATIENT);
    await sendAll(client, first);
    await settled(first.length);
    await sendAll(client, then);
    await settled(first.length + then.length);
    await client.endAsync();

    const pool = world.database.poolFor('forestock_ingest');
    expect(await storedNames(pool)).toEqual(ideal);
    expect(await keptLetters(pool)).toEqual(letters);
  });
});
