import {beforeEach, describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, epochMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {WorldClock} from '../../platform/clock.ts';
import {repositoryRoot} from '../../platform/migrate.ts';
import {setParameter} from '../../platform/parameters.ts';
import {openPool} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import {findWatched} from '../../predict/api.ts';
import {enrol, modelHistory} from '../../predict/adapters/model-registry.ts';
import {loadModels} from '../../predict/adapters/model-store.ts';
import type {StoredModel} from '../../predict/adapters/model-store.ts';
import {createWatchStore} from '../../predict/adapters/watch-rows.ts';
import {openModelDesk} from '../../predict/main.ts';
import {seededGenerator} from '../../predict/training/seeded.ts';
import {DEFAULT_WATCH_RULES, type WatchRules} from '../../predict/core/watch-rules.ts';
import {dryRunWatch} from '../../predict/dry-run.ts';
import {watchModels} from '../../predict/watch.ts';
import {installBase} from '../ingest/installed-base.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';

/** 84 days divide it, so windows of every length begin then. */
const START = epochMs(84 * 240 * DAY_MS);
const NIGHTS = 84;
const NOW = epochMs(START + NIGHTS * DAY_MS + 3 * HOUR_MS);
const MACHINES = 60;
const [chiller] = (await loadModels(`${repositoryRoot()}/models`)) as [StoredModel];
const VERSION = chiller.modelVersionId;
/** What the model says of everybody: 40 % within 28 days, evenly. */
const HAZARD_PER_H = -Math.log(1 - 0.4) / 672;

describe('the nightly look at models', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeEach(async () => {
    database = await openTestDatabase();
    pool = database.poolFor('forestock_predict');
    await enrol(pool, chiller, START);
  });

  /** Machines whose compressors fail at so many times the stated hazard, each replaced at once, and forecast at every midnight. */
  async function live(factor: number, seed = 5): Promise<void> {
    const owner = openPool({url: database.ownerUrl, role: 'forestock_network', max: 1});
    const machines = Array.from({length: MACHINES}, (_, i) => `CH-${String(i).padStart(4, '0')}`);
    await installBase(owner, machines);
    await owner.query(`
      INSERT INTO network.depot (depot_id, site_id, party_id, echelon) VALUES ('WAW-1', 'AMS', 'customer-1', 'regional');
      INSERT INTO network.service_area (equipment_no, depot_id, transit_h) SELECT equipment_no, 'WAW-1', 4 FROM network.equipment LIMIT 20`);
    const random = seededGenerator(seed);
    const lives = machines.flatMap((machine) => {
      const own: {component: string; machine: string; from: number; to: number | null}[] = [];
      for (let from = START - 30 * DAY_MS; from < NOW;) {
        const to = Math.round(
          Math.max(from, START) - Math.log(1 - random()) * (HOUR_MS / (HAZARD_PER_H * factor)),
        );
        own.push({component: `${machine}.${own.length}`, machine, from, to: to < NOW ? to : null});
        from = to;
      }
      return own;
    });
    await owner.query(
      `WITH l AS (SELECT * FROM jsonb_to_recordset($1) AS x(component text, machine text, "from" timestamptz, "to" timestamptz)),
            c AS (INSERT INTO network.component (component_id, class_id, part_id) SELECT component, 'compressor', 'P-1' FROM l)
       INSERT INTO network.installation (equipment_no, position_id, installed_at, removed_at, component_id, source_key, removal_cause)
       SELECT equipment_no, 'comp1', l."from", l."to", component, component, CASE WHEN l."to" IS NOT NULL THEN 'failure' END
         FROM l JOIN network.equipment e ON e.equipment_id = l.machine`,
      [
        JSON.stringify(
          lives.map((one) => ({
            ...one,
            from: toIso(epochMs(one.from)),
            to: one.to === null ? null : toIso(epochMs(one.to)),
          })),
        ),
      ],
    );
    await owner.end();
    const curve = [24, 72, 168, 336, 672].map((h) => Math.round(1e6 * (1 - Math.exp(-HAZARD_PER_H * h))));
    await pool.query('SELECT predict.ensure_partitions($1, $2)', [toIso(START), toIso(NOW)]);
    await pool.query(
      `INSERT INTO predict.forecast (component_id, as_of, model_version_id, revision, equipment_no, position_id, issued_at, cause, method, horizons_h,
         cumulative_ppm, tail_hazard_ppb_per_h, completeness_pct, window_from, log_seq_through, input_digest, backend)
       SELECT i.component_id, t, $3, 0, i.equipment_no, 'comp1', t, 'grid', 'model', '{24,72,168,336,672}', $4, $5, 100, t, 0, 0, 'cpu'
         FROM network.installation i, generate_series($1::timestamptz, $2::timestamptz, interval '1 day') t
        WHERE t > i.installed_at AND t < coalesce(i.removed_at, 'infinity')`,
      [toIso(START), toIso(NOW), VERSION, curve, Math.round(HAZARD_PER_H * 1e9)],
    );
  }

  const look = (now: EpochMs = NOW) =>
    watchModels(
      {store: createWatchStore(pool, ['webhook']), report: (problem) => expect.unreachable(problem)},
      now,
    );
  const states = async (): Promise<string[]> => (await modelHistory(pool)).map(({state}) => state);
  const alerts = async (): Promise<unknown[]> =>
    (
      await pool.query<{kind: string}>(
        `SELECT kind, subject, state, (SELECT count(*)::int FROM replenish.alert_event v WHERE v.alert_id = a.alert_id) AS events FROM replenish.alert a`,
      )
    ).rows;
  const subject = `${VERSION}@chiller`;
  /** What has left for the webhook. */
  const sent = async (): Promise<Record<string, unknown>[]> =>
    (
      await pool.query<{payload: Record<string, unknown>}>(
        `SELECT payload || jsonb_build_object('key', idempotency_key, 'target', target_id) AS payload FROM platform.outbox ORDER BY outbox_id`,
      )
    ).rows.map(({payload}) => payload);

  it('B4 a model that says what comes is left alone, and its figures are kept by class and depot', async () => {
    await live(1);
    expect(await look()).toEqual({slices: 2, fallenBack: 0});
    const found = (await findWatched(pool, {depotId: '*', limit: 10}))!;
    expect(found.night).toBe(START + NIGHTS * DAY_MS);
    const [whole, depot] = found.rows;
    expect(whole).toMatchObject({said: VERSION, equipmentClassId: 'chiller', depotId: null, breaches: []});
    expect(depot).toMatchObject({said: VERSION, depotId: 'WAW-1'});
    const [, , , , month] = whole!.figures.calibration;
    expect(month!.observed).toBeGreaterThanOrEqual(month!.low);
    expect(month!.observed).toBeLessThanOrEqual(month!.high);
    expect(depot!.figures.calibration[4]!.forecasts).toBeLessThan(month!.forecasts);
    expect(await states()).toEqual(['champion']);
    expect(await alerts()).toEqual([]);
  });

  it('B4 a class whose model is wrong falls back to age once, with one alert that leaves once, and only an operator puts it back', async () => {
    await live(3);
    expect(await look()).toMatchObject({fallenBack: 1});
    const history = await modelHistory(pool);
    expect(history.at(-1)).toMatchObject({
      ...{event: 'fall-back', state: 'fallen-back', actor: 'forestock', fromAt: NOW},
      reason: 'its forecasts are out of bounds: calibration',
      evidence: {breaches: ['calibration']},
    });
    expect(await alerts()).toEqual([{kind: 'model-fallen-back', subject, state: 'open', events: 1}]);
    for (const hours of [1, 24]) await look(epochMs(NOW + hours * HOUR_MS));
    expect(await states()).toEqual(['champion', 'fallen-back']);
    expect(await alerts()).toEqual([{kind: 'model-fallen-back', subject, state: 'open', events: 1}]);
    const [told, ...more] = await sent();
    expect(told).toMatchObject({
      ...{target: 'webhook', type: 'alert.opened', kind: 'model-fallen-back', subject},
      ...{modelVersionId: VERSION, equipmentClassId: 'chiller', decisionId: null},
      ...{
        reason: 'its forecasts are out of bounds: calibration',
        key: `webhook:alert:${String(told!['alertId'])}`,
      },
    });
    expect(more).toEqual([]);

    const clock = {now: () => epochMs(NOW + 25 * HOUR_MS)} as WorldClock;
    const desk = openModelDesk({configuration: {}, pool, clock});
    const because = {actor: 'ann', reason: 'sensors mended'};
    expect(await desk.recover('nobody-1', because)).toMatchObject({ok: false, reason: 'unknown-model'});
    expect(await desk.recover(VERSION, because)).toMatchObject({ok: true});
    expect(await desk.recover(VERSION, because)).toMatchObject({ok: false, reason: 'model-state'});
    expect(await alerts()).toEqual([{kind: 'model-fallen-back', subject, state: 'cleared', events: 2}]);
    expect(await sent()).toHaveLength(1);
    // What it said before does not count against it again.
    expect(await look(epochMs(NOW + 48 * HOUR_MS))).toMatchObject({fallenBack: 0});
    expect(await states()).toEqual(['champion', 'fallen-back', 'champion']);
  });

  it('B4 B5 what sends a class back is data: with nothing to fall back on it stays, and what is out of bounds is said', async () => {
    await live(3);
    await setParameter(database.poolFor('forestock_platform'), {
      ...{key: 'predict.watch', value: {fallBackOn: []}, from: START, actor: 'ann'},
    });
    expect(await look()).toMatchObject({fallenBack: 0});
    expect((await findWatched(pool, {limit: 1}))!.rows[0]!.breaches).toEqual(['calibration']);
    expect(await states()).toEqual(['champion']);
  });

  it('B5 a dry run says which fallbacks other rules would have brought, or spared, on the nights on record', async () => {
    await live(3);
    expect(await look()).toMatchObject({fallenBack: 1});
    const night = START + NIGHTS * DAY_MS;
    const run = (after: Partial<WatchRules>, from = START) =>
      dryRunWatch(pool, {before: DEFAULT_WATCH_RULES, after: {...DEFAULT_WATCH_RULES, ...after}, from});
    const champion = {modelVersionId: VERSION, equipmentClassId: 'chiller'};
    const fell = {night, breaches: ['calibration']};
    const {calibration} = DEFAULT_WATCH_RULES;
    expect(await run({})).toEqual({depth: 'each-night-alone', nights: 1, changes: []});
    for (const spared of [
      {fallBackOn: []},
      {calibration: {...calibration, ratioMin: 50}},
      {calibration: {...calibration, failuresMin: 1e6}},
      {calibration: {...calibration, falseAlarmNights: 1e300}},
    ])
      expect((await run(spared)).changes).toEqual([{...champion, before: fell, after: null}]);
    const backwards = {
      before: {...DEFAULT_WATCH_RULES, fallBackOn: []},
      after: DEFAULT_WATCH_RULES,
      from: START,
    };
    expect((await dryRunWatch(pool, backwards)).changes).toEqual([{...champion, before: null, after: fell}]);
    expect(await run({fallBackOn: []}, NOW)).toMatchObject({nights: 0, changes: []});
  });

  it('B4 the first four weeks are the reference, taken once, and inputs that moved are seen against them', async () => {
    await live(1);
    const send = (from: EpochMs, mean: number): Promise<unknown> =>
      pool.query(
        `INSERT INTO predict.feature_bucket (equipment_no, bucket_at, signal, n, mean, m2, min, max, last)
         SELECT equipment_no, t, 'vibration_mm_s', 4, $3 + equipment_no * 0.001, 0, 0, 9, 1
           FROM network.equipment, generate_series($1::timestamptz, $2::timestamptz, interval '1 day') t ON CONFLICT DO NOTHING`,
        [toIso(from), toIso(epochMs(from + 6 * DAY_MS)), mean],
      );
    await send(epochMs(START + DAY_MS), 1);
    await look(); // it meets the version, whose first weeks are over: the reference is taken
    await send(epochMs(NOW - 8 * DAY_MS), 3);
    await look(epochMs(NOW + 2 * HOUR_MS));
    const {figures, breaches} = (await findWatched(pool, {limit: 1}))!.rows[0]!;
    expect(figures.inputs).toMatchObject([{of: 'vibration_mm_s', before: MACHINES, now: MACHINES, ks: 1}]);
    expect(figures.scores).toMatchObject({ks: 0, psi: 0});
    expect(breaches).toEqual(['inputs']);
    expect(await states()).toEqual(['champion']);
  });
});
