import {beforeEach, describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, epochMs, plusMs} from '../../domain/time.ts';
import {sha256} from '../../platform/ids.ts';
import {openPool} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import {createPredictStore} from '../../predict/adapters/predict-store.ts';
import type {PredictStore} from '../../predict/ports.ts';
import {PredictService} from '../../predict/service.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {installBase} from '../ingest/installed-base.ts';
import {hear} from './hear.ts';
import {lineupOf} from './lineup-of.ts';

const NOW = epochMs(Date.UTC(2026, 0, 10, 12));

/** Two predictors that both think a partition is theirs: one was paused beyond its lease, and the other took over. */
describe('two predictors on one partition', () => {
  let database: TestDatabase;
  let pool: Pool;
  let now = NOW;

  beforeEach(async () => {
    now = NOW;
    database = await openTestDatabase();
    pool = database.poolFor('forestock_predict');
    const owner = openPool({url: database.ownerUrl, role: 'forestock_network', max: 1});
    await installBase(owner, ['CH-0001', 'CH-0002']);
    await owner.query(`
      UPDATE network.component_class SET weibull_shape = 2, weibull_scale_h = 20000;
      INSERT INTO network.component (component_id, class_id, part_id) VALUES ('C-1', 'compressor', 'P-1'), ('C-2', 'compressor', 'P-1');
      INSERT INTO network.installation (equipment_no, position_id, installed_at, component_id, source_key)
        SELECT equipment_no, 'comp1', '2025-06-01T00:00:00Z', 'C-' || right(equipment_id, 1), equipment_id FROM network.equipment`);
    await owner.end();
  });

  /** A predictor whose commits wait for `held`, as if it had been paused there. */
  function predictor(held?: Promise<void>): {service: PredictService; arrived: Promise<void>} {
    let arrive!: () => void;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const rows = createPredictStore(pool);
    const store: PredictStore = {
      ...rows,
      commit: async (work) => {
        arrive();
        await held;
        await rows.commit(work);
      },
    };
    const service = new PredictService({
      store,
      lineup: () => lineupOf(),
      now: () => now,
      digest: (text) => sha256(text).readUIntBE(0, 6),
      report: (problem) => expect.unreachable(problem),
    });
    return {service, arrived};
  }

  function pause(): {held: Promise<void>; goOn: () => void} {
    let goOn!: () => void;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    return {held, goOn};
  }

  const forecasts = async (): Promise<unknown[]> =>
    (
      await pool.query<Record<string, unknown>>(
        'SELECT component_id, as_of, revision, cause, log_seq_through FROM predict.forecast ORDER BY 1, 2, 3',
      )
    ).rows;

  /** Hourly readings from a day ago on. */
  const hearHourly = (fromSeq: number, count: number): Promise<void> =>
    hear(
      database,
      Array.from({length: count}, (_, i) => ({
        seq: fromSeq + i,
        observedAt: epochMs(NOW - DAY_MS + (fromSeq + i) * HOUR_MS),
      })),
      now,
    );

  it('B1 only one of two that renew the same forecasts writes them, also when an hour lies between', async () => {
    const {held, goOn} = pause();
    const paused = predictor(held);
    const late = paused.service.renewStale();
    await paused.arrived;
    now = plusMs(NOW, HOUR_MS);
    const {service} = predictor();
    expect(await service.renewStale()).toMatchObject({forecasts: 2});
    const written = await forecasts();
    expect(written).toEqual(
      ['C-1', 'C-2'].map((id) => ({
        component_id: id,
        as_of: plusMs(NOW, HOUR_MS),
        revision: 0,
        cause: 'age',
        log_seq_through: 0,
      })),
    );
    goOn();
    await expect(late).rejects.toMatchObject({code: 'checkpoint-moved', retryable: true});
    expect(await forecasts()).toEqual(written);
    expect(await paused.service.renewStale()).toMatchObject({forecasts: 0}); // looks again, finds nothing to do
  });

  it('B1 a renewal that knows less of the log than another predictor has followed is not written', async () => {
    const {held, goOn} = pause();
    const paused = predictor(held);
    const late = paused.service.renewStale();
    await paused.arrived;
    await hearHourly(1, 12);
    const {service} = predictor();
    expect(await service.runOnce()).toMatchObject({rows: 12});
    const written = await forecasts();
    goOn();
    await expect(late).rejects.toMatchObject({code: 'checkpoint-moved'});
    expect(await forecasts()).toEqual(written);
  });

  it('B1 a run along the log that does not know of a renewal is not written, and done again it is', async () => {
    await hearHourly(1, 12);
    const {held, goOn} = pause();
    const paused = predictor(held);
    const late = paused.service.runOnce();
    await paused.arrived;
    expect(await predictor().service.renewStale()).toMatchObject({forecasts: 2});
    goOn();
    await expect(late).rejects.toMatchObject({code: 'checkpoint-moved'});
    expect(await paused.service.runOnce()).toMatchObject({rows: 12});
  });

  it('a slice that leads to nothing moves no checkpoint back that another predictor has moved on', async () => {
    await hearHourly(1, 3);
    await predictor().service.runOnce();
    const hearQuietly = (seq: number): Promise<void> =>
      hear(database, [{seq, observedAt: epochMs(NOW - DAY_MS + 3 * HOUR_MS + seq)}], now);
    await hearQuietly(4);
    const {held, goOn} = pause();
    const paused = predictor(held);
    const late = paused.service.runOnce();
    await paused.arrived;
    const {service} = predictor();
    expect(await service.runOnce()).toMatchObject({rows: 1, forecasts: 0});
    await hearQuietly(5);
    expect(await service.runOnce()).toMatchObject({rows: 1, forecasts: 0});
    goOn();
    await expect(late).rejects.toMatchObject({code: 'checkpoint-moved', retryable: true});
    expect(await paused.service.runOnce()).toMatchObject({rows: 0});
  });

  it('B1 a renewal says how much of the log it knows', async () => {
    await hearHourly(1, 12);
    const {service} = predictor();
    await service.runOnce();
    now = plusMs(NOW, 2 * DAY_MS);
    expect(await service.renewStale()).toMatchObject({forecasts: 2});
    expect(await forecasts()).toContainEqual({
      component_id: 'C-1',
      as_of: now,
      revision: 0,
      cause: 'age',
      log_seq_through: 12,
    });
  });

  it('one predictor does one thing at a time: following and renewing at once lose nothing', async () => {
    await hearHourly(1, 12);
    const {service} = predictor();
    const [followed, renewed] = await Promise.all([service.runOnce(), service.renewStale()]);
    expect(followed.rows).toBe(12);
    expect(renewed.forecasts).toBeGreaterThan(0);
  });

  it('invariant I3: what a predictor remembers is dropped when another one has followed a late reading meanwhile', async () => {
    const lastWords = async (): Promise<unknown[]> =>
      (
        await pool.query<Record<string, unknown>>(
          `SELECT DISTINCT ON (component_id, as_of) component_id, as_of, input_digest FROM predict.forecast
            ORDER BY component_id, as_of, revision DESC`,
        )
      ).rows;
    const [first, second] = [predictor().service, predictor().service];
    await hearHourly(1, 3);
    await hearHourly(5, 3);
    await first.runOnce();
    await hearHourly(4, 1);
    await second.runOnce();
    await hearHourly(8, 3);
    await first.runOnce();
    const byTwo = await lastWords();
    expect(byTwo.length).toBeGreaterThan(5);
    for (const table of [
      'forecast',
      'forecast_current',
      'feature_bucket',
      'equipment_progress',
      'checkpoint',
    ])
      await pool.query(`DELETE FROM predict.${table}`);
    await predictor().service.runOnce();
    expect(await lastWords()).toEqual(byTwo);
  });
});
