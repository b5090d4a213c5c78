import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Engine} from '../../cli/engine.ts';
import {DAY_MS, epochMs, toIso} from '../../domain/time.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {configurationFor, device, openChain, sendAll, tellStory} from './chain-world.ts';

const STAGES = ['platform', 'predict', 'replenish', 'store'];

describe('maintenance in the running service', () => {
  const story = tellStory({seed: 3, machines: 2, days: 1});
  let database: TestDatabase;
  let engine: Engine;

  beforeEach(async () => {
    database = await openTestDatabase();
    const configuration = await configurationFor(database, {FORESTOCK_KEEP_READINGS_DAYS: '90'});
    engine = await openChain(database, story, {configuration});
  });
  afterEach(() => engine.stop());

  const one = async <T>(sql: string): Promise<T[]> =>
    (await database.poolFor('forestock_api').query<{v: T}>(sql)).rows.map(({v}) => v);

  it('the platform, predict, replenish and the store each do their nightly round as the clock gets there', async () => {
    const completed = (): Promise<string[]> =>
      one(
        `SELECT key || ' ' || (payload->>'completedAt') AS v FROM platform.world_timer WHERE kind = 'maintenance' ORDER BY key`,
      );
    await engine.settle();
    const first = toIso(story.endsAt);
    expect(await completed()).toEqual(STAGES.map((stage) => `${stage} ${first}`));
    const tomorrow = epochMs(story.endsAt + DAY_MS);
    await engine.clock.advanceTo(tomorrow);
    await engine.settle();
    expect(await completed()).toEqual(STAGES.map((stage) => `${stage} ${toIso(tomorrow)}`));
  });

  it('the door refuses what is older than readings are kept', async () => {
    const client = await device(engine);
    const [first] = story.emissions.filter(({topic}) => topic.startsWith('telemetry/'));
    const aged = (days: number): {topic: string; payload: string} => ({
      topic: first!.topic,
      payload: JSON.stringify({
        ...(JSON.parse(first!.payload) as object),
        observedAt: toIso(epochMs(story.endsAt - days * DAY_MS)),
        seq: 900_000 + days,
      }),
    });
    await sendAll(client, [aged(91), aged(89)]);
    await client.endAsync();
    await engine.settle();
    expect(await one('SELECT reason AS v FROM ingest.dead_letter')).toEqual(['too-old']);
    expect(await one('SELECT seq AS v FROM ingest.reading')).toEqual([900_089]);
  });
});
