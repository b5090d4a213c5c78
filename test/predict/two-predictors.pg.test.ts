import {beforeEach, describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, epochMs, plusMs} from '../../domain/time.ts';
import {SequenceLog} from '../../ingest/store/sequence-log.ts';
import {SignalSets} from '../../ingest/store/signal-sets.ts';
import {storeBatch} from '../../ingest/store/store-batch.ts';
import {sha256} from '../../platform/ids.ts';
import {openPool} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import {createPredictStore} from '../../predict/adapters/predict-store.ts';
import type {PredictStore} from '../../predict/ports.ts';
import {PredictService} from '../../predict/service.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {readingOf} from '../ingest/envelopes.ts';
import {installBase} from '../ingest/installed-base.ts';

const NOW = epochMs(Date.UTC(2026, 0, 10, 12));
/** The partition that installBase gives to its equipment. */
const PARTITION = 3;

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
      scorer: {backend: 'none', models: [], score: async () => [], close: async () => undefined},
      now: () => now,
      digest: (text) => sha256(text).readUIntBE(0, 6),
      fallenBack: new Set(),
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

  /** Hourly readings of the first machine, stored and followed by the network stage. */
  async function hear(fromSeq: number, count: number): Promise<void> {
    const ingest = database.poolFor('forestock_ingest');
    const store = {
      pool: ingest,
      signalSets: new SignalSets(ingest),
      sequences: new SequenceLog(),
      weeks: new Set<number>(),
    };
    const batch = Array.from({length: count}, (_, i) => ({
      message: readingOf(1, fromSeq + i, {observedAt: NOW - DAY_MS + (fromSeq + i) * HOUR_MS}),
      partitionNo: PARTITION,
    }));
    const {heads} = await storeBatch(store, batch, now);
    await database
      .poolFor('forestock_network')
      .query(
        `INSERT INTO network.checkpoint VALUES ('network', $1, $2) ON CONFLICT (stage, partition_no) DO UPDATE SET log_seq = excluded.log_seq`,
        [PARTITION, heads.get(PARTITION)],
      );
  }

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
    await hear(1, 12);
    const {service} = predictor();
    expect(await service.runOnce()).toMatchObject({rows: 12});
    const written = await forecasts();
    goOn();
    await expect(late).rejects.toMatchObject({code: 'checkpoint-moved'});
    expect(await forecasts()).toEqual(written);
  });

  it('B1 a run along the log that does not know of a renewal is not written, and done again it is', async () => {
    await hear(1, 12);
    const {held, goOn} = pause();
    const paused = predictor(held);
    const late = paused.service.runOnce();
    await paused.arrived;
    expect(await predictor().service.renewStale()).toMatchObject({forecasts: 2});
    goOn();
    await expect(late).rejects.toMatchObject({code: 'checkpoint-moved'});
    expect(await paused.service.runOnce()).toMatchObject({rows: 12});
  });

  it('B1 a renewal says how much of the log it knows', async () => {
    await hear(1, 12);
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
    await hear(1, 12);
    const {service} = predictor();
    const [followed, renewed] = await Promise.all([service.runOnce(), service.renewStale()]);
    expect(followed.rows).toBe(12);
    expect(renewed.forecasts).toBeGreaterThan(0);
  });

  it('what a predictor remembers is dropped when another one has followed the log meanwhile', async () => {
    const [first, second] = [predictor().service, predictor().service];
    await hear(1, 6);
    await first.runOnce();
    await hear(7, 6);
    await second.runOnce();
    await hear(13, 6);
    await first.runOnce();
    const told = await pool.query('SELECT * FROM predict.equipment_progress');
    const all = await forecasts();
    // The same story told to one alone.
    await pool.query('DELETE FROM predict.forecast; DELETE FROM predict.forecast_current');
    await pool.query(
      'DELETE FROM predict.feature_bucket; DELETE FROM predict.equipment_progress; DELETE FROM predict.checkpoint',
    );
    await predictor().service.runOnce();
    expect((await pool.query('SELECT * FROM predict.equipment_progress')).rows).toEqual(told.rows);
    const alone = (await forecasts()).map((row) => ({...(row as object), log_seq_through: 0}));
    expect(all.map((row) => ({...(row as object), log_seq_through: 0}))).toEqual(alone);
  });
});
