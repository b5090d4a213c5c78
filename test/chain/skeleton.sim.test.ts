import mqtt from 'mqtt';
import type {MqttClient} from 'mqtt';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openEngine} from '../../cli/engine.ts';
import type {Engine} from '../../cli/engine.ts';
import {SupplySide} from '../../cli/supply-side.ts';
import {traceDecision} from '../../console/api/trace.ts';
import {HOUR_MS, epochMs, plusMs} from '../../domain/time.ts';
import {readConfiguration} from '../../platform/configuration.ts';
import {silentLogger} from '../../platform/log.ts';
import type {Committed} from '../../replenish/ports.ts';
import {redecide} from '../../replenish/api.ts';
import {createFleet} from '../../simulator/fleet.ts';
import {referenceNetwork} from '../../simulator/network.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {startWebhookReceiver} from '../support/webhook-receiver.ts';

const SEED = 7;
const START = epochMs(Date.UTC(2026, 0, 5, 6));
const HOURS = 4;

/** Simulator → MQTT → row → forecast → explained decision → signed webhook, in one process on a stepped clock. */
describe('the whole chain', () => {
  let database: TestDatabase;
  let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
  let engine: Engine;
  let client: MqttClient;
  const committed: Committed[] = [];
  const sent = new Set<string>();

  beforeAll(async () => {
    database = await openTestDatabase();
    receiver = await startWebhookReceiver();
    const network = referenceNetwork({seed: SEED, startAt: START, machines: 24});
    const configuration = {
      ...readConfiguration({
        DATABASE_URL: database.ownerUrl,
        WEBHOOK_URL: receiver.url,
        WEBHOOK_PRIVATE_HOSTS: '127.0.0.1',
        WEBHOOK_SECRET: receiver.secret,
      }),
      mqttPort: 0,
    };
    engine = await openEngine({
      configuration,
      clock: {mode: 'stepped', worldAt: START},
      log: silentLogger(),
      mode: 'auto',
      autoIssue: true,
      decided: (each) => committed.push(each),
      prepare: ({network: stage}) => stage.importMaster(network, 'test'),
    });
    client = await mqtt.connectAsync(`mqtt://127.0.0.1:${engine.ingest.mqttPort!}`, {protocolVersion: 4});
    const fleet = createFleet({seed: SEED, network, startAt: START, historyDays: 1});
    const supply = new SupplySide({
      ports: engine.network.ports,
      pool: engine.database.pool('forestock_network'),
      seed: SEED,
    });
    for (let hour = 1; hour <= HOURS; hour += 1) {
      await engine.clock.advanceTo(plusMs(START, hour * HOUR_MS));
      for (const {topic, payload} of fleet.advance(engine.clock.now())) {
        sent.add(`${topic}|${payload}`);
        await client.publishAsync(topic, payload, {qos: 1});
      }
      await engine.settle();
      await supply.turn(engine.clock.now());
      await engine.settle();
    }
  });
  afterAll(async () => {
    await client.endAsync();
    await engine.stop();
    await receiver.close();
    await database.close();
  });

  const count = async (sql: string): Promise<number> =>
    (await database.poolFor('forestock_api').query<{n: number}>(sql)).rows[0]!.n;

  it('A1 stores every message that was acknowledged exactly once', async () => {
    const stored = await count(
      'SELECT (SELECT count(*) FROM ingest.reading) + (SELECT count(*) FROM ingest.equipment_event) AS n',
    );
    const refused = await count('SELECT coalesce(sum(seen_count), 0)::bigint AS n FROM ingest.dead_letter');
    expect(stored + refused).toBe(sent.size);
    expect(stored).toBeGreaterThan(400);
  });

  it('B1 forecasts every installed component on every grid point, each a rising curve', async () => {
    const components = await count('SELECT count(*) AS n FROM network.installation WHERE removed_at IS NULL');
    expect(await count('SELECT count(*) AS n FROM predict.forecast_current')).toBe(components);
    const falling = await count(
      `SELECT count(*) AS n FROM predict.forecast WHERE cumulative_ppm <> (SELECT array_agg(p ORDER BY p) FROM unnest(cumulative_ppm) p)`,
    );
    expect(falling).toBe(0);
  });

  it('D4 every signal points to exactly one decision', async () => {
    expect(await count('SELECT count(*) AS n FROM replenish.demand_signal WHERE pending')).toBe(0);
    const unlinked =
      'SELECT count(*) AS n FROM replenish.demand_signal s LEFT JOIN replenish.decision_signal d USING (signal_id) WHERE d.decision_id IS NULL';
    expect(await count(unlinked)).toBe(0);
  });

  it('K1 each executed decision reaches the webhook once, signed', () => {
    const executed = committed
      .filter(({written, state}) => written && state === 'executed')
      .map(({decisionId}) => decisionId);
    expect(executed.length).toBeGreaterThan(0);
    const orders = receiver.received
      .filter(({body}) => body['type'] === 'order.released')
      .map(({body}) => body['decisionId']);
    expect([...orders].sort()).toEqual([...executed].sort());
  });

  it('B2 a decision walks back to the very readings and the model version', async () => {
    const acting = committed.find(
      ({written, settled}) =>
        written && settled.decision.reasons.some((reason) => reason.code === 'failure-expected'),
    )!;
    const trace = (await traceDecision(database.poolFor('forestock_api'), acting.decisionId))!;
    const [first] = trace.forecasts;
    expect(trace.decision.modelVersions).toContain(first!.forecast.modelVersionId);
    const keys: string[] = [];
    for (const {decisionId} of committed.filter(({written}) => written)) {
      const {forecasts} = (await traceDecision(database.poolFor('forestock_api'), decisionId))!;
      for (const {readings} of forecasts) keys.push(...readings.newest.map(({messageKey}) => messageKey));
    }
    const unique = [...new Set(keys)];
    expect(unique.length).toBeGreaterThan(0);
    const found = await database
      .poolFor('forestock_api')
      .query('SELECT 1 FROM ingest.reading WHERE message_key = ANY($1::uuid[])', [unique]);
    expect(found.rowCount).toBe(unique.length);
  });

  it('M2 every decision, taken again from its recorded input, comes out byte-equal', async () => {
    for (const {decisionId, written} of committed) {
      if (written)
        expect(await redecide(database.poolFor('forestock_api'), decisionId)).toMatchObject({same: true});
    }
  });
});
