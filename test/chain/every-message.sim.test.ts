import {describe, expect, it} from 'vitest';
import {openTestDatabase} from '../support/database.ts';
import {device, openChain, sendAll} from './chain-world.ts';
import {keptLetters, storedNames, tellMessyStory} from './messy-story.ts';

describe('everything that equipment sends', () => {
  for (const seed of [1, 2]) {
    it(`A1 invariant I2: every message is stored once, or is a dead letter with its reason (seed ${seed})`, async () => {
      const {story, first, then, ideal, letters} = tellMessyStory(seed);
      const database = await openTestDatabase();
      const engine = await openChain(database, story);
      const client = await device(engine);
      await sendAll(client, first);
      await sendAll(client, then);
      await client.endAsync();
      await engine.stop();

      const pool = database.poolFor('forestock_ingest');
      expect(await storedNames(pool)).toEqual(ideal);
      expect(await keptLetters(pool)).toEqual(letters);
      await database.close();
    });
  }
});
