import {describe, expect, it} from 'vitest';
import {DAY_MS, epochMs, toIso} from '../../domain/time.ts';
import {forecastDemand} from '../../replenish/adapters/demand-upkeep.ts';
import {loadSituations} from '../../replenish/adapters/situation-rows.ts';
import {planDepots} from '../../replenish/core/decision/depot-plan.ts';
import {DEFAULT_POLICY} from '../../replenish/core/decision/situation.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

const CUT = epochMs(START + 30 * DAY_MS);

describe('changes that are known beforehand', () => {
  it('C3 a capacity cut changes what is ordered from its date on, and has the part looked at that night', async () => {
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
      deciding.count(`replenish.demand_signal WHERE pending AND cause_kind = 'demand-forecast'`);
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
