import mqtt from 'mqtt';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {openStages, STAGES} from '../../cli/engine.ts';
import type {StageName, Stages} from '../../cli/engine.ts';
import {epochMs, HOUR_MS, toIso} from '../../domain/time.ts';
import {silentLogger} from '../../platform/log.ts';
import {openPool} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import {referenceNetwork} from '../../simulator/network.ts';
import {mosquittoMissing, startMosquitto} from '../support/mosquitto.ts';
import type {Mosquitto} from '../support/mosquitto.ts';
import {NatsServer, natsMissing} from '../support/nats-server.ts';
import {openTestDatabase} from '../support/database.ts';
import {findService} from '../support/services.ts';
import {startSystemPostgres} from '../support/system-postgres.ts';
import {configurationFor, sendAll} from './chain-world.ts';

const PATIENT = {timeout: 120_000, interval: 50};
const MACHINES = 6;

describe.skipIf(natsMissing || mosquittoMissing)('connected, each stage on its own', () => {
  let broker: Mosquitto;
  let nats: NatsServer;
  let databaseUrl: string;
  let stopDatabase: () => Promise<void>;
  const running: Stages[] = [];
  let reader: Pool;

  beforeEach(async () => {
    [broker, nats] = await Promise.all([startMosquitto(), NatsServer.start()]);
    const postgres = findService('postgresql');
    const database = postgres === null ? await openTestDatabase() : await startSystemPostgres(postgres);
    databaseUrl = 'url' in database ? database.url : database.ownerUrl;
    stopDatabase = () => ('stop' in database ? database.stop() : database.close());
    reader = openPool({url: databaseUrl, role: 'forestock_api', max: 2});
  });
  afterEach(async () => {
    for (const stages of running.splice(0).reverse()) await stages.stop();
    await reader.end();
    await Promise.all([broker.stop(), nats.stop(), stopDatabase()]);
  });

  const now = epochMs(Date.now());
  const network = referenceNetwork({seed: 7, startAt: now, machines: MACHINES});
  const classes = new Map(
    (network['equipment_model'] ?? []).map((row) => [row['model_id'], row['equipment_class_id']]),
  );

  async function start(only: readonly StageName[], instance: string): Promise<Stages> {
    const configuration = await configurationFor(
      {ownerUrl: databaseUrl},
      {
        NATS_URL: nats.url,
        MQTT_URL: `mqtt://127.0.0.1:${broker.port}`,
        FORESTOCK_INSTANCE: instance,
      },
    );
    const stages = await openStages(
      {
        configuration,
        clock: {mode: 'real'},
        log: silentLogger(),
        mode: 'propose',
        autoIssue: false,
        ...(running.length === 0 && {prepare: ({network: stage}) => stage.importMaster(network, 'test')}),
      },
      only,
    );
    running.push(stages);
    stages.run();
    return stages;
  }

  /** Two days of hourly values that the machine's class knows, as the door wants them. */
  function telemetry(): {topic: string; payload: string}[] {
    return (network['equipment'] ?? []).flatMap((row) => {
      const {equipment_id: id, site_id: site, model_id: model} = row;
      const signals = (network['class_signal'] ?? []).filter(
        (signal) => signal['equipment_class_id'] === classes.get(model),
      );
      return Array.from({length: 48}, (_, hour) => ({
        topic: `telemetry/v1/${String(site)}/${String(id)}`,
        payload: JSON.stringify({
          observedAt: toIso(epochMs(now - (48 - hour) * HOUR_MS)),
          boot: 1,
          seq: hour + 1,
          values: Object.fromEntries(
            signals.map((signal) => [
              String(signal['signal']),
              (Number(signal['min_value']) + Number(signal['max_value'])) / 2,
            ]),
          ),
        }),
      }));
    });
  }

  const count = async (sql: string): Promise<number> =>
    (await reader.query<{count: number}>(`SELECT count(*)::int AS count FROM ${sql}`)).rows[0]!.count;

  async function chainHasRun(messages: number): Promise<void> {
    await vi.waitFor(async () => {
      expect(await count('ingest.reading')).toBe(messages);
      expect(await count(`predict.forecast WHERE cause = 'grid'`)).toBeGreaterThan(MACHINES);
      expect(await count('replenish.decision')).toBeGreaterThan(0);
      expect(
        await count(
          'replenish.demand_signal s WHERE NOT EXISTS (SELECT FROM replenish.decision_signal d WHERE d.signal_id = s.signal_id)',
        ),
      ).toBe(0);
    }, PATIENT);
  }

  it('A1 telemetry at the broker becomes rows, stored once, forecasts and decisions', async () => {
    await start(['ingest'], 'one');
    await start(['ingest'], 'two');
    await start(['store'], 'one');
    await start(['store'], 'two');
    await start(['predict'], 'one');
    await start(['predict'], 'two');
    await start(['replenish'], 'one');
    await start(['replenish'], 'two');
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {protocolVersion: 5});
    const messages = telemetry();
    await sendAll(client, [...messages, ...messages.slice(0, 100)]); // some of them twice
    await client.endAsync();
    await chainHasRun(messages.length);
    const {rows} = await reader.query<{stage: string; owners: number}>(
      `SELECT stage, count(DISTINCT owner)::int AS owners FROM platform.partition_lease
        WHERE stage IN ('store', 'predict') AND until_wall > clock_timestamp() GROUP BY 1 ORDER BY 1`,
    );
    expect(rows.map(({stage}) => stage)).toEqual(['predict', 'store']);
    expect(
      await count(
        '(SELECT group_id, group_version FROM replenish.decision GROUP BY 1, 2 HAVING count(*) > 1) twice',
      ),
    ).toBe(0);
  });

  it('the same with all stages in one process', async () => {
    await start(STAGES, 'whole');
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {protocolVersion: 5});
    const messages = telemetry();
    await sendAll(client, messages);
    await client.endAsync();
    await chainHasRun(messages.length);
  });

  it('a part of the chain needs a database and a bus to share, and says so at once', async () => {
    const configuration = {...(await configurationFor({ownerUrl: databaseUrl})), databaseUrl: undefined};
    const opened = openStages({configuration, clock: {mode: 'real'}, log: silentLogger(), autoIssue: false}, [
      'store',
      'predict',
    ]);
    await expect(opened).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('DATABASE_URL and NATS_URL') as string,
    });
  });
});
