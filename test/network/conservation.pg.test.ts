import fc from 'fast-check';
import {beforeAll, describe, expect, it} from 'vitest';
import {type EpochMs, epochMs, HOUR_MS, toIso} from '../../domain/time.ts';
import {networkReads} from '../../network/adapters/network-reads.ts';
import {openNetworkPorts} from '../../network/adapters/postgres.ts';
import {execute, importMasterData, NETWORK_COMMANDS, toRawFolder} from '../../network/api.ts';
import type {NetworkPorts} from '../../network/ports.ts';
import {createFollower} from '../../network/service.ts';
import {causeId} from '../../platform/ids.ts';
import type {Pool} from '../../platform/pg.ts';
import {openTestDatabase} from '../support/database.ts';
import {createEquipment} from './equipment-log.ts';
import {START, tinyNetwork} from './tiny-network.ts';

const depotId = fc.constantFrom('D-1', 'D-C');
const qty = fc.integer({min: 1, max: 4});
const hour = fc.integer({min: 0, max: 2000});
const step = fc.oneof(
  fc.record({do: fc.constant('receive' as const), depotId, qty}),
  fc.record({do: fc.constant('issue' as const), depotId, qty}),
  fc.record({do: fc.constant('count' as const), depotId, qty}),
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
  'what a line was given is what moved for it': `
    SELECT d.demand_id FROM network.demand_line d
     WHERE d.source = 'event' AND d.filled_qty <> coalesce((
       SELECT sum(CASE WHEN m.source_key LIKE 'issue:%' THEN m.qty ELSE -m.qty END) FROM network.stock_movement m
        WHERE m.source = 'demand' AND m.source_key LIKE '%:' || d.demand_id || ':%'), 0)`,
  'a line is filled when nothing is open': `SELECT 1 FROM network.demand_line WHERE (state = 'filled') <> (filled_qty = qty)  AND state <> 'cancelled'`,
  'nobody waits beside a full shelf': `
    SELECT 1 FROM network.demand_line d JOIN network.stock_balance b ON b.loc = 'depot:' || d.depot_id AND b.part_id = d.part_id
     WHERE d.state = 'open' AND b.qty > 0`,
};

describe('the stock ledger', () => {
  let pool: Pool;
  let ports: NetworkPorts;
  let equipment: Awaited<ReturnType<typeof createEquipment>>;
  let calls = 0;

  beforeAll(async () => {
    const database = await openTestDatabase();
    pool = database.poolFor('forestock_network');
    ports = openNetworkPorts(pool, {worldClock: {now: () => at(3000)}, partitions: 4, autoIssue: true});
    expect(await importMasterData(ports, toRawFolder(tinyNetwork()), {actor: 'test'})).toMatchObject({
      ok: true,
    });
    equipment = await createEquipment(database);
  });
  const at = (hours: number): EpochMs => epochMs(START + hours * HOUR_MS);

  it('E1 invariant I6: quantities are conserved under any event sequence', async () => {
    const orders: string[] = [];
    let last: (() => Promise<unknown>) | undefined;
    const act = async (
      steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
    ): Promise<void> => {
      const follower = createFollower(ports);
      for (const s of steps) {
        const origin = {source: 'wms', sourceKey: `k-${(calls += 1)}`};
        const part = {number: 'P-1'};
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
            case 'count':
              return execute(
                ports,
                NETWORK_COMMANDS.countStock,
                {...origin, part, depotId: s.depotId, counted: s.qty},
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
      {seed: 20260105, numRuns: 25, endOnFailure: true},
    );
    const moved = await networkReads(pool).demand({limit: 10_000});
    expect(moved.length).toBeGreaterThan(20); // the sequences did reach the follower
  });
});
