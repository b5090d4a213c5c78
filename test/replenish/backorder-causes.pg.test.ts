import {beforeEach, describe, expect, it} from 'vitest';
import {toIso} from '../../domain/time.ts';
import {openBackorderDesk} from '../../replenish/adapters/backorder-desk.ts';
import {readStandings} from '../../replenish/api.ts';
import type {DecidingNetwork} from './reference.ts';
import {LATE, LINE, WaitingMachine} from './waiting-machine.ts';

describe('why a backorder came about', () => {
  let world: WaitingMachine;
  let network: DecidingNetwork;
  beforeEach(async () => {
    world = await WaitingMachine.open();
    ({network} = world);
  });

  it('E2 five things that went wrong on the books share one backorder', async () => {
    const db = world.networkDb();
    await network.forecast('S-2', 10_000);
    await network.database
      .poolFor('forestock_predict')
      .query(`UPDATE predict.forecast_current SET method = 'model'`);
    await network.signal();
    await network.decide(); // what was known a lead time before
    network.pass(40 * 24);
    const now = toIso(network.now);
    const [second, stopped] = [LINE.replace(/1$/, '2'), LATE.replace(/a$/, 'b')];
    // The model had not seen it coming: machine M-2 fails,
    await db.query(
      `INSERT INTO network.position_event (equipment_no, position_id, observed_at, event_key, type)
       SELECT equipment_no, 'compressor', $1, 'failed', 'failure' FROM network.equipment WHERE equipment_id = 'M-2'`,
      [now],
    );
    await db.query(
      `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, equipment_no, tier, qty, requested_at, needed_at)
       SELECT $1, 'event', 'failed', 'P-1', 'D-1', equipment_no, 'gold', 1, $2, $2 FROM network.equipment WHERE equipment_id = 'M-2'`,
      [second, now],
    );
    // nine pieces went elsewhere at once,
    await db.query(
      `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, tier, qty, filled_qty, requested_at, needed_at, filled_at, state)
       VALUES (gen_random_uuid(), 'test', 'rush', 'P-1', 'D-1', 'gold', 9, 9, $1, $1, $1, 'filled')`,
      [now],
    );
    // a count found one fewer, and somebody called a transfer off.
    for (const [key, from, to] of [
      ['in', 'supplier:SUP', 'depot:D-1'],
      ['count', 'depot:D-1', 'adjustment:count'],
    ])
      await db.query(
        `SELECT network.post_movement(gen_random_uuid(), 'test', $1, 'P-1', '', '', 'OWN', 'new', $2, $3, 1, $4)`,
        [key, from, to, now],
      );
    await db.query(
      `SELECT network.place_supply_order($1, $1, 'transfer', 'P-1', 'depot:D-C', 'depot:D-1', NULL, 'OWN', 1, 'released',
                                         $2::timestamptz - interval '2 days', $2::timestamptz + interval '2 days', 0, 0, 'EUR', 'road')`,
      [stopped, now],
    );
    await db.query(
      `INSERT INTO network.supply_order_event (order_id, event_no, source, source_key, type, world_at) VALUES ($1, 2, 'test', 'off', 'cancel', $2)`,
      [stopped, now],
    );
    await db.query(`UPDATE network.supply_order SET state = 'cancelled' WHERE order_id = $1`, [stopped]);
    network.pass(1);
    await world.watch();
    const found = (await readStandings(network.pool, [second], network.now)).get(second)!;
    expect(found.causes.map(({cause, percent}) => [cause, percent])).toEqual([
      ['supplier-late', 20],
      ['transfer-blocked', 20],
      ['parameter-error', 20],
      ['demand-spike', 20],
      ['prediction-missed', 20],
    ]);
  });

  it('E2 a person names another cause with a reason, and the automatic tags stay beside it', async () => {
    const desk = openBackorderDesk(network.pool, () => network.now);
    const correction = {
      demandId: LINE,
      cause: 'parameter-error',
      reason: 'the order was keyed in twice',
      actor: 'ada',
    } as const;
    expect(await desk.correct(correction)).toMatchObject({ok: false, reason: 'unknown-backorder'});
    network.pass(1);
    await world.watch();
    expect(await desk.correct(correction)).toMatchObject({ok: true});
    expect(await world.standing()).toMatchObject({
      causes: [{cause: 'supplier-late', percent: 100}],
      correction: {
        cause: 'parameter-error',
        reason: 'the order was keyed in twice',
        by: 'ada',
        at: network.now,
      },
    });
    expect(await world.lived()).toEqual(['opened', 'corrected']);
  });
});
