import {describe, expect, it} from 'vitest';
import type {MasterData} from '../../network/core/master-data.ts';
import {openPlanning} from '../../replenish/main.ts';
import {streamOf} from '../../simulator/random.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork, withRows, WORKSHOP} from './reference.ts';

/** Steady use at D-1, two pieces there and none behind it: what breaks is worth repairing. */
function busy(): MasterData {
  const network = tinyNetwork();
  return withRows(
    {
      ...network,
      part_depot: network['part_depot']!.map((row) => ({...row, background_per_year: 60})),
      opening_stock: network['opening_stock']!.filter(
        (row) => row['part_id'] === 'P-1' && row['depot_id'] === 'D-1',
      ),
    },
    WORKSHOP,
  );
}

describe('repairable pieces', () => {
  it('G6 circulate between field, workshop and shelf, none lost or made, and the plan reckons with the loop it sees', async () => {
    const network = await DecidingNetwork.open(busy());
    const shelf = {part: {number: 'P-1'}, depotId: 'D-1'};
    const random = streamOf(7, 'repair-loop');
    const sum = async (where: string): Promise<number> =>
      (
        await network.pool.query<{n: number}>(
          `SELECT coalesce(sum(qty), 0)::int AS n FROM network.stock_balance WHERE part_id = 'P-1' AND ${where}`,
        )
      ).rows[0]!.n;
    const broken = `loc = 'depot:D-1' AND condition = 'unserviceable'`;
    const working = `loc = 'depot:D-1' AND condition <> 'unserviceable'`;
    const seen = {used: 0, returned: 0, repaired: 0, condemned: 0};
    const arrive = async (): Promise<void> => {
      const open = await network.pool.query<{order_id: string; kind: string; qty: number}>(
        `SELECT order_id, kind, qty FROM network.supply_order WHERE to_loc = 'depot:D-1' AND state IN ('released', 'confirmed', 'shipped') ORDER BY order_id`,
      );
      for (const {order_id: orderId, kind, qty} of open.rows) {
        if (kind === 'transfer' && (await sum(`loc = 'depot:D-C'`)) < qty) continue;
        await network.book('receiveOrder', {orderId});
        if (kind === 'repair') seen.repaired += qty;
      }
    };
    for (let step = 0; step < 24; step += 1) {
      network.pass(12);
      const pick = random.uniform();
      if (pick < 0.4 && (await sum(working)) > 0) {
        const condition = (await sum(`${working} AND condition = 'new'`)) > 0 ? 'new' : 'serviceable';
        await network.book('issueStock', {...shelf, condition, qty: 1, customerPartyId: 'CUS'});
        seen.used += 1;
      } else if (pick < 0.7 && seen.returned < seen.used) {
        await network.book('receiveStock', {
          ...shelf,
          condition: 'unserviceable',
          qty: 1,
          fromLoc: 'customer:CUS',
        });
        seen.returned += 1;
      } else if (pick < 0.8 && (await sum(broken)) > 0) {
        const left = (await sum(broken)) - 1;
        await network.book('countStock', {...shelf, condition: 'unserviceable', counted: left});
        seen.condemned += 1;
      } else {
        await network.signal();
        await network.decide();
        await arrive();
      }
    }
    expect(Math.min(seen.used, seen.returned, seen.repaired, seen.condemned)).toBeGreaterThan(0);
    const bought = await network.pool.query<{n: number}>(
      `SELECT coalesce(sum(received_qty), 0)::int AS n FROM network.supply_order WHERE part_id = 'P-1' AND kind <> 'repair' AND from_loc LIKE 'supplier:%'`,
    );
    const held = await sum(`loc ~ '^(depot|transit):'`);
    expect(held + seen.used - seen.returned + seen.condemned).toBe(2 + bought.rows[0]!.n);
    expect(await sum(`loc = 'supplier:SHOP'`)).toBe(0); // each piece handed in came back
    expect(await sum('true')).toBe(0); // double entry

    const planning = openPlanning(network.pool, () => network.now);
    const run = await planning.targets(
      {kind: 'budget', budgetMinor: 5_000_000},
      {apply: false, actor: 'test', horizonDays: 365},
    );
    if (!run.ok) throw new Error(run.detail);
    const share =
      (Math.min(1, seen.returned / seen.used) * seen.repaired) / (seen.repaired + seen.condemned + 1);
    expect(run.value.repairs).toMatchObject([{partId: 'P-1', depotId: 'D-1', turnaroundDays: 3}]);
    expect(run.value.repairs[0]!.repairedShare).toBeCloseTo(share, 12);
  });
});
