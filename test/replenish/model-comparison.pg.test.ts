import {beforeAll, describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, plusMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {compareModels} from '../../replenish/api.ts';
import type {ModelComparison} from '../../replenish/api.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

describe('what another model would have ordered', () => {
  let network: DecidingNetwork;
  let decidedAt: EpochMs;
  const compare = (over: Partial<Parameters<typeof compareModels>[1]> = {}): Promise<ModelComparison> =>
    compareModels(network.database.poolFor('forestock_api'), {
      before: null,
      after: 'rival',
      from: plusMs(decidedAt, -DAY_MS),
      now: plusMs(decidedAt, 29 * DAY_MS),
      ...over,
    });

  beforeAll(async () => {
    network = await DecidingNetwork.open({...tinyNetwork(), opening_stock: tinyNetwork()['opening_stock']!.filter((row) => row['depot_id'] === 'D-C')}); // prettier-ignore
    await network.forecast('S-1', 100);
    await network.signal();
    decidedAt = network.now;
    await network.decide({mode: 'shadow'});
    await network.database.poolFor('forestock_predict').query(
      `SELECT predict.ensure_partitions($1, $1)`, [toIso(decidedAt)]); // prettier-ignore
    await network.database.poolFor('forestock_predict').query(
      `INSERT INTO predict.forecast (component_id, as_of, model_version_id, revision, equipment_no, position_id, issued_at, cause, method, horizons_h,
         cumulative_ppm, tail_hazard_ppb_per_h, completeness_pct, window_from, log_seq_through, input_digest, backend, shadow)
       SELECT 'S-1', $1, 'rival', 0, equipment_no, position_id, $1, 'grid', 'model', '{24,72,168,336,672}', '{500000,800000,950000,990000,999000}',
              0, 100, $1, 0, 0, 'wasm', true FROM network.installation WHERE component_id = 'S-1'`,
      [toIso(plusMs(decidedAt, -HOUR_MS))],
    );
  });

  it('B4 lists the decision that its forecasts would have changed, and writes no row', async () => {
    const rows = async (): Promise<number[]> => [
      await network.count('replenish.decision'),
      await network.count('replenish.decision_input'),
      await network.count('platform.audit_entry'),
      await network.count('platform.outbox'),
    ];
    const before = await rows();
    const {spoken, changed} = await compare();
    expect(spoken).toBeGreaterThan(0);
    expect(changed[0]).toMatchObject({before: {action: 'nothing'}, after: {depotId: 'D-1'}});
    expect(changed[0]!.after.action).not.toBe('nothing');
    expect(await rows()).toEqual(before);
    expect(await compare({after: 'never-trained'})).toMatchObject({spoken: 0, changed: []});
    expect(await compare({before: 'rival'})).toMatchObject({spoken, changed: []});
  });

  it('B4 prices both by what failed: the act for a machine that then failed was the cheaper one', async () => {
    expect((await compare({now: plusMs(decidedAt, 27 * DAY_MS)})).totals).toEqual([]); // not four weeks old
    const [whole] = (await compare()).totals;
    expect(whole!.afterMinor).toBeGreaterThan(whole!.beforeMinor);
    await network.database
      .poolFor('forestock_network')
      .query(
        `UPDATE network.installation SET removed_at = $1, removal_cause = 'failure' WHERE component_id = 'S-1'`,
        [toIso(plusMs(decidedAt, 60 * HOUR_MS))],
      );
    const [failed] = (await compare()).totals;
    expect(failed).toMatchObject({currency: 'EUR', decisions: whole!.decisions});
    expect(failed!.afterMinor).toBeLessThan(failed!.beforeMinor);
  });
});
