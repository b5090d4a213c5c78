import {beforeEach, describe, expect, it} from 'vitest';
import {DAY_MS, epochMs} from '../../domain/time.ts';
import {sha256} from '../../platform/ids.ts';
import {setParameter} from '../../platform/parameters.ts';
import {openPool} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import {createPredictStore} from '../../predict/adapters/predict-store.ts';
import type {PredictStore} from '../../predict/ports.ts';
import {DEFAULT_TUNING} from '../../predict/core/tuning.ts';
import {PREDICT_DEFAULTS, PredictService} from '../../predict/service.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {lineupOf} from './lineup-of.ts';
import {installBase} from '../ingest/installed-base.ts';

const NOW = epochMs(Date.UTC(2026, 0, 10, 12));
const MACHINES = 60;

/** Compressors that age: in 60 days P(failure within four weeks) of each rises by half a percentage point, from 1.9 to 2.4 %. */
describe('a group whose components age together', () => {
  let pool: Pool;
  let database: TestDatabase;
  let now: number = NOW;

  beforeEach(async () => {
    now = NOW;
    database = await openTestDatabase();
    pool = database.poolFor('forestock_predict');
    const owner = openPool({url: database.ownerUrl, role: 'forestock_network', max: 1});
    const machines = Array.from({length: MACHINES}, (_, i) => `CH-${String(i).padStart(4, '0')}`);
    await installBase(owner, machines);
    await owner.query(`
      UPDATE network.component_class SET weibull_shape = 2, weibull_scale_h = 20000;
      INSERT INTO network.component (component_id, class_id, part_id) SELECT 'C-' || equipment_id, 'compressor', 'P-1' FROM network.equipment;
      INSERT INTO network.installation (equipment_no, position_id, installed_at, component_id, source_key)
        SELECT equipment_no, 'comp1', '2025-06-01T00:00:00Z', 'C-' || equipment_id, equipment_id FROM network.equipment`);
    await owner.end();
  });

  const predictor = (
    groupMaterialPpm = DEFAULT_TUNING.groupMaterialPpm,
    store: PredictStore = createPredictStore(pool),
    report: (problem: string) => void = (problem) =>
      expect(problem).toContain('component class panel: no Weibull law'),
  ): PredictService =>
    new PredictService(
      {
        store,
        lineup: () => lineupOf(),
        now: () => epochMs(now),
        digest: (text) => sha256(text).readUIntBE(0, 6),
        report,
      },
      {...PREDICT_DEFAULTS, tuning: {...DEFAULT_TUNING, groupMaterialPpm}},
    );
  /** Largest difference between what stands and what replenish was told, in ppm. */
  const untold = async (): Promise<number> =>
    (
      await pool.query<{most: number}>(
        'SELECT max(abs(n.ppm - t.ppm))::int AS most FROM predict.forecast_current, unnest(cumulative_ppm) WITH ORDINALITY n(ppm, h) JOIN LATERAL unnest(signalled_ppm) WITH ORDINALITY t(ppm, h) USING (h)',
      )
    ).rows[0]!.most;

  it.each([
    ['that remembers them', false],
    ['that reads them again', true],
  ])(
    'C2 is looked at once, though none of them has moved enough by itself, by a process %s',
    async (_, forgets) => {
      const first = predictor();
      expect(await first.renewStale()).toMatchObject({forecasts: MACHINES, signals: MACHINES});
      const service = forgets ? predictor() : first;
      now += 60 * DAY_MS;
      expect(await service.renewStale()).toMatchObject({forecasts: MACHINES, signals: 1});
      const raised = await pool.query(
        'SELECT group_id, cause_kind FROM replenish.demand_signal WHERE cause_kind = $1',
        ['forecasts'],
      );
      expect(raised.rows).toEqual([{group_id: 'G-1', cause_kind: 'forecasts'}]);
      expect(await untold()).toBe(0);
      now += 2 * DAY_MS;
      expect(await service.renewStale()).toMatchObject({forecasts: MACHINES, signals: 0});
      expect(await untold()).toBeGreaterThan(0);
    },
  );

  it('C2 is read from the tables once, also where a position has a component that nothing can forecast', async () => {
    const owner = openPool({url: database.ownerUrl, role: 'forestock_network', max: 1});
    await owner.query(`
      INSERT INTO network.planning_group VALUES ('G-9', 0);
      INSERT INTO network.part (part_id, group_id, name, unit_cost_minor, currency) VALUES ('P-9', 'G-9', 'Panel', 100, 'EUR');
      INSERT INTO network.component_class (class_id, name) VALUES ('panel', 'Panel');
      INSERT INTO network.component (component_id, class_id, part_id) VALUES ('C-9', 'panel', 'P-9');
      INSERT INTO network.installation (equipment_no, position_id, installed_at, component_id, source_key)
        SELECT min(equipment_no), 'panel1', '2025-06-01T00:00:00Z', 'C-9', 'panel' FROM network.equipment`);
    await owner.end();
    let reads = 0;
    const store = createPredictStore(pool);
    const service = predictor(undefined, {
      ...store,
      groupForecasts: (parts) => ((reads += 1), store.groupForecasts(parts)),
    });
    await service.renewStale();
    for (let day = 0; day < 3; day += 1) {
      now += 2 * DAY_MS;
      expect(await service.renewStale()).toMatchObject({forecasts: MACHINES});
    }
    expect(reads).toBe(1);
  });

  it('C2 is left alone where the whole has moved less than is asked for', async () => {
    const service = predictor(500_000);
    await service.renewStale();
    now += 60 * DAY_MS;
    expect(await service.renewStale()).toMatchObject({forecasts: MACHINES, signals: 0});
    expect(await untold()).toBeGreaterThan(4_000);
  });

  it('B5 is told by the change that is asked for at the time, and by the delivered one where what is stated cannot be read', async () => {
    const state = (value: Record<string, unknown>, from: number): Promise<void> =>
      setParameter(database.poolFor('forestock_platform'), {key: 'predict.tuning', value, from: epochMs(from), actor: 'ada'}); // prettier-ignore
    await state({groupMaterialPpm: 500_000}, now);
    await state({groupMaterialPpm: 'much'}, now + 90 * DAY_MS);
    const problems: string[] = [];
    const service = predictor(undefined, createPredictStore(pool), (problem) => problems.push(problem));
    await service.renewStale();
    now += 60 * DAY_MS;
    expect(await service.renewStale()).toMatchObject({forecasts: MACHINES, signals: 0});
    now += 30 * DAY_MS;
    expect(await service.renewStale()).toMatchObject({forecasts: MACHINES, signals: 1});
    now += 2 * DAY_MS;
    await service.renewStale();
    expect(problems).toEqual([expect.stringMatching(/^parameter predict.tuning: .*groupMaterialPpm/s)]);
  });
});
