import {describe, expect, it} from 'vitest';
import {toIso} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {redecide} from '../../replenish/api.ts';
import {loadSituations} from '../../replenish/adapters/situation-rows.ts';
import {DEFAULT_POLICY} from '../../replenish/core/decision/policy.ts';
import {openPlanning} from '../../replenish/main.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork, withRows} from './reference.ts';

describe('the class of a part', () => {
  it('D7 is derived from its failures, raises its target with audit, and one in part.csv wins', async () => {
    const network = tinyNetwork();
    const deciding = await DecidingNetwork.open(
      withRows(
        {
          ...network,
          part: network['part']!.map((row) => (row['part_id'] === 'P-2' ? {...row, criticality: 'B'} : row)),
          part_depot: network['part_depot']!.map((row) => ({...row, background_per_year: 12})),
        },
        {part_depot: [{part_id: 'P-2', depot_id: 'D-1', party_id: 'OWN', may_stock: false}]},
      ),
    );
    const planning = openPlanning(deciding.pool, () => deciding.now);
    const policy = {mode: 'shadow', serviceMinPpm: {A: 999_900}} as const;
    const target = async (): Promise<number> => {
      await deciding.signal();
      const [{settled, decisionId}] = (await deciding.decide(policy)).slice(-1) as [
        (typeof deciding.settled)[number],
      ];
      expect(await redecide(deciding.pool, decisionId)).toMatchObject({same: true});
      const reason = settled.decision.reasons.find(({code}) => code === 'position-below-target');
      return reason !== undefined && 'target' in reason ? reason.target : 0;
    };
    const inForce = async (): Promise<string | undefined> =>
      (await loadSituations(deciding.pool, 'G-1', deciding.now, DEFAULT_POLICY))[0]!.part.criticality;
    expect(await inForce()).toBe('B');
    const before = await target();

    const run = await planning.criticality({apply: true, actor: 'ada'});
    if (!run.ok) throw new Error(run.detail);
    expect(run.value.parts).toMatchObject([
      {partId: 'P-1', derived: 'A', stated: null, inForce: 'A', before: 'B', reason: {machines: 0}},
      {partId: 'P-2', derived: 'C', stated: 'B', inForce: 'B', before: 'B'},
    ]);
    expect(await inForce()).toBe('A');
    expect(
      await deciding.count(
        `replenish.demand_signal WHERE pending AND group_id = 'G-1' AND cause_kind = 'plan'`,
      ),
    ).toBe(1);
    expect(await target()).toBeGreaterThan(before);
    expect(
      await deciding.count(`platform.audit_entry WHERE action = 'plan.criticality' AND actor = 'ada'`),
    ).toBe(1);

    await deciding.database
      .poolFor('forestock_network')
      .query(`UPDATE network.part SET criticality = 'C' WHERE part_id = 'P-1'`);
    expect(await inForce()).toBe('C');
  });
});

describe('a shelf that lets customers wait again and again', () => {
  it('D3 has a higher level after the third backorder of ninety days, until that is past', async () => {
    const deciding = await DecidingNetwork.open();
    const recurring = {backorders: 3, withinDays: 90, serviceMinPpm: 999_999};
    const policy = {...DEFAULT_POLICY, recurring};
    const lately = async (): Promise<number | undefined> => {
      const [read] = await loadSituations(deciding.pool, 'G-1', deciding.now, policy);
      return read!.depots.find(({depotId}) => depotId === 'D-1')!.backordersLately;
    };
    const wait = async (no: number): Promise<unknown> =>
      deciding.pool.query(
        `INSERT INTO replenish.backorder (demand_id, part_id, depot_id, party_id, needed_at, policy_key, closed_at)
         VALUES ($1, 'P-1', 'D-1', 'OWN', $2, 'test', $2)`,
        [causeId('test', no), toIso(deciding.now)],
      );
    expect(await lately()).toBeUndefined();
    for (const no of [1, 2, 3]) {
      await wait(no);
      deciding.pass(24);
    }
    expect(await lately()).toBe(3);
    await deciding.signal();
    const settled = await deciding.decide({mode: 'shadow', recurring});
    const [raised] = settled.flatMap(({settled: {decision}, decisionId}) =>
      decision.reasons.some(({code}) => code === 'backorders-recur') ? [decisionId] : [],
    );
    expect(await redecide(deciding.pool, raised!)).toMatchObject({same: true});
    deciding.pass(24 * 87);
    expect(await lately()).toBe(2);
    expect(
      (await loadSituations(deciding.pool, 'G-1', deciding.now, DEFAULT_POLICY))[0]!.depots[0],
    ).not.toHaveProperty('backordersLately');
  });
});
