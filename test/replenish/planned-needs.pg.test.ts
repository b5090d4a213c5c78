import {beforeAll, describe, expect, it} from 'vitest';
import {HOUR_MS, epochMs, toIso} from '../../domain/time.ts';
import {listAvailable} from '../../replenish/adapters/available-rows.ts';
import {forecastDemand} from '../../replenish/adapters/demand-upkeep.ts';
import {loadSituations} from '../../replenish/adapters/situation-rows.ts';
import {redecide} from '../../replenish/api.ts';
import {DEFAULT_POLICY} from '../../replenish/core/decision/policy.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

/** The centre's supplier takes 20 ± 5 days, and the way to D-1 two. */
const NEEDED_H = 60 * 24;

describe('planned work in the books', () => {
  let network: DecidingNetwork;
  let orders = 0;
  beforeAll(async () => {
    const empty = tinyNetwork();
    delete empty['opening_stock'];
    network = await DecidingNetwork.open(empty);
    await network.decide();
    orders = (await network.orders()).length;
  });

  const book = async (key: string, inH: number): Promise<void> => {
    await network.database.poolFor('forestock_network').query(
      `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, equipment_no, customer_party_id, tier, qty, requested_at, needed_at, cause)
       SELECT gen_random_uuid(), 'work', $3, 'P-1', 'D-1', equipment_no, 'CUS', 'gold', 1, $1, $2, 'planned'
         FROM network.equipment WHERE equipment_id = 'M-1'`,
      [toIso(network.now), toIso(epochMs(network.now + inH * HOUR_MS)), key],
    );
    await network.signal();
  };

  it('C4 nothing is ordered or told at its booking, and the piece is promised to nobody else', async () => {
    await book('overhaul', NEEDED_H);
    const settled = await network.decide();
    expect(settled.at(-1)!.settled.decision.reasons).toContainEqual(
      expect.objectContaining({
        code: 'planned-needs',
        near: 0,
        later: 1,
        firstAt: START + NEEDED_H * HOUR_MS,
      }),
    );
    expect(await network.orders()).toHaveLength(orders);
    expect(await network.count(`replenish.alert WHERE state <> 'cleared'`)).toBe(0);
    const [available] = await listAvailable(network.pool, {depotId: 'D-1', limit: 1}, network.now);
    expect(available).toMatchObject({partId: 'P-1', committed: 1, uncovered: 1});
    const promised = await network.count(
      `network.demand_line WHERE source_key = 'overhaul' AND promised_at = needed_at`,
    );
    expect(promised).toBe(1);
    const {decisionId} = settled.at(-1)!;
    expect(await redecide(network.pool, decisionId)).toMatchObject({same: true});
  });

  it('C4 a night without any news has the group look, once, and finds nothing to do yet', async () => {
    const looks = (): Promise<number> =>
      network.count(`replenish.demand_signal WHERE cause_kind = 'nightly'`);
    expect(await looks()).toBe(0);
    for (const hours of [24, 6]) {
      network.pass(hours);
      await forecastDemand(network.pool, network.now);
      expect(await network.decide()).toHaveLength(hours === 24 ? 1 : 0);
      expect(await looks()).toBe(1);
    }
    expect(await network.orders()).toHaveLength(orders);
  });

  it('C4 the order goes out when its date is a lead time and a look away, once, and is there by then', async () => {
    let placedAt: number | undefined;
    while (network.now < START + (NEEDED_H + 48) * HOUR_MS) {
      await network.decide();
      const placed = (await network.orders()).length - orders;
      expect(placed).toBeLessThanOrEqual(2);
      if (placed > 0 && placedAt === undefined) placedAt = network.now;
      await receiveWhatIsDue(network);
      network.pass(24);
      await forecastDemand(network.pool, network.now);
    }
    const aheadDays = (START + NEEDED_H * HOUR_MS - placedAt!) / (24 * HOUR_MS);
    expect(aheadDays).toBeGreaterThan(20);
    expect(aheadDays).toBeLessThan(35);
    const placed = (await network.orders()).slice(orders);
    expect(placed).toMatchObject([
      {from: 'supplier:SUP', to: 'depot:D-C', qty: 1},
      {from: 'depot:D-C', to: 'depot:D-1', qty: 1},
    ]);
    const [situation] = await loadSituations(network.pool, 'G-1', network.now, DEFAULT_POLICY);
    expect(situation!.depots.find(({depotId}) => depotId === 'D-1')).toMatchObject({
      onHand: 1,
      needs: [{quantity: 1}],
    });
  });
});

/** Orders arrive as they were expected, and what a depot sends leaves at once. */
async function receiveWhatIsDue(network: DecidingNetwork): Promise<void> {
  const {rows} = await network.pool.query<{order_id: string}>(
    `SELECT order_id FROM network.supply_order WHERE state IN ('released', 'confirmed', 'shipped') AND expected_at <= $1`,
    [toIso(network.now)],
  );
  for (const {order_id: orderId} of rows) await network.book('receiveOrder', {orderId});
}
