import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {EpochMs} from '../../domain/time.ts';
import {poolOf, trainModels} from '../../predict/main.ts';
import {loadModel, loadModels, saveModel} from '../../predict/adapters/model-store.ts';
import {createPredictStore} from '../../predict/adapters/predict-store.ts';
import type {Family} from '../../predict/training/families/family.ts';
import {openScorer} from '../../predict/adapters/scorer.ts';
import {findForecast, type ForecastRecord} from '../../predict/api.ts';
import {rescore} from '../../predict/rescore.ts';
import {equipmentClassOf} from '../../simulator/equipment-classes.ts';
import {trainingHistory} from '../../simulator/training-history.ts';
import {configurationFor, device, openChain, sendAll, tellStory} from '../chain/chain-world.ts';
import {openTestDatabase, type TestDatabase} from '../support/database.ts';

const story = tellStory({seed: 11, machines: 9, days: 1});

/** A class to train, with its signals as master data names them. */
const target = (classId: string): Parameters<typeof poolOf>[0][number] => ({
  equipmentClassId: classId,
  signals: Object.entries(equipmentClassOf(classId).signals).map(([name, {unit, normalLow, normalHigh}]) => ({
    name,
    label: name,
    unit,
    normalLow,
    normalHigh,
  })),
});

/** A few trees and a network: that they are served is what is tested. */
const FAMILIES: readonly Family[] = [
  {
    name: 'trees',
    settings: {
      trees: 8,
      patience: 8,
      rowShare: 0.5,
      inputShare: 0.3,
      leaves: 4,
      leafCurvatureMin: 1,
      leafRowsMin: 20,
      l2: 3,
      rate: 0.2,
    },
  },
  {
    name: 'network',
    settings: {
      units: 4,
      epochs: 1,
      batchRows: 512,
      learningRate: 1e-3,
      l2: 3e-5,
      inputNoise: 1,
      patience: 1,
    },
  },
];

/** Models that would not pass the gate, let in all the same. Chillers have a model of their own and share one with compressors; robots have none, and one part of them no age law. */
describe('the ladder in the running service', () => {
  let models: string;
  let database: TestDatabase;
  let versions: readonly string[];

  beforeAll(async () => {
    models = await mkdtemp(join(tmpdir(), 'forestock-ladder-'));
    const trained = await trainModels({
      targets: [target('chiller'), poolOf([target('chiller'), target('compressor')])],
      histories: trainingHistory({seed: 5, machines: 60, days: 200}),
      machineCount: 60,
      familiesOf: () => FAMILIES,
      seed: 1,
      source: 'a fleet too small to teach much',
      out: join(models, 'trained'),
      choice: 'wasm',
    });
    const vouched = join(models, 'vouched-for');
    versions = await Promise.all(
      trained.map(async ({modelVersionId}) => {
        const model = await loadModel(join(models, 'trained', modelVersionId));
        return (await saveModel(vouched, {...model, card: {...model.card, passed: true}})).modelVersionId;
      }),
    );
    database = await openTestDatabase();
    const engine = await openChain(database, story, {
      configuration: await configurationFor(database, {FORESTOCK_MODELS: join(models, 'vouched-for')}),
      prepare: async ({network, database: served}) => {
        await network.importMaster(story.network, 'test');
        await served
          .pool('forestock_network')
          .query(
            `UPDATE network.component_class SET weibull_shape = NULL, weibull_scale_h = NULL, mtbf_h = 20000 WHERE class_id = 'servo-drive'`,
          );
      },
    });
    const client = await device(engine);
    await sendAll(client, story.emissions);
    await engine.settle();
    await client.endAsync();
    await engine.stop();
  }, 300_000);
  afterAll(async () => {
    await database.close();
    await rm(models, {recursive: true});
  });

  it('B1 a class is forecast by its own model, else by one pooled with others, else by age, else by its base rate', async () => {
    const {rows} = await database.poolFor('forestock_api').query<{kind: string; version: string}>(
      `SELECT DISTINCT m.equipment_class_id || ' ' || CASE WHEN c.class_id = 'servo-drive' THEN c.class_id ELSE '' END || ' ' || f.method AS kind,
              regexp_replace(f.model_version_id, '^(weibull-age|base-rate)-.*', '') AS version
         FROM predict.forecast f JOIN network.equipment e USING (equipment_no) JOIN network.equipment_model m USING (model_id)
         JOIN network.component c USING (component_id)
        WHERE f.cause = 'grid' AND NOT f.shadow ORDER BY 1`,
    );
    const [own, pooled] = versions;
    expect(rows).toEqual([
      {kind: 'chiller  model', version: own},
      {kind: 'compressor  pooled', version: pooled},
      {kind: 'packaging-robot  weibull-age', version: ''},
      {kind: 'packaging-robot servo-drive base-rate', version: ''},
    ]);
  });

  it('B1 every forecast of a model is scored again from the stored rows and its version alone, to the last digit', async () => {
    const pool = database.poolFor('forestock_predict');
    const scorer = await openScorer({models: await loadModels(join(models, 'vouched-for')), choice: 'cpu'});
    const ports = {store: createPredictStore(pool), scorer};
    const {rows} = await pool.query<{
      component_id: string;
      as_of: EpochMs;
      model_version_id: string;
      revision: number;
    }>(
      `SELECT component_id, as_of, model_version_id, revision FROM predict.forecast WHERE method IN ('model', 'pooled') ORDER BY 1, 2, 3, 4`,
    );
    expect(rows.length).toBeGreaterThan(400);
    const newestOf = (all: readonly ForecastRecord[]): ForecastRecord => all[all.length - 1]!;
    const checked: ForecastRecord[] = [];
    for (const row of rows.filter((_, i) => i % 5 === 0)) {
      const forecast = (await findForecast(pool, {
        componentId: row.component_id,
        asOf: row.as_of,
        modelVersionId: row.model_version_id,
        revision: row.revision,
      }))!;
      const {cumulativePpm, lowPpm, highPpm, completenessPct, topSignals, backend} = forecast;
      expect(backend).toBe('cpu');
      expect(await rescore(ports, forecast)).toEqual({
        ok: true,
        value: {cumulativePpm, range: {lowPpm, highPpm}, completenessPct, topSignals},
      });
      checked.push(forecast);
    }
    // The log as it stood is part of it: the same window before anything was heard says something else.
    const before = await rescore(ports, {...newestOf(checked), logSeqThrough: 0});
    expect(before).toMatchObject({ok: true, value: {completenessPct: 0}});
    await scorer.close();
  });

  it('B1 a forecast by age has no window to be scored from, and says so', async () => {
    const pool = database.poolFor('forestock_predict');
    const {rows} = await pool.query<{component_id: string; as_of: EpochMs; model_version_id: string}>(
      `SELECT component_id, as_of, model_version_id FROM predict.forecast WHERE method = 'weibull-age' LIMIT 1`,
    );
    const {component_id: componentId, as_of: asOf, model_version_id: modelVersionId} = rows[0]!;
    const forecast = (await findForecast(pool, {componentId, asOf, modelVersionId, revision: 0}))!;
    const scorer = await openScorer({models: [], choice: 'cpu'});
    expect(await rescore({store: createPredictStore(pool), scorer}, forecast)).toMatchObject({
      ok: false,
      reason: 'nothing-to-rescore',
    });
    await scorer.close();
  });
});
