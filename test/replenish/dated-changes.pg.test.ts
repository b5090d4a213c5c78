import {describe, expect, it} from 'vitest';
import {DAY_MS, epochMs, toIso} from '../../domain/time.ts';
import {forecastDemand} from '../../replenish/adapters/demand-upkeep.ts';
import {loadSituations} from '../../replenish/adapters/situation-rows.ts';
import {planDepots} from '../../replenish/core/decision/depot-plan.ts';
import {DEFAULT_POLICY} from '../../replenish/core/decision/policy.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

const CUT = epochMs(START + 30 * DAY_MS);

const ofTheLonePart = <T extends object>(rows: readonly T[]): T[] =>
  rows.map((row) => ({...row, part_id: 'P-0'}));

describe('the nightly look', () => {
  it('C3 comes to a group that nothing was heard of, once a night, and lets those go before that something was heard of', async () => {
    const network = tinyNetwork();
    const lone = {
      ...network['part']!.find((row) => row['part_id'] === 'P-1')!,
      part_id: 'P-0',
      group_id: 'G-0',
    };
    const deciding = await DecidingNetwork.open({
      ...network,
      part: [...network['part']!, lone],
      part_depot: [...network['part_depot']!, ...ofTheLonePart(network['part_depot']!)],
      sourcing: [...network['sourcing']!, ...ofTheLonePart(network['sourcing']!)],
    });
    const night = async (): Promise<void> => {
      deciding.pass(24);
      await forecastDemand(deciding.pool, deciding.now);
      await forecastDemand(deciding.pool, deciding.now);
    };
    await night();
    await deciding.signal('G-1');
    const asked = await deciding.pool.query<{group_id: string}>(
      `SELECT group_id FROM replenish.demand_signal WHERE pending AND cause_kind = 'nightly' ORDER BY 1`,
    );
    expect(asked.rows.map((row) => row.group_id)).toEqual(['G-0', 'G-1']);
    const settled = await deciding.decide({mode: 'shadow'});
    expect(settled.map(({groupId}) => groupId)).toEqual(['G-1', 'G-0']);
    await night();
    expect((await deciding.decide({mode: 'shadow'})).map(({groupId}) => groupId)).toEqual(['G-0', 'G-1']);
  });
});

describe('changes that are known beforehand', () => {
  it('C3 a capacity cut changes what is ordered from its date on, and the nightly look sees it', async () => {
    const network = tinyNetwork();
    const usual = network['sourcing']!.find((row) => row['source_id'] === 'SUP')!;
    const deciding = await DecidingNetwork.open({
      ...network,
      part_depot: network['part_depot']!.map((row) => ({...row, background_per_year: 12})),
      sourcing: [...network['sourcing']!, {...usual, valid_from: toIso(CUT), lead_time_mean_d: 60}],
    });
    const centre = async (): Promise<{leadTimeDays: number; target: number}> => {
      const [read] = await loadSituations(deciding.pool, 'G-1', deciding.now, DEFAULT_POLICY);
      const {source, target} = planDepots(read!).get('D-C')!;
      return {leadTimeDays: source!.meanH / 24, target};
    };
    const asked = (): Promise<number> =>
      deciding.count(`replenish.demand_signal WHERE pending AND cause_kind = 'nightly'`);
    const before = await centre();
    expect(before.leadTimeDays).toBe(20);
    deciding.pass(24 * 29);
    await forecastDemand(deciding.pool, deciding.now);
    expect(await centre()).toEqual(before);
    await deciding.decide({mode: 'shadow'});
    expect(await asked()).toBe(0);

    deciding.pass(24);
    await forecastDemand(deciding.pool, deciding.now);
    expect(await asked()).toBe(1);
    const after = await centre();
    expect(after.leadTimeDays).toBe(60);
    expect(after.target).toBeGreaterThan(before.target);
  });
});
