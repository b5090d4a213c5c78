import {beforeAll, describe, expect, it} from 'vitest';
import {DAY_MS, epochMs, toIso} from '../../domain/time.ts';
import {forecastDemand} from '../../replenish/adapters/demand-upkeep.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

const ALERT = "replenish.alert WHERE kind = 'demand-variance'";
const OPENED = `replenish.alert_event JOIN replenish.alert USING (alert_id) WHERE kind = 'demand-variance' AND type = 'opened'`;

describe('demand that differs from its forecast', () => {
  let network: DecidingNetwork;
  beforeAll(async () => {
    const master = tinyNetwork();
    network = await DecidingNetwork.open({
      ...master,
      // Three pieces a month for two years.
      demand_history: Array.from({length: 72}, (_, i) => {
        const at = toIso(epochMs(START + (-720 + i * 10) * DAY_MS));
        return {
          ...{part_id: 'P-1', depot_id: 'D-1', qty: 1, cause: 'unmonitored', source_key: `asked-${i}`},
          ...{
            requested_at: at,
            filled_at: at,
            cancelled_at: '',
            state: '',
            predicted: false,
            equipment_id: '',
          },
        };
      }),
    });
  });
  const night = async (): Promise<unknown> => {
    network.pass(24);
    return forecastDemand(network.pool, network.now);
  };
  const ask = (pieces: number): Promise<unknown> =>
    network.database.poolFor('forestock_network').query(
      `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, qty, filled_qty, requested_at, needed_at, filled_at, state, cause)
       VALUES (gen_random_uuid(), 'counter', 'shock', 'P-1', 'D-1', $2, $2, $1, $1, $1, 'filled', 'unmonitored')`,
      [toIso(network.now), pieces],
    );

  it('C9 a shock is one case, not one a night; it says until when to look, and closes when demand is as expected', async () => {
    await forecastDemand(network.pool, network.now); // on 5 January: what stands before February
    network.pass(35 * 24);
    expect(await night()).toMatchObject({opened: 0}); // 10 February; a piece or so is missing, and that is nothing
    await ask(12);
    expect(await night()).toMatchObject({opened: 1, cleared: 0});
    for (let nights = 0; nights < 5; nights += 1)
      expect(await night()).toMatchObject({opened: 0, cleared: 0});
    expect([await network.count(ALERT), await network.count(OPENED)]).toEqual([1, 1]);
    const {rows} = await network.pool.query<{subject: string; state: string; why: string}>(
      `SELECT subject, state, body ->> 'why' AS why FROM ${ALERT}`,
    );
    expect(rows).toEqual([
      {
        subject: 'P-1',
        state: 'open',
        why: expect.stringMatching(
          /^12 asked for in 2026-02 where \d\.\d were expected, \d+\.\d deviations more; look into it by 2026-02-\d\d$/,
        ) as string,
      },
    ]);
    network.pass(24 * 24);
    expect(await night()).toMatchObject({opened: 0, cleared: 1}); // 13 March, by the new forecast
    expect(await network.count(`${ALERT} AND state <> 'cleared'`)).toBe(0);
  });
});
