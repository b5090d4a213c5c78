import {describe, expect, it} from 'vitest';
import {HOUR_MS, plusMs} from '../../domain/time.ts';
import {createFleet} from '../../simulator/fleet.ts';
import {referenceNetwork} from '../../simulator/network.ts';
import {openTestDatabase} from '../support/database.ts';
import {START, device, openChain, sendAll, storedSet} from './chain-world.ts';

const SEED = 11;
const HOURS = 6;

interface Outcome {
  readonly rows: readonly unknown[];
  readonly forecasts: readonly unknown[];
  readonly decisions: readonly unknown[];
}

/** The same fleet through a chain of its own on an empty database, an hour of world time after the other. */
async function runOnce(): Promise<Outcome> {
  const database = await openTestDatabase();
  const network = referenceNetwork({seed: SEED, startAt: START, machines: 24});
  const fleet = createFleet({seed: SEED, network, startAt: START, historyDays: 1});
  const story = {network, fleet, emissions: [], endsAt: START};
  const engine = await openChain(database, story, {mode: 'auto'});
  const client = await device(engine);
  for (let hour = 1; hour <= HOURS; hour += 1) {
    await engine.clock.advanceTo(plusMs(START, hour * HOUR_MS));
    await sendAll(client, fleet.advance(engine.clock.now()));
    await engine.settle();
  }
  await client.endAsync();
  await engine.stop();
  const pool = database.poolFor('forestock_api');
  // As text, so that equal means equal to the byte.
  const forecasts = await pool.query(
    `SELECT component_id, as_of, model_version_id, revision, method, cumulative_ppm::text, tail_hazard_ppb_per_h::text,
            completeness_pct, top_signals::text, window_from
       FROM predict.forecast ORDER BY component_id, as_of, model_version_id, revision`,
  );
  const decisions = await pool.query(
    `SELECT decision_id, group_id, group_version, decided_at, encode(input_sha256, 'hex') AS input, policy_version, model_versions, action, qty,
            option::text, alternatives::text, reasons::text, expected_cost_minor, order_id, state
       FROM replenish.decision ORDER BY group_id, group_version`,
  );
  const rows = await storedSet(database.poolFor('forestock_predict'));
  await database.close();
  return {rows, forecasts: forecasts.rows, decisions: decisions.rows};
}

describe('the same log once more', () => {
  it('M2 invariant I5b: rows, forecasts of every revision and decisions with their inputs come out equal to the byte', async () => {
    const first = await runOnce();
    const again = await runOnce();
    expect(first.rows.length).toBeGreaterThan(400);
    expect(first.forecasts.length).toBeGreaterThan(200);
    expect(first.decisions.length).toBeGreaterThan(20);
    expect(again.rows).toEqual(first.rows);
    expect(again.forecasts).toEqual(first.forecasts);
    expect(again.decisions).toEqual(first.decisions);
  });
});
