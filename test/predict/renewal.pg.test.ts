import {beforeEach, describe, expect, it} from 'vitest';
import type {ModelVersionId} from '../../domain/ids.ts';
import {HORIZONS_H} from '../../domain/forecast.ts';
import {HOUR_MS, epochMs} from '../../domain/time.ts';
import {sha256} from '../../platform/ids.ts';
import {openPool} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import {createPredictStore} from '../../predict/adapters/predict-store.ts';
import type {Scorer, ScoringModel} from '../../predict/core/score.ts';
import type {Lineup} from '../../predict/lineup.ts';
import {PREDICT_DEFAULTS, PredictService} from '../../predict/service.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {installBase} from '../ingest/installed-base.ts';
import {hear} from './hear.ts';
import {lineupOf} from './lineup-of.ts';

const NOW = epochMs(Date.UTC(2026, 0, 10, 12));

const SPEC: ScoringModel['spec'] = {
  equipmentClassId: 'chiller',
  components: [{positionId: 'comp1', classId: 'compressor', life: {shape: 3, scaleH: 9000}}],
  signals: [],
  eventCodes: [],
  attributes: [],
  windowH: 72,
  gridH: 1,
  horizonsH: [24],
};
const MODEL: ScoringModel = {modelVersionId: 'chiller-1' as ModelVersionId, spec: SPEC};

/** Three machines that say nothing. Of the compressors' lives master data knows nothing; that of the pump is known. */
describe('forecasts of machines that nobody hears', () => {
  let pool: Pool;
  let database: TestDatabase;
  let looks = 0;
  /** Instants that a model was asked about. */
  let asked: number[] = [];

  beforeEach(async () => {
    looks = 0;
    asked = [];
    database = await openTestDatabase();
    pool = database.poolFor('forestock_predict');
    const owner = openPool({url: database.ownerUrl, role: 'forestock_network', max: 1});
    await installBase(owner, ['CH-0001', 'CH-0002', 'CH-0003']);
    await owner.query(`
      INSERT INTO network.component_class (class_id, name, weibull_shape, weibull_scale_h) VALUES ('pump', 'Pump', 2, 20000);
      INSERT INTO network.component (component_id, class_id, part_id)
        VALUES ('C-1', 'compressor', 'P-1'), ('C-2', 'compressor', 'P-1'), ('C-3', 'pump', 'P-1');
      INSERT INTO network.installation (equipment_no, position_id, installed_at, component_id, source_key)
        SELECT equipment_no, 'comp1', '2025-06-01T00:00:00Z', 'C-' || right(equipment_id, 1), equipment_id FROM network.equipment`);
    await owner.end();
  });

  function predictor(
    models: readonly ScoringModel[],
    now = (): number => NOW,
    lineup?: () => Lineup,
  ): PredictService {
    const scorer: Scorer = {
      backend: 'none',
      models,
      score: async (_model, requests) =>
        requests.map(({window: {asOf}}) => {
          asked.push(asOf);
          return {cumulativePpm: HORIZONS_H.map(() => 1), completenessPct: 0, topSignals: []};
        }),
      close: async () => undefined,
    };
    const store = createPredictStore(pool);
    const ports = {
      store: {
        ...store,
        stale: (...asked: Parameters<typeof store.stale>) => ((looks += 1), store.stale(...asked)),
      },
      lineup: lineup ?? (() => lineupOf(scorer)),
      now: () => epochMs(now()),
      digest: (text: string) => sha256(text).readUIntBE(0, 6),
      report: () => undefined,
    };
    return new PredictService(ports, {...PREDICT_DEFAULTS, staleComponentsMax: 1});
  }

  const forecasts = async (): Promise<unknown[]> =>
    (
      await pool.query<Record<string, unknown>>(
        'SELECT component_id, method, model_version_id FROM predict.forecast_current ORDER BY 1',
      )
    ).rows;
  const pump = {component_id: 'C-3', method: 'weibull-age', model_version_id: 'weibull-age-2.000-20000'};

  it('B1 those that nothing can forecast do not keep the others from theirs, and are looked at once an hour', async () => {
    let now: number = NOW;
    const service = predictor([], () => now);
    await service.renewStale();
    expect(await forecasts()).toEqual([pump]);
    await service.renewStale();
    const settled = looks;
    for (let i = 0; i < 5; i += 1) expect(await service.renewStale()).toMatchObject({forecasts: 0});
    expect(looks).toBe(settled);
    now += HOUR_MS;
    await service.renewStale();
    expect(looks).toBeGreaterThan(settled);
  });

  it('B1 a class without an age law of its own ages by the law that its model was taught with', async () => {
    const service = predictor([MODEL]);
    for (let i = 0; i < 4; i += 1) await service.renewStale();
    const taught = {method: 'weibull-age', model_version_id: 'weibull-age-3.000-9000'};
    expect(await forecasts()).toEqual([
      {component_id: 'C-1', ...taught},
      {component_id: 'C-2', ...taught},
      pump,
    ]);
    expect(asked).toEqual([]);
  });

  describe('when another model answers', () => {
    const SECOND: ScoringModel = {...MODEL, modelVersionId: 'chiller-2' as ModelVersionId};
    const HEARD = epochMs(NOW - 60 * HOUR_MS);
    let champions: readonly ScoringModel[];
    let service: PredictService;
    const since = {as_of: HEARD, method: 'model'};
    const stands = async (): Promise<unknown> =>
      (
        await pool.query(
          `SELECT as_of, method, model_version_id, revision FROM predict.forecast_current WHERE component_id = 'C-1'`,
        )
      ).rows[0];
    const renew = async (): Promise<number[]> => {
      const found: number[] = [];
      for (let i = 0; i < 6; i += 1) found.push((await service.renewStale()).forecasts);
      return found;
    };

    /** A machine that was heard until sixty hours ago, and forecast by the first model then. */
    beforeEach(async () => {
      champions = [MODEL];
      const scorer = {
        ...lineupOf().scorer,
        models: [MODEL, SECOND],
        score: async (_model: unknown, requests: readonly unknown[]) =>
          requests.map(() => ({cumulativePpm: HORIZONS_H.map(() => 1), completenessPct: 0, topSignals: []})),
      } as Scorer;
      service = predictor([], undefined, () => ({
        scorer,
        roles: {champions: () => champions, shadows: () => []},
      }));
      const hours = [2, 1, 0].map((ago, seq) => ({seq, observedAt: epochMs(HEARD - ago * HOUR_MS)}));
      await hear(database, hours, NOW);
      await service.runOnce();
      await renew();
      expect(await stands()).toEqual({...since, model_version_id: 'chiller-1', revision: 0});
    });

    it('B4 its word takes the place of the old one for a silent machine, once, and so does that of the one put back', async () => {
      champions = [SECOND];
      expect(await renew()).toEqual([1, 0, 0, 0, 0, 0]);
      expect(await stands()).toEqual({...since, model_version_id: 'chiller-2', revision: 0});
      champions = [MODEL];
      expect(await renew()).toEqual([1, 0, 0, 0, 0, 0]);
      expect(await stands()).toEqual({...since, model_version_id: 'chiller-1', revision: 1});
    });

    it('B4 age takes the place of the word of a model that has fallen back, at the same instant', async () => {
      const owner = openPool({url: database.ownerUrl, role: 'forestock_network', max: 1});
      await owner.query(`UPDATE network.component_class SET weibull_shape = 2, weibull_scale_h = 20000`);
      await owner.end();
      service.forget();
      champions = [];
      const aged = predictor([]); // it fits the age laws anew
      for (let i = 0; i < 4; i += 1) await aged.renewStale();
      expect(await stands()).toMatchObject({as_of: HEARD, method: 'weibull-age'});
    });

    it('B4 where nothing can take its place, the old word stands, and nobody is asked for ever', async () => {
      champions = [];
      await renew();
      const settled = looks;
      expect(await renew()).toEqual([0, 0, 0, 0, 0, 0]);
      expect(looks).toBe(settled);
      expect(await stands()).toEqual({...since, model_version_id: 'chiller-1', revision: 0});
    });
  });

  it('B1 a reading that comes late asks no model about an instant two days and more after it', async () => {
    const service = predictor([MODEL]);
    for (let i = 0; i < 4; i += 1) await service.renewStale();
    const heardAt = epochMs(NOW - 60 * HOUR_MS);
    await hear(database, [{seq: 1, observedAt: heardAt}], NOW);
    expect(await service.runOnce()).toMatchObject({rows: 1});
    expect(asked).toEqual([heardAt]);
  });
});
