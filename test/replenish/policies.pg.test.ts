import {describe, expect, it} from 'vitest';
import type {MasterData} from '../../network/core/master-data.ts';
import {openPlanning} from '../../replenish/main.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork, withRows} from './reference.ts';

/** A gold and a standard machine at a regional depot with a supplier of its own that sells in pairs, and a year's background. */
function pairsFrom(crossing: boolean): MasterData {
  const network = tinyNetwork();
  return withRows(
    {
      ...network,
      part_depot: network['part_depot']!.map((row) => ({...row, background_per_year: 6})),
      sourcing: network['sourcing']!.map((row) =>
        row['depot_id'] !== 'D-1'
          ? row
          : {
              ...row,
              source_kind: 'supplier',
              source_id: 'SUP',
              price_minor: 90_000,
              order_cost_minor: 2_000,
              multiple: 2,
              crossing,
            },
      ),
      equipment: network['equipment']!.map((row) =>
        row['equipment_id'] === 'M-2' ? {...row, contract_id: 'K-2', downtime_minor_per_h: 500} : row,
      ),
    },
    {
      contract: [
        {
          ...{contract_id: 'K-2', party_a: 'OWN', party_b: 'CUS', type: 'service', tier: 'standard'},
          penalty_minor_per_h: 0,
        },
      ],
    },
  );
}

describe('policies for a part at a depot', () => {
  it('D1 stand beside each other from what is on record, in the quantities that the source takes, and write nothing', async () => {
    const deciding = await DecidingNetwork.open(pairsFrom(true));
    const planning = openPlanning(deciding.pool, () => deciding.now);
    await deciding.forecast('S-1', 20_000);
    await deciding.forecast('S-2', 20_000);
    for (const qty of [1, 1, 1, 1, 2]) {
      const part = {part: {number: 'P-1'}, depotId: 'D-C', qty};
      await deciding.book('issueStock', {...part, customerPartyId: 'CUS'});
    }
    deciding.pass(1);
    const asked = {partId: 'P-1', depotId: 'D-1', reviewDays: 7, fillRate: 0.95};
    const run = await planning.policies(asked);
    if (!run.ok) throw new Error(run.detail);
    const {policies, subject, kept, cheapest, sourceId, notCompared} = run.value;
    expect(sourceId).toBe('SUP');
    expect(subject.input).toMatchObject({
      leadTime: {meanDays: 2, sdDays: 0.5, law: 'parallel'},
      lots: {minimum: 1, multiple: 2},
      costs: {orderMinor: 2_000},
      reviewDays: 7,
    });
    expect(subject.ordersOnRecord).toBe(0); // what D-C handed out says nothing of D-1
    expect(notCompared).toContainEqual({kind: 'min-max', reason: 'sold-in-multiples'});
    const [decided] = policies;
    expect(decided!.kind).toBe('decided');
    const least = Math.min(...policies.map(({total}) => total));
    expect(policies.find(({kind}) => kind === cheapest)!.total).toBe(least);
    const filling = policies.find(({kind}) => kind === 'periodic-fill-rate')!;
    expect(filling.fillRate).toBeGreaterThanOrEqual(0.95);
    expect(filling.reviewDays).toBe(7);
    expect(kept).toMatchObject({premiumTiers: ['gold'], standardTiers: ['standard']});
    expect(await deciding.count('replenish.plan_run')).toBe(0);

    const centre = await planning.policies({partId: 'P-1', depotId: 'D-C'});
    if (!centre.ok) throw new Error(centre.detail);
    expect(centre.value.subject).toMatchObject({servedDepotIds: ['D-C', 'D-1'], ordersOnRecord: 5});
    expect(centre.value.subject.input.orders.sizes).toEqual([
      {pieces: 1, probability: 0.8},
      {pieces: 2, probability: 0.2},
    ]);
    expect(centre.value.kept).toBeNull();
  });

  it('D1 are reckoned with sequential lead times where the source keeps the order of its orders', async () => {
    const deciding = await DecidingNetwork.open(pairsFrom(false));
    const planning = openPlanning(deciding.pool, () => deciding.now);
    const run = await planning.policies({partId: 'P-1', depotId: 'D-1'});
    if (!run.ok) throw new Error(run.detail);
    const {leadTimeDemand, subject} = run.value;
    expect(subject.input).toMatchObject({leadTime: {law: 'sequential'}, reviewDays: 1});
    expect(leadTimeDemand.variance - leadTimeDemand.mean).toBeCloseTo(((6 / 365.25) * 0.5) ** 2, 9);
  });

  it('D1 follow the decisions: their trigger and lot are what is ordered, and where', async () => {
    const data = pairsFrom(true);
    const deciding = await DecidingNetwork.open(data);
    const planning = openPlanning(deciding.pool, () => deciding.now);
    const run = await planning.policies({partId: 'P-1', depotId: 'D-1'});
    if (!run.ok) throw new Error(run.detail);
    const {r, q} = run.value.subject.input.decided;
    expect(r).toBeGreaterThanOrEqual(0);
    const lies = async (pieces: number): Promise<number> => {
      const other = await DecidingNetwork.open({
        ...data,
        opening_stock: data['opening_stock']!.flatMap((row) =>
          row['depot_id'] !== 'D-1' ? [row] : pieces === 0 ? [] : [{...row, qty: pieces}],
        ),
      });
      await other.signal();
      await other.decide();
      return (await other.orders()).reduce(
        (sum, order) => sum + (order.to === 'depot:D-1' ? order.qty : 0),
        0,
      );
    };
    expect(await lies(r + 1)).toBe(0);
    expect(await lies(r)).toBe(q);
  });

  it('D1 are refused with the next step where nothing can be compared', async () => {
    const deciding = await DecidingNetwork.open(pairsFrom(true));
    const planning = openPlanning(deciding.pool, () => deciding.now);
    const refusal = async (partId: string, depotId: string): Promise<string> => {
      const run = await planning.policies({partId, depotId});
      return run.ok ? 'none' : run.reason;
    };
    expect(await refusal('P-9', 'D-1')).toBe('unknown-part');
    expect(await refusal('P-1', 'D-9')).toBe('unknown-depot');
    expect(await refusal('P-2', 'D-1')).toBe('unknown-part');
    const master = deciding.database.poolFor('forestock_network');
    await master.query(`UPDATE network.part_depot SET background_per_year = 0`);
    expect(await refusal('P-1', 'D-1')).toBe('no-demand');
    await master.query(`UPDATE network.part_depot SET background_per_year = 1e6`);
    expect(await refusal('P-1', 'D-1')).toBe('moves-too-fast');
    await master.query(`DELETE FROM network.sourcing WHERE depot_id = 'D-1'`);
    expect(await refusal('P-1', 'D-1')).toBe('no-source');
    await master.query(`UPDATE network.part_depot SET may_stock = false WHERE depot_id = 'D-1'`);
    expect(await refusal('P-1', 'D-1')).toBe('may-not-stock');
  });
});
