import {describe, expect, it} from 'vitest';
import {DAY_MS, epochMs, toIso} from '../../domain/time.ts';
import {forecastDemand} from '../../replenish/adapters/demand-upkeep.ts';
import {createReviews} from '../../replenish/adapters/review-store.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

const ALERT = "replenish.alert WHERE kind = 'demand-variance'";
const OPENED = `replenish.alert_event JOIN replenish.alert USING (alert_id) WHERE kind = 'demand-variance' AND type = 'opened'`;

describe('demand that differs from its forecast', () => {
  const openNetwork = (): Promise<DecidingNetwork> =>
    DecidingNetwork.open({
      ...tinyNetwork(),
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
  const night = async (network: DecidingNetwork): Promise<unknown> => {
    network.pass(24);
    return forecastDemand(network.pool, network.now);
  };
  const ask = (network: DecidingNetwork, pieces: number, sourceKey: string): Promise<unknown> =>
    network.database.poolFor('forestock_network').query(
      `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, qty, filled_qty, requested_at, needed_at, filled_at, state, cause)
       VALUES (gen_random_uuid(), 'counter', $3, 'P-1', 'D-1', $2, $2, $1, $1, $1, 'filled', 'unmonitored')`,
      [toIso(network.now), pieces, sourceKey],
    );

  it('C9 a case that somebody closed with what was found is not opened by the same shock; a further one opens another', async () => {
    const other = await openNetwork();
    const reviews = createReviews(other.pool, {targets: [], now: () => other.now});
    await forecastDemand(other.pool, other.now);
    other.pass(35 * 24);
    await ask(other, 12, 'shock');
    expect(await night(other)).toMatchObject({opened: 1}); // 10 February
    const standing = await other.pool.query<{id: string; due: number}>(
      `SELECT alert_id AS id, due_at AS due FROM ${ALERT}`,
    );
    const [{id, due}] = standing.rows as [{id: string; due: number}];
    const opened = other.now;
    expect(due - opened).toBe(5 * DAY_MS); // criticality B
    await night(other);
    expect((await other.pool.query<{due: number}>(`SELECT due_at AS due FROM ${ALERT}`)).rows).toEqual([
      {due},
    ]);

    const said = {actor: 'planner-1', note: null, until: null};
    expect(await reviews.acknowledgeAlert(id, said)).toMatchObject({
      ok: true,
      value: {state: 'acknowledged'},
    });
    await reviews.acknowledgeAlert(id, {...said, actor: 'planner-2'});
    const found = {actor: 'planner-2', resolution: 'one-off', note: 'a plant was refitted'} as const;
    expect(await reviews.resolveAlert(id, found)).toMatchObject({ok: true, value: {state: 'cleared'}});
    expect(await reviews.resolveAlert(id, found)).toMatchObject({ok: true}); // said twice
    expect(await reviews.resolveAlert(id, {...found, resolution: 'planned'})).toMatchObject({
      ...{ok: false, reason: 'alert-not-open'},
    });
    const row = `SELECT state, acknowledged_by, resolution, resolved_by FROM ${ALERT}`;
    const closed = {state: 'cleared', acknowledged_by: 'planner-2', resolution: 'one-off'};
    expect((await other.pool.query(row)).rows).toEqual([{...closed, resolved_by: 'planner-2'}]);
    const trail = await other.pool.query<{entry: string}>(
      `SELECT actor || ' ' || action || ' ' || coalesce(body ->> 'resolution', '') AS entry FROM platform.audit_entry
        WHERE action IN ('alert.acknowledged', 'alert.resolved') ORDER BY audit_id`,
    );
    expect(trail.rows.map(({entry}) => entry.trim())).toEqual([
      'planner-1 alert.acknowledged',
      'planner-2 alert.acknowledged',
      'planner-2 alert.resolved one-off',
    ]);

    for (let nights = 0; nights < 3; nights += 1) expect(await night(other)).toMatchObject({opened: 0});
    expect(await other.count(OPENED)).toBe(1);
    await ask(other, 30, 'further');
    expect(await night(other)).toMatchObject({opened: 1});
    expect(await other.count(OPENED)).toBe(2);
    await other.pool.query(
      `SELECT replenish.open_alert('00000000-0000-4000-8000-000000000001', 'low', 'X', NULL, $1, 1, 0, NULL, NULL, '{}')`,
      [toIso(other.now)],
    );
    expect(await reviews.resolveAlert('00000000-0000-4000-8000-000000000001', found)).toMatchObject({
      ...{ok: false, reason: 'alert-no-case'},
    });
  });

  it('C9 a shock is one case, not one a night; it says until when to look, and closes when demand is as expected', async () => {
    const network = await openNetwork();
    await forecastDemand(network.pool, network.now); // on 5 January: what stands before February
    network.pass(35 * 24);
    expect(await night(network)).toMatchObject({opened: 0}); // 10 February; a piece or so is missing, and that is nothing
    await ask(network, 12, 'shock');
    expect(await night(network)).toMatchObject({opened: 1, cleared: 0});
    for (let nights = 0; nights < 5; nights += 1)
      expect(await night(network)).toMatchObject({opened: 0, cleared: 0});
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
    expect(await night(network)).toMatchObject({opened: 0, cleared: 1}); // 13 March, by the new forecast
    expect(await network.count(`${ALERT} AND state <> 'cleared'`)).toBe(0);
  });
});
