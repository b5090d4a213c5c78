import {describe, expect, it} from 'vitest';
import {StoreKeeper} from '../../cli/store-keeper.ts';
import {openNetworkPorts} from '../../network/adapters/postgres.ts';
import type {MasterData} from '../../network/core/master-data.ts';
import {loadSituations} from '../../replenish/adapters/situation-rows.ts';
import {DEFAULT_POLICY} from '../../replenish/core/decision/policy.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork, withRows, WORKSHOP} from './reference.ts';

/** The small network with nothing of P-1 on any shelf, and what a test adds. */
function bare(more: MasterData = {}): MasterData {
  const network = tinyNetwork();
  const stock = network['opening_stock']!.filter((row) => row['part_id'] !== 'P-1');
  return withRows({...network, opening_stock: stock}, more);
}

describe('ways beyond order and transfer', () => {
  it('F2 an order is hurried at the speed of sourcing_express.csv that pays, and not a second time', async () => {
    const speed = {part_id: 'P-1', depot_id: 'D-1', source_kind: 'supplier', source_id: 'SUP'};
    const empty = bare({
      sourcing_express: [
        {...speed, mode: 'air', lead_time_mean_d: 1, fee_minor: 40_000},
        {...speed, mode: 'sea', lead_time_mean_d: 12, fee_minor: 500},
      ],
      opening_stock: [{depot_id: 'D-1', part_id: 'P-1', owner_party_id: 'OWN', qty: 1}],
    });
    const direct = empty['sourcing']!.find((row) => row['source_id'] === 'SUP')!;
    const network = await DecidingNetwork.open({
      ...empty,
      sourcing: [direct, {...direct, depot_id: 'D-1'}],
    });
    const sourcesOf = async (): Promise<unknown> => {
      const [read] = await loadSituations(network.pool, 'G-1', network.now, DEFAULT_POLICY);
      return read!.depots.find(({depotId}) => depotId === 'D-1')!.sources.map(({express}) => express);
    };
    expect(await sourcesOf()).toEqual([
      [
        {mode: 'air', meanH: 24, feeMinor: 40_000},
        {mode: 'sea', meanH: 288, feeMinor: 500},
      ],
    ]);
    await network.breakDown('M-1');
    await network.breakDown('M-2');
    await network.decide();
    await network.signal();
    await network.decide();
    const hurried = network.settled
      .map(({settled}) => settled.decision.option)
      .filter(({action}) => action === 'expedite');
    expect(hurried.map(({mode}) => mode)).toEqual(['air']);
  });

  it('refuses a speed of a source that the depot has not, by its row', async () => {
    const wrong = {part_id: 'P-1', depot_id: 'D-1', source_kind: 'supplier', source_id: 'SUP'};
    await expect(
      DecidingNetwork.open(
        bare({sourcing_express: [{...wrong, mode: 'air', lead_time_mean_d: 1, fee_minor: 1}]}),
      ),
    ).rejects.toThrow('SUP is no usual source of P-1 at D-1');
  });

  it('G1 an approved substitute is allotted to the line once, and the line is filled by it', async () => {
    const [first] = tinyNetwork()['part']!;
    const relation = {from_part: 'P-1', kind: 'substitute', ratio: 2};
    const network = await DecidingNetwork.open(
      bare({
        part: ['P-1S', 'P-1X'].map((part_id) => ({...first!, part_id, unit_cost_minor: 60_000})),
        part_relation: [
          {...relation, to_part: 'P-1S', approval: 'approved', models: 'CH-100'},
          {...relation, to_part: 'P-1X', approval: 'pending', models: ''},
        ],
        part_depot: ['P-1S', 'P-1X'].map((part_id) => ({
          part_id,
          depot_id: 'D-1',
          party_id: 'OWN',
          may_stock: false,
        })),
        opening_stock: ['P-1S', 'P-1X'].map((part_id) => ({
          depot_id: 'D-1',
          part_id,
          owner_party_id: 'OWN',
          qty: 2,
        })),
      }),
    );
    await network.breakDown();
    await network.decide();
    await network.signal();
    await network.decide();
    const taken = network.settled.filter((one) => one.settled.decision.option.action === 'substitute');
    expect(taken.map((one) => one.settled.decision.option)).toMatchObject([
      {quantity: 2, sourceId: 'D-1', substitute: {partId: 'P-1S', ratio: 2, serves: 1}},
    ]);
    const {demandId} = taken[0]!.settled.decision.option.substitute!;
    expect(await network.count(`network.allotment WHERE part_id = 'P-1S' AND covers_left = 1`)).toBe(1);
    expect(await network.count(`platform.outbox WHERE payload->>'type' = 'substitute.allotted'`)).toBe(1);
    const needsOf = async () =>
      (await loadSituations(network.pool, 'G-1', network.now, DEFAULT_POLICY)).flatMap(({part, depots}) =>
        depots.flatMap(({needs}) => needs.map(({quantity}) => ({partId: part.partId, quantity}))),
      );
    expect(await needsOf()).toEqual([{partId: 'P-1S', quantity: 2}]);
    const ports = openNetworkPorts(network.database.poolFor('forestock_network'), {
      worldClock: {now: () => network.now},
      partitions: 4,
      autoIssue: false,
    });
    expect(await new StoreKeeper({ports, pool: network.pool}).turn()).toBe(true);
    expect(
      await network.count(`network.demand_line WHERE state = 'filled' AND demand_id = '${demandId}'`),
    ).toBe(1);
    expect(
      await network.count(`network.stock_balance WHERE part_id = 'P-1S' AND loc = 'depot:D-1' AND qty > 0`),
    ).toBe(0);
    expect(await network.count('network.allotment')).toBe(0);
    expect(await needsOf()).toEqual([]);
  });

  it('repaired pieces leave the shelf unserviceable and come back serviceable', async () => {
    const network = await DecidingNetwork.open(
      bare({
        ...WORKSHOP,
        opening_stock: [
          {depot_id: 'D-1', part_id: 'P-1', owner_party_id: 'OWN', condition: 'unserviceable', qty: 1},
        ],
      }),
    );
    await network.breakDown();
    await network.decide();
    const repairs = network.settled.filter((one) => one.settled.decision.option.action === 'repair');
    expect(repairs).toHaveLength(1);
    const {rows} = await network.pool.query<{order_id: string}>(
      `SELECT order_id FROM network.supply_order WHERE kind = 'repair' AND from_loc = 'supplier:SHOP' AND to_loc = 'depot:D-1' AND qty = 1`,
    );
    await network.book('receiveOrder', {orderId: rows[0]!.order_id});
    const balance = await network.pool.query<{condition: string}>(
      `SELECT condition FROM network.stock_balance WHERE loc = 'depot:D-1' AND part_id = 'P-1' AND qty = 1`,
    );
    expect(balance.rows).toEqual([{condition: 'serviceable'}]);
  });

  it('F9 J2 J10 flags, owners, lots and contracts close ways, each with its reason, and open them again', async () => {
    const D2 = {site_id: 'SITE-1', party_id: 'OWN', echelon: 'regional', parent_depot_id: ''};
    const way = {
      from_depot_id: 'D-2',
      to_depot_id: 'D-1',
      transit_mean_h: 5,
      transit_sd_h: 1,
      cost_minor: 5000,
    };
    const data = bare({
      party: [
        {party_id: 'PAL', kind: 'partner', name: 'Partner'},
        {party_id: 'BEST', kind: 'supplier', name: 'Contracted'},
      ],
      depot: [{depot_id: 'D-2', ...D2}],
      lane: [
        {...way, mode: 'air', forbidden_flags: 'lithium'},
        {...way, mode: 'road', cost_per_kg_minor: 100, duty_rate: 0.1, handling_minor: 700},
      ],
      lot: [{part_id: 'P-1', lot: 'OLD', usable_until: '2026-01-04T00:00:00.000Z'}],
      part_depot: [{part_id: 'P-1', depot_id: 'D-2', party_id: 'OWN', may_stock: false}],
      opening_stock: [
        {depot_id: 'D-2', part_id: 'P-1', owner_party_id: 'PAL', qty: 2},
        {depot_id: 'D-1', part_id: 'P-1', owner_party_id: 'OWN', lot: 'OLD', qty: 1},
      ],
      contract: [
        {
          contract_id: 'K-S',
          party_a: 'OWN',
          party_b: 'PAL',
          type: 'supply',
          tier: 'standard',
          penalty_minor_per_h: 0,
        },
      ],
    });
    data['part'] = data['part']!.map((part) => ({...part, flags: 'lithium', weight_g: 3000}));
    const network = await DecidingNetwork.open(data);
    await network.breakDown();
    const term = async (no: number, type: string, params: unknown) =>
      network.database
        .poolFor('forestock_partners')
        .query(
          `INSERT INTO partners.contract_term (contract_id, version, term_no, type, params, effective) VALUES ('K-S', 1, $1, $2, $3, '(,)')`,
          [no, type, JSON.stringify(params)],
        );
    await term(1, 'exclusivity', {supplierPartyId: 'BEST'});
    const [closed] = await loadSituations(network.pool, 'G-1', network.now, DEFAULT_POLICY);
    expect(closed!.part).toMatchObject({weightG: 3000});
    expect(closed!.depots.map(({depotId, onHand}) => [depotId, onHand])).toEqual([
      ['D-1', 0], // what it has expired
      ['D-2', 2],
      ['D-C', 0],
    ]);
    const centre = closed!.depots.find(({depotId}) => depotId === 'D-C')!;
    expect(centre.sources[0]!.barred).toBe('contract K-S binds it to BEST');
    expect(closed!.lanes.map(({mode, barred}) => [mode, barred])).toEqual([
      ['air', 'air from D-2 to D-1 carries no lithium'],
      ['road', 'what lies at D-2 is PAL’s, and no contract lets OWN use it'],
    ]);

    await term(2, 'usableBy', {ownerPartyId: 'PAL', partyIds: ['OWN']});
    await network.signal();
    await network.decide();
    const moved = network.settled.find((one) => one.settled.decision.option.action === 'transfer')!;
    expect(moved.settled.decision.option).toMatchObject({
      mode: 'road',
      ownerPartyId: 'PAL',
      movement: {freightMinor: 5000 + 300, dutyMinor: 10_000, handlingMinor: 700},
    });
    const {rows} = await network.pool.query<{order_id: string; owner: string}>(
      `SELECT order_id, owner_party_id AS owner FROM network.supply_order WHERE kind = 'transfer' AND mode = 'road'`,
    );
    expect(rows[0]!.owner).toBe('PAL');
    await network.book('receiveOrder', {orderId: rows[0]!.order_id});
  });
});
