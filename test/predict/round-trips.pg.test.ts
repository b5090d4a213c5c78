import {beforeEach, describe, expect, it} from 'vitest';
import {HOUR_MS, MINUTE_MS, epochMs, plusMs} from '../../domain/time.ts';
import {sha256} from '../../platform/ids.ts';
import {openPool} from '../../platform/pg.ts';
import {createPredictStore} from '../../predict/adapters/predict-store.ts';
import {PredictService} from '../../predict/service.ts';
import {installBase} from '../ingest/installed-base.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {countRoundTrips} from '../support/round-trips.ts';
import type {RoundTrips} from '../support/round-trips.ts';
import {hear} from './hear.ts';
import {lineupOf} from './lineup-of.ts';

const NOW = epochMs(Date.UTC(2026, 0, 10, 12));

/** What a slice of readings costs at the database, once its machine is known. */
describe('round trips of a run', () => {
  let database: TestDatabase;
  let trips: RoundTrips;
  let service: PredictService;

  beforeEach(async () => {
    database = await openTestDatabase();
    const owner = openPool({url: database.ownerUrl, role: 'forestock_network', max: 1});
    await installBase(owner, ['CH-0001']);
    await owner.query(`
      UPDATE network.component_class SET weibull_shape = 2, weibull_scale_h = 20000;
      INSERT INTO network.component (component_id, class_id, part_id) VALUES ('C-1', 'compressor', 'P-1');
      INSERT INTO network.installation (equipment_no, position_id, installed_at, component_id, source_key)
        SELECT equipment_no, 'comp1', '2025-06-01T00:00:00Z', 'C-1', equipment_id FROM network.equipment`);
    await owner.end();
    trips = countRoundTrips(database.poolFor('forestock_predict'));
    service = new PredictService({
      store: createPredictStore(trips.pool),
      lineup: () => lineupOf(),
      now: () => NOW,
      digest: (text) => sha256(text).readUIntBE(0, 6),
      report: (problem) => expect.unreachable(problem),
    });
    for (const hour of [0, 1, 2]) await say(hour, hour * HOUR_MS);
  });

  async function say(seq: number, afterMs: number) {
    await hear(database, [{seq, observedAt: plusMs(NOW, afterMs - 5 * HOUR_MS)}], NOW);
    trips.taken();
    return {run: await service.runOnce(), ...trips.taken()};
  }

  it('readings that close no interval are followed in three', async () => {
    const quiet = await say(3, 2 * HOUR_MS + 10 * MINUTE_MS);
    expect(quiet).toMatchObject({run: {rows: 1, forecasts: 0}});
    expect(quiet).toMatchObject({statements: 4, waits: 3});
  });

  it('readings that close an interval are forecast, and everything is committed, in eight', async () => {
    const telling = await say(3, 3 * HOUR_MS);
    expect(telling).toMatchObject({run: {rows: 1, forecasts: 1}});
    expect(telling).toMatchObject({statements: 18, waits: 8});
  });
});
