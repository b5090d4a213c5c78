import {describe, expect, it} from 'vitest';
import type {MasterData} from '../../network/core/master-data.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

const ALWAYS = {alertOpenMinor: 0, alertClearMinor: 0};
/** Whatever it costs lies between clearing and opening. */
const BETWEEN = {alertOpenMinor: Number.MAX_SAFE_INTEGER, alertClearMinor: 0};

function withEmptyShelves(): MasterData {
  const network = tinyNetwork();
  delete network['opening_stock'];
  return network;
}

describe('an alert between its two thresholds', () => {
  const alertAt = async (network: DecidingNetwork) => {
    const {rows} = await network.pool.query<{money: string; behind: number; decision_id: string}>(
      `SELECT money_minor::text AS money, jsonb_array_length(body->'behind') AS behind, decision_id FROM replenish.alert
        WHERE kind = 'backorder-impact' AND subject = 'P-1@D-1' AND state <> 'cleared'`,
    );
    return rows[0];
  };
  const riskAt = async (network: DecidingNetwork): Promise<string> => {
    const {rows} = await network.pool.query<{risk: string}>(
      `SELECT risk_minor::text AS risk FROM replenish.shelf_standing WHERE part_id = 'P-1' AND depot_id = 'D-1'`,
    );
    return rows[0]!.risk;
  };

  it('B3 stands with the money that is at stake now, not with that of the day it was opened', async () => {
    const network = await DecidingNetwork.open(withEmptyShelves());
    await network.forecast('S-1', 900_000);
    await network.signal();
    await network.decide(ALWAYS);
    const opened = (await alertAt(network))!;
    expect(opened.money).toBe(await riskAt(network));

    network.pass(1);
    await network.forecast('S-1', 100_000);
    await network.signal();
    const [decision] = await network.decide(BETWEEN);
    const standing = (await alertAt(network))!;
    expect(Number(standing.money)).toBeLessThan(Number(opened.money));
    expect(standing).toEqual({
      money: await riskAt(network),
      behind: opened.behind,
      decision_id: decision!.decisionId,
    });
  });

  it('B3 is not opened there', async () => {
    const network = await DecidingNetwork.open(withEmptyShelves());
    await network.forecast('S-1', 900_000);
    await network.signal();
    await network.decide(BETWEEN);
    expect(await alertAt(network)).toBeUndefined();
  });
});
