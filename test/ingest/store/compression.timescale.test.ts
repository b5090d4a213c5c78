import {beforeEach, describe, expect, it} from 'vitest';
import type {Reading} from '../../../domain/reading.ts';
import {DAY_MS, epochMs} from '../../../domain/time.ts';
import {createPredictStore} from '../../../predict/adapters/predict-store.ts';
import type {Pool} from '../../../platform/pg.ts';
import {openTestDatabase} from '../../support/database.ts';
import type {TestDatabase} from '../../support/database.ts';
import {readingOf} from '../envelopes.ts';
import {KEPT, NOW, daysAgo, lastRound, openStore, storeMaintenance} from './store-world.ts';

/** Runs on the server of TIMESCALE_URL, which loads TimescaleDB. */
describe.skipIf(process.env['TIMESCALE_URL'] === undefined)('TimescaleDB', () => {
  let database: TestDatabase;
  let pool: Pool;
  let put: ReturnType<typeof openStore>;
  const OLD = KEPT.compressAfterDays + 20;

  beforeEach(async () => {
    database = await openTestDatabase();
    pool = database.poolFor('forestock_ingest');
    put = openStore(pool);
  });

  const old = (equipmentNo: number, seq: number): Reading =>
    readingOf(equipmentNo, seq, {observedAt: daysAgo(OLD) + seq * 1000});
  /** Chunks of readings by age: how many are compressed. */
  const chunks = async (): Promise<boolean[]> =>
    (
      await pool.query<{is_compressed: boolean}>(
        `SELECT is_compressed FROM timescaledb_information.chunks WHERE hypertable_name = 'reading' ORDER BY range_end`,
      )
    ).rows.map((row) => row.is_compressed);
  const count = async (): Promise<number> =>
    (await pool.query<{n: number}>('SELECT count(*) AS n FROM ingest.reading')).rows[0]!.n;
  const night = (nth: number): ReturnType<typeof epochMs> => epochMs(NOW + nth * DAY_MS);

  it('holds readings and events in hypertables, and no job of its own works on them', async () => {
    const tables = await pool.query<{hypertable_name: string}>(
      `SELECT hypertable_name FROM timescaledb_information.hypertables WHERE hypertable_schema = 'ingest' ORDER BY 1`,
    );
    expect(tables.rows.map((row) => row.hypertable_name)).toEqual(['equipment_event', 'reading']);
    const jobs = await pool.query(
      'SELECT 1 FROM timescaledb_information.jobs WHERE hypertable_schema IS NOT NULL',
    );
    expect(jobs.rowCount).toBe(0);
  });

  it('compresses the chunks that are old enough, without changing what is read', async () => {
    const rows = [old(1, 1), old(1, 2), old(2, 1), readingOf(1, 9)];
    await put(...rows);
    const read = async (): Promise<unknown[]> =>
      (await pool.query<Record<string, unknown>>('SELECT * FROM ingest.reading ORDER BY log_seq')).rows;
    const before = await read();
    const maintenance = storeMaintenance(pool);
    await maintenance.runOnce(NOW);
    expect((await lastRound(pool)).done['readings']).toEqual({dropped: 0, compressed: 1});
    expect(await chunks()).toEqual([true, false]);
    expect(await read()).toEqual(before);
    await maintenance.runOnce(night(1));
    expect((await lastRound(pool)).done['readings']).toEqual({dropped: 0, compressed: 0});
  });

  it('A1 a late reading into a compressed chunk is stored once, compressed the next night, and never lost', async () => {
    await put(old(1, 1), old(1, 2), old(2, 1));
    const maintenance = storeMaintenance(pool);
    await maintenance.runOnce(NOW);
    expect(await put(old(1, 3))).toMatchObject({stored: 1, repeated: 0});
    expect(await put(old(1, 3))).toMatchObject({stored: 0, repeated: 1});
    await maintenance.runOnce(night(1));
    expect((await lastRound(pool)).done['readings']).toEqual({dropped: 0, compressed: 1});
    expect(await put(old(1, 3), old(1, 1))).toMatchObject({stored: 0, repeated: 2});
    expect(await count()).toBe(4);
  });

  it('a compressed reading is known by its identity: repeats and conflicts are told apart', async () => {
    await put(old(1, 1), old(1, 2));
    await storeMaintenance(pool).runOnce(NOW);
    put = openStore(pool); // a process that remembers nothing
    expect(await put(old(1, 1))).toMatchObject({stored: 0, repeated: 1, conflicts: 0});
    const sameTime = readingOf(1, 1, {observedAt: old(1, 1).observedAt, values: {temperature_c: 99}});
    const otherTime = readingOf(1, 2, {observedAt: daysAgo(1)});
    expect(await put(sameTime, otherTime)).toMatchObject({stored: 0, conflicts: 2});
    expect(await count()).toBe(2);
  });

  it('predict finds a late reading by its place in the log, though its chunk is left out by the range of the others', async () => {
    await put(old(1, 1), old(2, 1));
    const maintenance = storeMaintenance(pool);
    await maintenance.runOnce(NOW);
    await put(readingOf(1, 9));
    const late = old(2, 2);
    await put(late);
    const expectLate = async (): Promise<void> => {
      const network = database.poolFor('forestock_network');
      await network.query(`INSERT INTO network.checkpoint VALUES ('network', 2, 4) ON CONFLICT DO NOTHING`);
      const predict = database.poolFor('forestock_predict');
      await predict.query(`INSERT INTO predict.checkpoint VALUES ('predict', 2, 3) ON CONFLICT DO NOTHING`);
      const slice = await createPredictStore(predict).readLog(1000, epochMs(0));
      expect(slice.readings).toEqual([{equipmentNo: 2, observedAt: late.observedAt}]);
    };
    await expectLate();
    await maintenance.runOnce(night(1));
    expect(await chunks()).toEqual([true, false]);
    await expectLate();
  });

  it('takes more late readings at once than TimescaleDB unpacks in a transaction', async () => {
    const machines = Array.from({length: 120}, (_, i) => i + 1);
    const first = machines.flatMap((no) => Array.from({length: 1000}, (_, seq) => old(no, 2 * seq)));
    for (let from = 0; from < first.length; from += 20_000) await put(...first.slice(from, from + 20_000));
    await storeMaintenance(pool).runOnce(NOW);
    const late = machines.flatMap((no) => [old(no, 501), old(no, 1501)]);
    expect(await put(...late)).toMatchObject({stored: 240, repeated: 0});
    expect(await count()).toBe(120_240);
  });

  it('drops compressed chunks past their days', async () => {
    await put(old(1, 1), readingOf(1, 9));
    const maintenance = storeMaintenance(pool);
    await maintenance.runOnce(NOW);
    expect(await chunks()).toEqual([true, false]);
    await maintenance.runOnce(night(KEPT.keepReadingsDays - OLD + 8));
    expect((await lastRound(pool)).done['readings']).toMatchObject({dropped: 1});
    expect(await count()).toBe(1);
  });
});
