import {describe, expect, it} from 'vitest';
import {HORIZONS_H} from '../../domain/forecast.ts';
import type {ModelVersionId} from '../../domain/ids.ts';
import {DAY_MS, HOUR_MS, epochMs} from '../../domain/time.ts';
import {sha256} from '../../platform/ids.ts';
import {openPool} from '../../platform/pg.ts';
import {createPredictStore} from '../../predict/adapters/predict-store.ts';
import type {Scorer, ScoringModel} from '../../predict/core/score.ts';
import {PredictService} from '../../predict/service.ts';
import {installBase} from '../ingest/installed-base.ts';
import {openTestDatabase} from '../support/database.ts';
import {hear} from './hear.ts';

const NOW = epochMs(Date.UTC(2026, 0, 10, 12));
const model = (name: string, windowH: number): ScoringModel => ({
  modelVersionId: name as ModelVersionId,
  spec: {
    equipmentClassId: 'chiller',
    components: [{positionId: 'comp1', classId: 'compressor', life: {shape: 3, scaleH: 9000}}],
    ...{signals: [], eventCodes: [], attributes: [], windowH, gridH: 1, horizonsH: [24]},
  },
});
const CHAMPION = model('champion', 24);
const SHADOW = model('shadow', 96);

/** A machine heard for four days, one of its first hours only at the end. @returns forecasts by role, and what was reported. */
async function forecastsWith(shadows: readonly ScoringModel[], isBroken = false) {
  const database = await openTestDatabase();
  const owner = openPool({url: database.ownerUrl, role: 'forestock_network', max: 1});
  await installBase(owner, ['CH-0001']);
  await owner.query(`
    INSERT INTO network.component (component_id, class_id, part_id) VALUES ('C-1', 'compressor', 'P-1');
    INSERT INTO network.installation (equipment_no, position_id, installed_at, component_id, source_key)
      SELECT equipment_no, 'comp1', '2025-06-01T00:00:00Z', 'C-1', equipment_id FROM network.equipment`);
  await owner.end();
  const pool = database.poolFor('forestock_predict');
  const scorer: Scorer = {
    backend: 'none',
    models: [CHAMPION, ...shadows],
    score: async (version, requests) => {
      if (isBroken && version === SHADOW.modelVersionId) throw new Error('this network is broken');
      return requests.map(() => ({
        cumulativePpm: HORIZONS_H.map(() => 1),
        completenessPct: 0,
        topSignals: [],
      }));
    },
    close: async () => undefined,
  };
  const reported: string[] = [];
  const service = new PredictService({
    store: createPredictStore(pool),
    lineup: () => ({scorer, roles: {champions: () => [CHAMPION], shadows: () => shadows}}),
    now: () => NOW,
    digest: (text) => sha256(text).readUIntBE(0, 6),
    report: (problem) => reported.push(problem),
  });
  const at = (hour: number) => ({seq: hour, observedAt: epochMs(NOW - 4 * DAY_MS + hour * HOUR_MS)});
  const hours = Array.from({length: 96}, (_, hour) => hour);
  await hear(database, hours.filter((hour) => hour !== 5).map(at), NOW);
  await service.runOnce();
  await hear(database, [at(5)], NOW);
  await service.runOnce();
  const found = await pool.query<{shadow: boolean; model_version_id: string}>(
    `SELECT shadow, model_version_id, as_of, revision, cause, window_from, input_digest FROM predict.forecast WHERE method = 'model' ORDER BY as_of, revision`,
  );
  return {
    live: found.rows.filter(({shadow}) => !shadow),
    shadow: found.rows.filter(({shadow}) => shadow),
    reported: reported.filter((problem) => problem.includes('shadow')),
  };
}

describe('a shadow that reads a longer window than its champion', () => {
  it('B4 invariant I9: re-opens no grid point for the champion, changes nothing that it reads, and may fail alone', async () => {
    const alone = await forecastsWith([]);
    const beside = await forecastsWith([SHADOW]);
    const broken = await forecastsWith([SHADOW], true);
    expect(alone.live.length).toBeGreaterThan(96);
    expect(beside.live).toEqual(alone.live);
    expect(beside.shadow.length).toBeGreaterThan(90);
    expect(broken).toMatchObject({live: alone.live, shadow: []});
    expect(broken.reported[0]).toContain('forecasts of shadow models are missing: this network is broken');
  });
});
