import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Engine} from '../../cli/engine.ts';
import {DAY_MS, HOUR_MS, plusMs} from '../../domain/time.ts';
import {START, device, openChain, sendAll, tellStory} from '../chain/chain-world.ts';
import {openTestDatabase, type TestDatabase} from '../support/database.ts';

const SEED = 12;
const FALLS_SILENT_AT = plusMs(START, DAY_MS);

/** A fleet of six for three days; after the first, one machine says nothing more. */
describe('a machine that falls silent', () => {
  const story = tellStory({seed: SEED, machines: 6, days: 3});
  const silent = story.emissions[0]!.equipmentId;
  let database: TestDatabase;
  let engine: Engine;

  beforeAll(async () => {
    database = await openTestDatabase();
    engine = await openChain(database, story, {clock: {mode: 'stepped', worldAt: START}});
    const client = await device(engine);
    let from = START;
    while (from < story.endsAt) {
      const to = plusMs(from, 6 * HOUR_MS);
      await engine.clock.advanceTo(to);
      const heard = story.emissions.filter(
        ({arrivesAt: at, equipmentId}) =>
          at > from && at <= to && (equipmentId !== silent || at <= FALLS_SILENT_AT),
      );
      await sendAll(client, heard);
      await engine.settle();
      from = to;
    }
    await client.endAsync();
  });
  afterAll(async () => {
    await engine.stop();
    await database.close();
  });

  const rows = async <T extends object>(sql: string): Promise<T[]> =>
    (await database.poolFor('forestock_api').query<T>(sql, [silent])).rows;

  it('A2 keeps its last forecasts: silence alone neither raises nor renews them', async () => {
    const after = await rows(
      `SELECT f.as_of FROM predict.forecast f JOIN network.equipment e USING (equipment_no)
        WHERE e.equipment_id = $1 AND f.as_of > '${new Date(FALLS_SILENT_AT).toISOString()}'`,
    );
    expect(after).toEqual([]);
    const standing = await rows<{method: string; as_of: number}>(
      `SELECT f.method, f.as_of FROM predict.forecast_current f JOIN network.equipment e USING (equipment_no) WHERE e.equipment_id = $1`,
    );
    expect(standing.length).toBeGreaterThan(3);
    for (const {method, as_of: asOf} of standing) {
      expect(method).toBe('model');
      expect(asOf).toBeGreaterThan(FALLS_SILENT_AT - 2 * HOUR_MS);
    }
  });

  it('A2 raises one alert on its data, and no signal asks for its parts', async () => {
    expect(
      await rows(`SELECT kind, state FROM replenish.alert WHERE kind = 'equipment-silent' AND subject = $1`),
    ).toEqual([{kind: 'equipment-silent', state: 'open'}]);
    const signals = await rows<{cause_ref: string}>(
      `SELECT s.cause_ref FROM replenish.demand_signal s
        WHERE s.cause_kind = 'forecast' AND s.world_at > '${new Date(FALLS_SILENT_AT).toISOString()}'
          AND split_part(s.cause_ref, '|', 1) IN (SELECT i.component_id FROM network.installation i JOIN network.equipment e USING (equipment_no)
                                                   WHERE e.equipment_id = $1)`,
    );
    expect(signals).toEqual([]);
  });

  it('A2 the others are forecast as ever', async () => {
    const others = await rows<{n: number}>(
      `SELECT count(DISTINCT f.as_of) AS n FROM predict.forecast f JOIN network.equipment e USING (equipment_no)
        WHERE e.equipment_id <> $1 AND f.as_of > '${new Date(FALLS_SILENT_AT).toISOString()}'`,
    );
    expect(others[0]!.n).toBeGreaterThan(40);
  });
});
