import {describe, expect, it} from 'vitest';
import type {MasterData} from '../../network/core/master-data.ts';
import {listDecisions} from '../../replenish/api.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

/** One busy central shelf, empty, ten days behind its supplier, who sends by the four. */
function supplierOnly(): MasterData {
  const network = tinyNetwork();
  delete network['opening_stock'];
  const [, fromSupplier] = network['sourcing']!;
  return {
    ...network,
    sourcing: [{...fromSupplier!, lead_time_mean_d: 10, lead_time_sd_d: 0, moq: 4, multiple: 4}],
    part_depot: [
      {part_id: 'P-1', depot_id: 'D-C', party_id: 'OWN', background_per_year: 60, holding_rate_per_year: 0.2},
    ],
  };
}

/** Machine M-1 at D-1 with an empty shelf, M-2 at D-2 with one piece, twelve hours of road between them, and a supplier too far to help. */
function neighbours(): MasterData {
  const {sourcing, ...network} = tinyNetwork();
  const [, fromSupplier] = sourcing!;
  const [here] = network['depot']!;
  const shelf = (depot_id: string) => ({part_id: 'P-1', depot_id, party_id: 'OWN'});
  const lane = (from_depot_id: string, to_depot_id: string) => ({
    from_depot_id,
    to_depot_id,
    mode: 'road',
    transit_mean_h: 12,
    transit_sd_h: 0,
    cost_minor: 8000,
  });
  return {
    ...network,
    depot: [...network['depot']!, {...here!, depot_id: 'D-2'}],
    service_area: [
      {equipment_id: 'M-1', depot_id: 'D-1', priority: 1, transit_h: 2},
      {equipment_id: 'M-2', depot_id: 'D-2', priority: 1, transit_h: 2},
    ],
    // Nobody waits ninety days for a supplier.
    sourcing: ['D-1', 'D-2'].map((depot_id) => ({...fromSupplier!, depot_id, lead_time_mean_d: 90})),
    lane: [lane('D-1', 'D-2'), lane('D-2', 'D-1')],
    part_depot: [shelf('D-1'), shelf('D-2')],
    opening_stock: [{depot_id: 'D-2', part_id: 'P-1', owner_party_id: 'OWN', qty: 1}],
  };
}

describe('what decisions move, on rows', () => {
  it('D1 the order brings the shelf to the newsvendor level of its lead time, in the supplier’s lots', async () => {
    const network = await DecidingNetwork.open(supplierOnly());
    await network.signal();
    const [decided] = await network.decide();
    // 60 a year over 240 + 24 h are 1.807 pieces. One short waits 240 h at 5.00; one over is held 8766/60 h at 20 % of 1,000.00:
    // 120,000 / (120,000 + 333.3) = 0.99723. Poisson: P(D ≤ 0) = 0.16415, P(D ≤ 5) = 0.98944, P(D ≤ 6) = 0.99738.
    expect(decided!.settled.decision.reasons).toEqual([
      {
        code: 'position-below-target',
        position: 0,
        target: 6,
        leadTimeH: 240,
        probabilityPpm: 164_149,
        wantedPpm: 997_230,
      },
      {code: 'rounded-up', wanted: 6, ordered: 8, minimum: 4, multiple: 4},
    ]);
    expect(await network.orders()).toEqual([{from: 'supplier:SUP', to: 'depot:D-C', qty: 8}]);
  });

  it('F4 a piece moves to the machine that is expected to fail before it does, and stays where it is when it hardly will', async () => {
    const network = await DecidingNetwork.open(neighbours());
    await network.forecast('S-1', 2_000);
    await network.signal();
    expect((await network.decide())[0]!.settled.decision.option.action).toBe('nothing');
    await network.forecast('S-1', 500_000);
    await network.signal();
    const [moved] = await network.decide();
    expect(moved!.settled.decision.option).toMatchObject({
      action: 'transfer',
      mode: 'road',
      donorRiskMinor: 0,
    });
    expect((await network.orders())[0]).toEqual({from: 'depot:D-2', to: 'depot:D-1', qty: 1});
  });

  it('F2 the same transfer is left when the donor’s own machine needs the piece as much, and its risk is shown', async () => {
    const network = await DecidingNetwork.open(neighbours());
    await network.forecast('S-1', 500_000);
    await network.forecast('S-2', 500_000);
    await network.signal();
    const left = (await network.decide()).find(({settled}) => settled.decision.depotId === 'D-1');
    const {option, alternatives} = left!.settled.decision;
    const transfer = alternatives.find(({action}) => action === 'transfer')!;
    // What D-1 would be spared D-2 would suffer, and the freight of 80.00 is paid in vain.
    expect(transfer.donorRiskMinor).toBeGreaterThan(0);
    expect(transfer.totalMinor).toBeGreaterThan(option.totalMinor);
    expect((await network.orders()).filter(({from}) => from === 'depot:D-2')).toEqual([]);
  });

  it('F4 a prediction that decays takes the proposed move back, and the piece stays free', async () => {
    const network = await DecidingNetwork.open(neighbours());
    await network.forecast('S-1', 500_000);
    await network.signal();
    const [proposed] = await network.decide({mode: 'propose'});
    expect(proposed).toMatchObject({state: 'proposed', settled: {decision: {option: {action: 'transfer'}}}});
    network.pass(6);
    await network.forecast('S-1', 1_000);
    await network.signal();
    await network.decide({mode: 'propose'});
    const known = await listDecisions(network.pool, {limit: 10});
    expect(known.find(({decisionId}) => decisionId === proposed!.decisionId)!.state).toBe('withdrawn');
    expect(await network.orders()).toEqual([]);
    expect(await network.count(`network.stock_balance WHERE loc = 'depot:D-2' AND qty = 1`)).toBe(1);
  });
});
