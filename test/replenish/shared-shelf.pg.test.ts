import {describe, expect, it} from 'vitest';
import {StoreKeeper} from '../../cli/store-keeper.ts';
import {toIso} from '../../domain/time.ts';
import {openNetworkPorts} from '../../network/adapters/postgres.ts';
import {execute, NETWORK_COMMANDS} from '../../network/api.ts';
import type {MasterData} from '../../network/core/master-data.ts';
import {causeId} from '../../platform/ids.ts';
import {createReviews} from '../../replenish/adapters/review-store.ts';
import {loadSituations} from '../../replenish/adapters/situation-rows.ts';
import {DEFAULT_POLICY} from '../../replenish/core/decision/policy.ts';
import type {DepotSituation} from '../../replenish/core/decision/situation.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork, withRows, WORKSHOP} from './reference.ts';

const AT = toIso(START);

/** The small network with this on the shelves of P-1 alone, and what else a test adds. */
function holding(stock: readonly Record<string, unknown>[], more: MasterData = {}): MasterData {
  const shelves = stock.map((row) => ({part_id: 'P-1', owner_party_id: 'OWN', ...row}));
  return withRows({...tinyNetwork(), opening_stock: shelves}, more);
}

/** An order of P-1 from the central depot to the regional one. */
function transfer(more: Record<string, unknown>) {
  return {
    order_id: causeId('test-order', JSON.stringify(more)),
    kind: 'transfer',
    part_id: 'P-1',
    from_loc: 'depot:D-C',
    to_loc: 'depot:D-1',
    owner_party_id: 'OWN',
    state: 'released',
    ordered_at: AT,
    expected_at: AT,
    cost_minor: 0,
    currency: 'EUR',
    ...more,
  };
}

const PARTNER = {party: [{party_id: 'PAL', kind: 'partner', name: 'Partner'}]};

async function depotsOf(network: DecidingNetwork, partId = 'P-1'): Promise<Record<string, DepotSituation>> {
  const situations = await loadSituations(network.pool, 'G-1', network.now, DEFAULT_POLICY);
  const {depots} = situations.find(({part}) => part.partId === partId)!;
  return Object.fromEntries(depots.map((depot) => [depot.depotId, depot]));
}

describe('pieces that somebody has been promised', () => {
  it('what is left to ship of a transfer that shipped in part is on hand for nobody else', async () => {
    const network = await DecidingNetwork.open(
      holding([{depot_id: 'D-C', qty: 10}], {
        supply_order: [transfer({qty: 4, shipped_qty: 1, state: 'shipped'})],
      }),
    );
    expect((await depotsOf(network))['D-C']!.onHand).toBe(7);
  });

  it('J2 a partner’s promised piece leaves our own one to us', async () => {
    const network = await DecidingNetwork.open(
      holding(
        [
          {depot_id: 'D-C', qty: 1},
          {depot_id: 'D-C', owner_party_id: 'PAL', qty: 1},
        ],
        {...PARTNER, supply_order: [transfer({qty: 1, owner_party_id: 'PAL'})]},
      ),
    );
    const {'D-C': centre, 'D-1': regional} = await depotsOf(network);
    expect(centre!.onHand).toBe(1);
    expect(regional!.sources[0]).not.toHaveProperty('barred');
    expect(regional!.sources[0]).not.toHaveProperty('sendable');
  });

  it('a proposal whose piece was promised meanwhile is outdated, even while it still lies there', async () => {
    const lane = {from_depot_id: 'D-2', to_depot_id: 'D-1', mode: 'road', transit_mean_h: 5, transit_sd_h: 1};
    const network = await DecidingNetwork.open(
      holding([{depot_id: 'D-2', qty: 1}], {
        depot: [
          {depot_id: 'D-2', site_id: 'SITE-1', party_id: 'OWN', echelon: 'regional', parent_depot_id: ''},
        ],
        part_depot: [{part_id: 'P-1', depot_id: 'D-2', party_id: 'OWN', may_stock: false}],
        lane: [{...lane, cost_minor: 5000}],
      }),
    );
    await network.breakDown();
    const decided = await network.decide({mode: 'propose'});
    const {decisionId} = decided.find((one) => one.settled.decision.option.action === 'transfer')!;
    const books = network.database.poolFor('forestock_network');
    const other = causeId('test-order', 'other');
    await books.query(
      `INSERT INTO network.supply_order (order_id, kind, part_id, from_loc, to_loc, owner_party_id, qty, state, ordered_at, expected_at, lead_time_sd_h, cost_minor, currency)
       VALUES ($1, 'transfer', 'P-1', 'depot:D-2', 'depot:D-C', 'OWN', 1, 'released', $2, $2, 0, 0, 'EUR')`,
      [other, AT],
    );
    const reviews = createReviews(network.pool, {targets: [], now: () => network.now});
    const verdict = {actor: 'ada', role: 'planner', reasonCode: null, note: null, quantity: null, key: null};
    const approve = () => reviews.review({...verdict, verdict: 'approve', decisionId});
    expect(await approve()).toMatchObject({
      ok: false,
      reason: 'proposal-outdated',
      detail: `decision ${decisionId}: D-2 has 0 left, 1 are needed; wait for the next proposal`,
    });
    await books.query(`UPDATE network.supply_order SET state = 'cancelled' WHERE order_id = $1`, [other]);
    expect(await approve()).toMatchObject({ok: true});
  });
});

describe('moves that a run of the network has planned', () => {
  it('F5 one that was made is made once', async () => {
    const made = [{mode: 'road', qty: 2, ordered_at: '2026-01-05T01:00:00.000Z', state: 'received'}];
    const network = await DecidingNetwork.open(
      holding([{depot_id: 'D-C', qty: 9}], {
        supply_order: made.map((more) => transfer({...more, shipped_qty: 2, received_qty: 2})),
      }),
    );
    const runId = causeId('test-run', 1);
    await network.pool.query(
      `INSERT INTO replenish.plan_run (run_id, kind, world_at, actor, goal, outcome) VALUES ($1, 'rebalance', $2, 'test', '{}', '{"currency": "EUR"}')`,
      [runId, AT],
    );
    for (const mode of ['road', 'air'])
      await network.pool.query(
        `INSERT INTO replenish.rebalance_move (run_id, part_id, from_depot_id, to_depot_id, mode, party_id, qty, gain_minor, freight_minor, currency)
         VALUES ($1, 'P-1', 'D-C', 'D-1', $2, 'OWN', $3, 1, 0, 'EUR')`,
        [runId, mode, mode === 'road' ? 2 : 3],
      );
    const {'D-1': regional} = await depotsOf(network);
    expect(regional!.plannedMoves).toMatchObject([{mode: 'air', quantity: 3}]);
  });
});

describe('broken pieces', () => {
  const workshop = withRows(WORKSHOP, PARTNER);

  it('a partner’s broken piece is not ours to have repaired', async () => {
    const network = await DecidingNetwork.open(
      holding([{depot_id: 'D-1', owner_party_id: 'PAL', condition: 'unserviceable', qty: 2}], workshop),
    );
    expect((await depotsOf(network))['D-1']).not.toHaveProperty('repairable');
  });

  it('J2 a piece stays ours while a workshop has it', async () => {
    const network = await DecidingNetwork.open(
      holding([{depot_id: 'D-1', condition: 'unserviceable', qty: 2}], {
        ...workshop,
        supply_order: [
          transfer({kind: 'repair', from_loc: 'supplier:SHOP', supplier_party_id: 'SHOP', qty: 2}),
        ],
      }),
    );
    const {rows} = await network.pool.query<{order_id: string}>('SELECT order_id FROM network.supply_order');
    const orderId = rows[0]!.order_id;
    const owners = async () =>
      (
        await network.pool.query<{owner: string; qty: number}>(
          `SELECT owner_party_id AS owner, sum(qty)::int AS qty FROM network.stock_balance
            WHERE part_id = 'P-1' AND loc ~ '^(depot|transit|supplier):' AND qty <> 0 GROUP BY 1 ORDER BY 1`,
        )
      ).rows;
    await network.book('shipOrder', {orderId, qty: 1});
    expect(await owners()).toEqual([{owner: 'OWN', qty: 2}]);
    await network.book('receiveOrder', {orderId, qty: 2});
    expect(await owners()).toEqual([{owner: 'OWN', qty: 2}]);
    expect((await depotsOf(network))['D-1']).toMatchObject({onHand: 2});
  });
});

describe('rules on the way to a depot', () => {
  it('F9 what a contract forbids from depot to depot, the normal source does not do either', async () => {
    const network = await DecidingNetwork.open(
      holding([{depot_id: 'D-C', qty: 5}], {
        contract: [
          {
            contract_id: 'K-X',
            party_a: 'OWN',
            party_b: 'SUP',
            type: 'supply',
            tier: 'standard',
            penalty_minor_per_h: 0,
          },
        ],
      }),
    );
    await network.database
      .poolFor('forestock_partners')
      .query(
        `INSERT INTO partners.contract_term (contract_id, version, term_no, type, params, effective) VALUES ('K-X', 1, 1, 'lane', $1, '(,)')`,
        [JSON.stringify({rule: 'forbidden', fromDepotId: 'D-C', toDepotId: 'D-1'})],
      );
    const {'D-1': regional} = await depotsOf(network);
    expect(regional!.sources[0]!.barred).toBe('contract K-X forbids this part from D-C to D-1');
  });
});

describe('lines that a substitute serves in part', () => {
  /** M-1 needs two pieces at once; the regional depot has P-1S, each of which does the work of one. */
  async function twoNeeded(
    lots = ['B-1', 'B-2'],
  ): Promise<{readonly network: DecidingNetwork; readonly demandId: string}> {
    const data = holding([], {
      part: [{...tinyNetwork()['part']![0]!, part_id: 'P-1S'}],
      part_relation: [{from_part: 'P-1', to_part: 'P-1S', kind: 'substitute', approval: 'approved'}],
      part_depot: [{part_id: 'P-1S', depot_id: 'D-1', party_id: 'OWN', may_stock: false}],
    });
    data['bom_position'] = data['bom_position']!.map((row) => ({...row, qty: 2}));
    data['lot'] = [{part_id: 'P-1S', lot: 'A-OLD', usable_until: '2026-01-04T00:00:00.000Z'}];
    const shelf = {depot_id: 'D-1', part_id: 'P-1S', owner_party_id: 'OWN'};
    data['opening_stock'] = lots.map((lot) => ({...shelf, lot, qty: 1}));
    const network = await DecidingNetwork.open(data);
    await network.breakDown();
    const {rows} = await network.pool.query<{demand_id: string}>('SELECT demand_id FROM network.demand_line');
    return {network, demandId: rows[0]!.demand_id};
  }
  const allot = (network: DecidingNetwork, demandId: string, no: number, pieces = 1) =>
    network.pool.query('SELECT network.allot_substitute($1, $2, $3, $4, $5, $6, $7, $8)', [
      causeId('test-allotment', no),
      causeId('test-decision', no),
      demandId,
      'P-1S',
      'D-1',
      pieces,
      pieces,
      AT,
    ]);

  it('G1 of two allotments to a line, one stands while the other is issued', async () => {
    const {network, demandId} = await twoNeeded();
    await allot(network, demandId, 1);
    await allot(network, demandId, 2);
    const needs = async (partId: string) =>
      (await depotsOf(network, partId))['D-1']!.needs.map(({quantity}) => quantity);
    expect([await needs('P-1'), await needs('P-1S')]).toEqual([[], [2]]);
    const issue = {part: {number: 'P-1S'}, depotId: 'D-1', customerPartyId: 'CUS', demandId};
    await network.book('issueStock', {...issue, lot: 'B-1', qty: 1});
    expect([await needs('P-1'), await needs('P-1S')]).toEqual([[], [1]]);
    await network.book('issueStock', {...issue, lot: 'B-2', qty: 1});
    expect([await needs('P-1'), await needs('P-1S')]).toEqual([[], []]);
    expect(await network.count('network.allotment')).toBe(0);
  });

  it('G1 the store keeper issues an allotment from several lots, and none that has expired', async () => {
    const {network, demandId} = await twoNeeded(['B-1', 'B-2', 'A-OLD']);
    await allot(network, demandId, 1, 2);
    const ports = openNetworkPorts(network.database.poolFor('forestock_network'), {
      worldClock: {now: () => network.now},
      partitions: 4,
      autoIssue: false,
    });
    const keeper = new StoreKeeper({ports, pool: network.pool});
    expect([await keeper.turn(), await keeper.turn(), await keeper.turn()]).toEqual([true, true, false]);
    expect(await network.count(`network.demand_line WHERE state = 'filled'`)).toBe(1);
    expect(
      await network.count(`network.stock_balance WHERE loc = 'depot:D-1' AND lot = 'A-OLD' AND qty = 1`),
    ).toBe(1);
  });

  it('G1 a line is promised the day that its last piece comes, of whichever part, and is told once', async () => {
    const {network, demandId} = await twoNeeded();
    await allot(network, demandId, 1);
    for (let i = 0; i < 3; i += 1) {
      await network.signal();
      await network.decide({mode: 'shadow'});
    }
    const {rows} = await network.pool.query<{by: string}>(
      'SELECT promised_by AS by FROM network.demand_promise WHERE demand_id = $1 ORDER BY promise_no',
      [demandId],
    );
    expect(rows).toEqual([{by: 'depot:D-C'}]);
  });
});

describe('lots that have expired', () => {
  it('a machine that fails is given none of them', async () => {
    const old = {part_id: 'P-1', lot: 'A-OLD', usable_until: '2026-01-04T00:00:00.000Z'};
    const network = await DecidingNetwork.open(
      holding([{depot_id: 'D-1', lot: 'A-OLD', qty: 1}], {lot: [old]}),
    );
    const ports = openNetworkPorts(network.database.poolFor('forestock_network'), {
      worldClock: {now: () => network.now},
      partitions: 4,
      autoIssue: true,
    });
    const report = {equipmentId: 'M-1', positionId: 'compressor', finding: 'failed' as const};
    const body = {...report, partMissing: true, reportedAt: AT, source: 'test', sourceKey: 'failed'};
    expect(await execute(ports, NETWORK_COMMANDS.reportRepair, body, 'test')).toMatchObject({ok: true});
    expect(await network.count(`network.demand_line WHERE state = 'open' AND filled_qty = 0`)).toBe(1);
  });

  it('a transfer ships what can still be used', async () => {
    const network = await DecidingNetwork.open(
      holding(
        [
          {depot_id: 'D-C', lot: 'A-OLD', qty: 1},
          {depot_id: 'D-C', lot: 'B-NEW', qty: 1},
        ],
        {
          lot: [{part_id: 'P-1', lot: 'A-OLD', usable_until: '2026-01-04T00:00:00.000Z'}],
          supply_order: [transfer({qty: 1})],
        },
      ),
    );
    const {rows} = await network.pool.query<{order_id: string}>('SELECT order_id FROM network.supply_order');
    const orderId = rows[0]!.order_id;
    await network.book('shipOrder', {orderId, qty: 1});
    expect(
      await network.count(`network.stock_balance WHERE loc = 'transit:${orderId}' AND lot = 'B-NEW'`),
    ).toBe(1);
  });
});
