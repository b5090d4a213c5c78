import {describe, expect, it} from 'vitest';
import {readGauges} from '../../console/api/gauges.ts';
import {openTestDatabase} from '../support/database.ts';
import {device, openChain, sendAll, tellStory} from './chain-world.ts';

describe('a fresh installation', () => {
  it('B1 forecasts at once what was imported while it ran: the service came first, the machines later', async () => {
    const story = tellStory({seed: 3, machines: 3, days: 1});
    const database = await openTestDatabase();
    const engine = await openChain(database, story, {prepare: () => Promise.resolve()});
    await engine.settle(); // looks around in an empty network
    await engine.network.importMaster(story.network, 'test');
    const client = await device(engine);
    await sendAll(client, story.emissions);
    await engine.settle();
    const {rows} = await database.poolFor('forestock_api').query<{installed: number; forecast: number}>(
      `SELECT count(*) AS installed, count(f.component_id) AS forecast
           FROM network.installation i LEFT JOIN predict.forecast_current f USING (component_id) WHERE i.removed_at IS NULL`,
    );
    expect(rows[0]!.installed).toBeGreaterThan(0);
    expect(rows[0]!.forecast).toBe(rows[0]!.installed);
    const {lag} = await readGauges(database.poolFor('forestock_api'));
    expect(lag).toEqual({network: 0, predict: 0, signals: 0});
    await client.endAsync();
    await engine.stop();
  });
});
