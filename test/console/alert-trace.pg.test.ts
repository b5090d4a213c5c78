import {expect, it} from 'vitest';
import {traceAlert, traceDecision} from '../../console/api/trace.ts';
import {toIso} from '../../domain/time.ts';
import type {MasterData} from '../../network/core/master-data.ts';
import {listAlerts} from '../../replenish/api.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from '../replenish/reference.ts';

/** M-1 at D-1, M-2 at D-2, no piece anywhere and the supplier a month away. */
function twoEmptyDepots(): MasterData {
  const network = tinyNetwork();
  const stockless = Object.entries(network).filter(([table]) => table !== 'opening_stock');
  const [, fromSupplier] = network['sourcing']!;
  const [here] = network['depot']!;
  const depots = ['D-1', 'D-2'];
  return {
    ...Object.fromEntries(stockless),
    depot: [...network['depot']!, {...here!, depot_id: 'D-2'}],
    service_area: [
      {equipment_id: 'M-1', depot_id: 'D-1', priority: 1, transit_h: 2},
      {equipment_id: 'M-2', depot_id: 'D-2', priority: 1, transit_h: 2},
    ],
    sourcing: depots.map((depot_id) => ({...fromSupplier!, depot_id, lead_time_mean_d: 30})),
    part_depot: depots.map((depot_id) => ({part_id: 'P-1', depot_id, party_id: 'OWN'})),
  };
}

it('B3 each alert is traced to its own machine, also where the decision that raised it is about another depot', async () => {
  const network = await DecidingNetwork.open(twoEmptyDepots());
  await network.forecast('S-1', 600_000);
  await network.forecast('S-2', 500_000);
  const predict = network.database.poolFor('forestock_predict');
  await predict.query('SELECT predict.ensure_partitions($1, $1)', [toIso(network.now)]);
  await predict.query(
    `INSERT INTO predict.forecast (component_id, as_of, model_version_id, revision, equipment_no, position_id, issued_at, cause, method, horizons_h,
       cumulative_ppm, tail_hazard_ppb_per_h, completeness_pct, window_from, log_seq_through, input_digest, backend)
     SELECT component_id, as_of, model_version_id, revision, equipment_no, position_id, as_of, 'grid', method, horizons_h,
            cumulative_ppm, tail_hazard_ppb_per_h, completeness_pct, $1::timestamptz - interval '7 days', 0, 0, 'none' FROM predict.forecast_current`,
    [toIso(network.now)],
  );
  await network.signal();
  await network.decide({alertOpenMinor: 1000, alertClearMinor: 500});
  const db = network.database.poolFor('forestock_api');
  const machines = new Map<unknown, readonly string[]>();
  const throughDecision = new Map<unknown, readonly string[]>();
  for (const {alertId, decisionId, body} of await listAlerts(db, {limit: 10, now: START})) {
    const behind = (traced: {readonly forecasts: readonly {readonly forecast: {equipmentId: string}}[]}) =>
      traced.forecasts.map(({forecast}) => forecast.equipmentId);
    machines.set(body['depotId'], behind((await traceAlert(db, alertId))!));
    throughDecision.set(body['depotId'], behind((await traceDecision(db, decisionId!))!));
  }
  expect(Object.fromEntries(machines)).toEqual({'D-1': ['M-1'], 'D-2': ['M-2']});
  // One decision stands behind both, and its own trace is about one depot.
  expect(throughDecision.get('D-1')).toEqual(throughDecision.get('D-2'));
});
