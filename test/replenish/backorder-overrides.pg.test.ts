import {beforeEach, describe, expect, it} from 'vitest';
import {toIso} from '../../domain/time.ts';
import {listOverrides, redecide} from '../../replenish/api.ts';
import type {DecidingNetwork} from './reference.ts';
import {LINE, WaitingMachine} from './waiting-machine.ts';

describe('backorders that lasted too long', () => {
  let world: WaitingMachine;
  let network: DecidingNetwork;
  beforeEach(async () => {
    world = await WaitingMachine.open();
    ({network} = world);
  });

  it('E6 a line that called for an override calls for one again, where the level was moved after the first had ended', async () => {
    const from = (level: string) =>
      network.database
        .poolFor('forestock_platform')
        .query(
          `INSERT INTO platform.parameter (key, effective_from, value, changed_by) VALUES ('replenish.backorders', $1, $2, 'ops')`,
          [
            toIso(network.now),
            JSON.stringify({
              override: {from: level, piecesPerWaiting: 2, stableH: 1, longestDays: 0.1},
              recovery: {steps: 1, stepH: 1},
            }),
          ],
        );
    await from('breach');
    for (const hours of [25, 3, 2]) {
      network.pass(hours);
      await world.watch();
    }
    expect(await listOverrides(network.pool, {limit: 10})).toMatchObject([{state: 'ended'}]);
    await from('escalate');
    network.pass(24);
    await world.watch();
    expect((await listOverrides(network.pool, {limit: 10})).map(({state}) => state)).toEqual([
      'standing',
      'ended',
    ]);
  });

  it('E6 D8 orders above the reorder point once, goes back when supply is stable, and says when', async () => {
    await network.signal();
    await network.decide({alertOpenMinor: 1_000_000_000});
    const before = (await network.orders()).length; // the late order covers the position
    network.pass(49);
    await world.watch();
    const overrides = () => listOverrides(network.pool, {limit: 10});
    expect(await overrides()).toMatchObject([
      {partId: 'P-1', depotId: 'D-1', demandId: LINE, state: 'standing', capPieces: 2},
    ]);
    const decided = await network.decide();
    expect(decided.at(-1)!.settled.decision.reasons).toContainEqual(
      expect.objectContaining({code: 'reorder-point-overridden', waiting: 1, capPieces: 2}),
    );
    for (const {decisionId, written} of decided)
      if (written) expect(await redecide(network.pool, decisionId)).toMatchObject({same: true});

    // Another machine has waited as long: one piece more, and none again for the first.
    const bought = async () => (await network.orders()).slice(before).reduce((sum, {qty}) => sum + qty, 0);
    expect(await bought()).toBe(1);
    await world.networkDb().query(
      `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, tier, qty, requested_at, needed_at)
       VALUES (gen_random_uuid(), 'test', 'second', 'P-1', 'D-1', 'gold', 1, $1, $1)`,
      [toIso(network.now)],
    );
    network.pass(49);
    await world.watch();
    await network.decide();
    expect(await overrides()).toMatchObject([{state: 'standing', capPieces: 4}]);
    expect(await bought()).toBe(2);

    await world
      .networkDb()
      .query(`UPDATE network.demand_line SET state = 'filled', filled_qty = qty, filled_at = $1`, [
        toIso(network.now),
      ]);
    await world
      .networkDb()
      .query(`UPDATE network.supply_order SET state = 'received', shipped_qty = qty, received_qty = qty`);
    await world.watch();
    expect(await world.lived()).toEqual(['opened', 'warn', 'breach', 'escalate', 'closed']);
    expect(
      await network.count(`replenish.alert WHERE kind = 'backorder-duration' AND state <> 'cleared'`),
    ).toBe(0);
    for (let look = 0; look < 32; look += 1) {
      network.pass(6);
      await world.watch();
    }
    expect(await overrides()).toMatchObject([{state: 'recovering', revertedBecause: 'supply-stable'}]);
    expect(await world.audited('override.reverted')).toBe(1);
    const recovering = await network.decide();
    expect(recovering.at(-1)!.settled.situation.depots[0]!.supplyShock).toMatchObject({
      phase: 'recovery',
      step: 1,
      steps: 4,
    });
    network.pass(4 * 7 * 24);
    await world.watch();
    expect(await overrides()).toMatchObject([{state: 'ended'}]);
    expect(await network.count(`platform.world_timer WHERE kind IN ('override', 'backorder')`)).toBe(0);
  });

  it('E6 the part that is bought today is bought for who waits for the one that it supersedes', async () => {
    await world.networkDb().query(
      `INSERT INTO network.part (part_id, group_id, name, unit_cost_minor, currency)
       SELECT 'P-1B', group_id, 'Compressor B', unit_cost_minor, currency FROM network.part WHERE part_id = 'P-1'`,
    );
    await world
      .networkDb()
      .query(
        `INSERT INTO network.part_relation (from_part, to_part, kind, approval, ratio) VALUES ('P-1', 'P-1B', 'supersession', 'approved', 2)`,
      );
    network.pass(49);
    await world.watch();
    expect(await listOverrides(network.pool, {limit: 10})).toMatchObject([
      {partId: 'P-1B', demandId: LINE, capPieces: 4},
    ]);
  });
});
