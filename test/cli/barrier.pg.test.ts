import {describe, expect, it} from 'vitest';
import {pendingWork} from '../../cli/barrier.ts';
import {toIso} from '../../domain/time.ts';
import {DecidingNetwork} from '../replenish/reference.ts';

describe('the barrier between two steps of a stepped clock', () => {
  it('names the stages that have something left to do, and no others', async () => {
    const network = await DecidingNetwork.open();
    await network.database
      .poolFor('forestock_network')
      .query(`UPDATE network.stock_balance SET qty = 0 WHERE loc = 'depot:D-1'`);
    const api = network.database.poolFor('forestock_api');
    const pending = () => pendingWork(api, network.now);
    const nothing = {
      follow: false,
      predict: false,
      backorders: false,
      decide: false,
      expire: false,
      deliver: false,
      feeds: false,
      tell: false,
    };
    // Nobody has begun to listen for the network's machines, nor looked at its contracts.
    expect(await pending()).toEqual({...nothing, watch: true, contracts: true});

    await network.forecast('S-1', 400_000);
    await network.signal();
    expect(await pending()).toMatchObject({decide: true, deliver: false});
    await network.decide({mode: 'propose', alertOpenMinor: 1_000_000_000});
    expect(await pending()).toMatchObject(nothing);
    network.pass(24 * 8);
    expect(await pending()).toMatchObject({...nothing, expire: true});

    await network.forecast('S-1', 400_000);
    await network.signal();
    await network.decide();
    expect(await pending()).toMatchObject({decide: false, deliver: true});

    await network.database
      .poolFor('forestock_ingest')
      .query('INSERT INTO ingest.partition_head (partition_no, last_log_seq) VALUES (0, 5)');
    expect(await pending()).toMatchObject({follow: true, predict: false});
    await network.database
      .poolFor('forestock_network')
      .query(
        `INSERT INTO network.checkpoint (stage, partition_no, log_seq) SELECT 'network', partition_no, 5 FROM ingest.partition_head`,
      );
    expect(await pending()).toMatchObject({follow: false, predict: true});
  });

  it('F4 a reservation that has run out is to be decided on', async () => {
    const network = await DecidingNetwork.open();
    const pending = () => pendingWork(network.database.poolFor('forestock_api'), network.now);
    await network.pool.query(
      `SELECT network.reserve_pieces(gen_random_uuid(), gen_random_uuid(), 'S-1', 'P-1', 'D-1', 1, $1, $1::timestamptz + interval '2 h', 2, 0)`,
      [toIso(network.now)],
    );
    network.pass(1);
    expect(await pending()).toMatchObject({decide: false});
    network.pass(1);
    expect(await pending()).toMatchObject({decide: true});
    await network.decide();
    expect(await pending()).toMatchObject({decide: false});
  });
});
