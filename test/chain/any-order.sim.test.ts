import {describe, expect, it} from 'vitest';
import {createRandom} from './shuffle.ts';
import {openTestDatabase} from '../support/database.ts';
import type {Emission} from '../../simulator/fleet.ts';
import {device, finalForecasts, openChain, sendAll, storedSet, tellStory} from './chain-world.ts';

/** Replay one with: npx vitest run test/chain/any-order -t "seed 3" */
const SEEDS = [3, 4, 5];

describe('the order of arrival', () => {
  for (const seed of SEEDS) {
    it(`A2 invariant I3: shuffled, repeated and late input gives the same rows and the same final forecasts (seed ${seed})`, async () => {
      const story = tellStory({seed, machines: 6, days: 2});
      const run = async (deliveries: readonly (readonly Emission[])[]): Promise<[unknown[], unknown[]]> => {
        const database = await openTestDatabase();
        const engine = await openChain(database, story);
        const client = await device(engine);
        for (const delivery of deliveries) {
          await sendAll(client, delivery);
          await engine.settle();
        }
        await client.endAsync();
        await engine.stop();
        const pool = database.poolFor('forestock_predict');
        const outcome: [unknown[], unknown[]] = [await storedSet(pool), await finalForecasts(pool)];
        await database.close();
        return outcome;
      };

      const random = createRandom(seed);
      const [rows, forecasts] = await run([story.emissions]);
      const shuffled = random.shuffle([...story.emissions, ...random.some(story.emissions, 0.2)]);
      const [rowsAgain, forecastsAgain] = await run(random.cut(shuffled, 6));
      expect(rows.length).toBeGreaterThan(1000);
      expect(forecasts.length).toBeGreaterThan(500);
      expect(rowsAgain).toEqual(rows);
      expect(forecastsAgain).toEqual(forecasts);
    });
  }
});
