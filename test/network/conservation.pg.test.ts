import fc from 'fast-check';
import {beforeAll, describe, expect, it} from 'vitest';
import {type EpochMs, epochMs, HOUR_MS, toIso} from '../../domain/time.ts';
import {networkReads} from '../../network/adapters/network-reads.ts';
import {openNetworkPorts} from '../../network/adapters/postgres.ts';
import {execute, importMasterData, NETWORK_COMMANDS, toRawFolder} from '../../network/api.ts';
import type {MasterData} from '../../network/core/master-data.ts';
import type {NetworkPorts} from '../../network/ports.ts';
import {createFollower} from '../../network/service.ts';
import {causeId} from '../../platform/ids.ts';
import type {Pool} from '../../platform/pg.ts';
import {openTestDatabase} from '../support/database.ts';
import {createEquipment} from './equipment-log.ts';
import {START, tinyNetwork} from './tiny-network.ts';

const depotId = fc.constantFrom('D-1', 'D-C');
/** The part of the bill of materials, its successor, and a substitute of which two do the work of one. */
const part = fc.constantFrom('P-1', 'P-1B', 'P-1C', 'P-1C');
const qty = fc.integer({min: 1, max: 4});
const hour = fc.integer({min: 0, max: 2000});
const step = fc.oneof(
  fc.record({do: fc.constant('receive' as const), depotId, qty, part}),
  fc.record({do: fc.constant('issue' as const), depotId, qty}),
  {
    weight: 3,
    arbitrary: fc.record({do: fc.constant('answer' as const), line: fc.nat(5), depotId, qty, part}),
  },
  fc.record({do: fc.constant('call-off' as const), line: fc.nat(5)}),
  fc.record({do: fc.constant('count' as const), depotId, qty}),
  fc.record({do: fc.constant('state' as const), depotId, qty}),
  fc.record({do: fc.constant('order' as const), qty, inner: fc.boolean()}),
  fc.record({
    do: fc.constant('ship' as const),
    order: fc.nat(5),
    qty,
    titleTransfer: fc.constantFrom('shipment', 'receipt'),
  }),
  fc.record({do: fc.constant('land' as const), order: fc.nat(5), qty}),
  fc.record({do: fc.constant('cancel' as const), order: fc.nat(5)}),
  fc.record({
    do: fc.constant('event' as const),
    type: fc.constantFrom('failure' as const, 'part-replaced' as const, 'maintenance' as const),
    hour,
  }),
  fc.record({do: fc.constant('repeat' as const)}),
);

/** What must hold after any sequence of events and commands, as queries that find every row where it does not. */
const LAWS = {
  'every balance is the sum of its movements': `
    SELECT * FROM (SELECT loc, part_id, owner_party_id, condition, lot, qty FROM network.stock_balance WHERE qty <> 0) b
      FULL JOIN (SELECT loc, part_id, owner_party_id, condition, lot, sum(qty) AS qty FROM (
          SELECT to_loc AS loc, part_id, owner_party_id, condition, lot, qty FROM network.stock_movement
          UNION ALL SELECT from_loc, part_id, owner_party_id, condition, lot, -qty FROM network.stock_movement) m
        GROUP BY 1, 2, 3, 4, 5 HAVING sum(qty) <> 0) s USING (loc, part_id, owner_party_id, condition, lot)
     WHERE b.qty IS DISTINCT FROM s.qty`,
  'all places together hold nothing': `SELECT part_id FROM network.stock_balance GROUP BY part_id HAVING sum(qty) <> 0`,
  'in transit is what has shipped and not arrived': `
    SELECT o.order_id FROM network.supply_order o
     WHERE o.shipped_qty - o.received_qty <>
           coalesce((SELECT sum(qty) FROM network.stock_balance b WHERE b.loc = 'transit:' || o.order_id), 0)`,
  'requested is filled, open and cancelled, and each of them the sum of its events': `
    SELECT d.demand_id FROM network.demand_line d
      LEFT JOIN (SELECT demand_id, sum(CASE type WHEN 'filled' THEN qty WHEN 'returned' THEN -qty ELSE 0 END) AS filled,
                        sum(qty) FILTER (WHERE type = 'cancelled') AS cancelled FROM network.demand_event GROUP BY 1) e USING (demand_id)
     WHERE d.filled_qty <> coalesce(e.filled, 0)
        OR (d.state = 'open') <> (d.qty - coalesce(e.filled, 0) - coalesce(e.cancelled, 0) > 0)
        OR d.qty < coalesce(e.filled, 0) + coalesce(e.cancelled, 0)`,
  'each fill is a movement from a shelf to a customer, a substitute at its ratio': `
    SELECT e.demand_id FROM network.demand_event e LEFT JOIN network.stock_movement m USING (source, source_key)
     WHERE e.type = 'filled' AND (m.qty IS DISTINCT FROM e.pieces OR m.part_id <> e.part_id OR m.from_loc NOT LIKE 'depot:%'
        OR m.to_loc NOT LIKE 'customer:%' OR e.pieces <> e.qty * (CASE e.part_id WHEN 'P-1C' THEN 2 ELSE 1 END))`,
  'each piece that went to a customer fills a line': `
    SELECT m.movement_id FROM network.stock_movement m LEFT JOIN network.demand_event e USING (source, source_key)
     WHERE m.to_loc LIKE 'customer:%' AND e.demand_id IS NULL`,
  'a line is filled when nothing is open': `SELECT 1 FROM network.demand_line WHERE (state = 'filled') <> (filled_qty = qty)  AND state <> 'cancelled'`,
  'nobody waits beside a full shelf': `
    SELECT 1 FROM network.demand_line d JOIN network.stock_balance b ON b.loc = 'depot:' || d.depot_id AND b.part_id = d.part_id
     WHERE d.state = 'open' AND b.qty > 0`,
};

/** Three pieces a repair, so that fills come in parts, and two parts that may stand in. */
function withSubstitutes(): MasterData {
  const network = tinyNetwork();
  const [first] = network['part']!;
  const relation = {from_part: 'P-1', approval: 'approved'};
  return {
    ...network,
    part: [...network['part']!, {...first!, part_id: 'P-1B'}, {...first!, part_id: 'P-1C'}],
    bom_position: [{...network['bom_position']![0]!, qty: 3}],
    part_relation: [
      {...relation, to_part: 'P-1B', kind: 'supersession', ratio: 1},
      {...relation, to_part: 'P-1C', kind: 'substitute', ratio: 2},
    ],
  };
}

describe('the stock ledger', () => {
  let pool: Pool;
  let ports: NetworkPorts;
  let equipment: Awaited<ReturnType<typeof createEquipment>>;
  let calls = 0;

  beforeAll(async () => {
    const database = await openTestDatabase();
    pool = database.poolFor('forestock_network');
    ports = openNetworkPorts(pool, {worldClock: {now: () => at(3000)}, partitions: 4, autoIssue: true});
    expect(await importMasterData(ports, toRawFolder(withSubstitutes()), {actor: 'test'})).toMatchObject({
      ok: true,
    });
    equipment = await createEquipment(database);
  });
  const openLines = async (): Promise<string[]> =>
    (
      await pool.query<{id: string}>(
        `SELECT demand_id AS id FROM network.demand_line WHERE state = 'open' ORDER BY requested_at, demand_id`,
      )
    ).rows.map(({id}) => id);
  const countOf = async (from: string): Promise<number> =>
    (await pool.query<{n: number}>(`SELECT count(*)::int AS n FROM ${from}`)).rows[0]!.n;
  const at = (hours: number): EpochMs => epochMs(START + hours * HOUR_MS);

  it('E1 invariant I6: quantities are conserved under any sequence of events, fills, substitutions and cancellations', async () => {
    const orders: string[] = [];
    let last: (() => Promise<unknown>) | undefined;
    const act = async (
      steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
    ): Promise<void> => {
      const follower = createFollower(ports);
      for (const s of steps) {
        const origin = {source: 'wms', sourceKey: `k-${(calls += 1)}`};
        const part = {number: 'part' in s ? s.part : 'P-1'};
        const demandId = 'line' in s ? ((await openLines()).at(-1 - s.line) ?? causeId('none')) : '';
        const orderId = 'order' in s ? (orders.at(-1 - s.order) ?? causeId('none')) : '';
        const command = (): Promise<unknown> => {
          switch (s.do) {
            case 'receive':
              return execute(
                ports,
                NETWORK_COMMANDS.receiveStock,
                {...origin, part, depotId: s.depotId, qty: s.qty, fromLoc: 'supplier:SUP'},
                'test',
              );
            case 'issue':
              return execute(
                ports,
                NETWORK_COMMANDS.issueStock,
                {...origin, part, depotId: s.depotId, qty: s.qty, customerPartyId: 'CUS'},
                'test',
              );
            case 'answer':
              return execute(
                ports,
                NETWORK_COMMANDS.issueStock,
                {...origin, part, depotId: s.depotId, qty: s.qty, customerPartyId: 'CUS', demandId},
                'test',
              );
            case 'call-off':
              return execute(
                ports,
                NETWORK_COMMANDS.cancelDemand,
                {...origin, demandId, reason: 'not-needed'},
                'test',
              );
            case 'count':
              return execute(
                ports,
                NETWORK_COMMANDS.countStock,
                {...origin, part, depotId: s.depotId, counted: s.qty},
                'test',
              );
            case 'state':
              return execute(
                ports,
                NETWORK_COMMANDS.stateStock,
                {
                  ...origin,
                  statements: [{part, depotId: s.depotId, onHand: s.qty, countedAt: toIso(at(3000))}],
                },
                'test',
              );
            case 'ship':
              return execute(
                ports,
                NETWORK_COMMANDS.shipOrder,
                {...origin, orderId, qty: s.qty, titleTransfer: s.titleTransfer},
                'test',
              );
            case 'land':
              return execute(ports, NETWORK_COMMANDS.receiveOrder, {...origin, orderId, qty: s.qty}, 'test');
            case 'cancel':
              return execute(ports, NETWORK_COMMANDS.cancelOrder, {...origin, orderId}, 'test');
            case 'order':
              orders.push(causeId('order', calls));
              return pool.query(
                `SELECT network.place_supply_order($1, $1, $2, 'P-1', $3, $4, $5, 'OWN', $6, 'released', $7, $7, 0, 1000, 'EUR', null)`,
                [
                  orders.at(-1),
                  s.inner ? 'transfer' : 'purchase',
                  s.inner ? 'depot:D-C' : 'supplier:SUP',
                  s.inner ? 'depot:D-1' : 'depot:D-C',
                  s.inner ? null : 'SUP',
                  s.qty + 2,
                  toIso(START),
                ],
              );
            case 'event':
              return equipment
                .send('M-1', at(s.hour), s.type, {positionId: 'compressor'})
                .then(() => follower.runOnce());
            case 'repeat':
              return last?.() ?? Promise.resolve();
          }
        };
        await command();
        if (s.do !== 'order' && s.do !== 'repeat') last = command;
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, {minLength: 5, maxLength: 25}), async (steps) => {
        await act(steps);
        for (const [law, query] of Object.entries(LAWS))
          expect((await pool.query(query)).rows, law).toEqual([]);
      }),
      {seed: 20260106, numRuns: 40, endOnFailure: true},
    );
    const moved = await networkReads(pool).demand({limit: 10_000});
    expect(moved.length).toBeGreaterThan(20); // the sequences did reach the follower
    const met = {
      partly: 'network.demand_line WHERE filled_qty > 0 AND filled_qty < qty',
      calledOff: `network.demand_event WHERE type = 'cancelled' AND reason = 'not-needed'`,
      withdrawn: `network.demand_event WHERE reason = 'withdrawn'`,
      bySuccessor: `network.demand_event WHERE part_id = 'P-1B' AND source = 'demand'`,
      inDispute: `replenish.alert WHERE kind = 'stock-discrepancy'`,
      bySubstitute: `network.demand_event WHERE part_id = 'P-1C'`,
    };
    for (const [what, rows] of Object.entries(met)) expect(await countOf(rows), what).toBeGreaterThan(0);
  });
});
