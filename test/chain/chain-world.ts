import mqtt from 'mqtt';
import type {MqttClient} from 'mqtt';
import {openEngine} from '../../cli/engine.ts';
import type {Engine, EngineOptions} from '../../cli/engine.ts';
import {DAY_MS, epochMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {readConfiguration} from '../../platform/configuration.ts';
import type {Configuration} from '../../platform/configuration.ts';
import {silentLogger} from '../../platform/log.ts';
import type {Pool} from '../../platform/pg.ts';
import {createFleet} from '../../simulator/fleet.ts';
import type {Emission, Fleet} from '../../simulator/fleet.ts';
import {referenceNetwork} from '../../simulator/network.ts';
import type {TestDatabase} from '../support/database.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';
import {freePort} from '../support/tcp-proxy.ts';

export const START = epochMs(Date.UTC(2026, 0, 5, 6));

export interface Story {
  readonly network: ReturnType<typeof referenceNetwork>;
  readonly fleet: Fleet;
  /** What the fleet sends in the story's days, in order of arrival, repeats and late ones included. */
  readonly emissions: readonly Emission[];
  readonly endsAt: EpochMs;
}

/** A small fleet's telemetry and events over some days: the same seed tells the same story. */
export function tellStory({
  seed,
  machines,
  days,
}: {
  readonly seed: number;
  readonly machines: number;
  readonly days: number;
}): Story {
  const network = referenceNetwork({seed, startAt: START, machines});
  const fleet = createFleet({seed, network, startAt: START, historyDays: 1, autoRepairH: 6});
  const endsAt = epochMs(START + days * DAY_MS);
  return {network, fleet, emissions: fleet.advance(endsAt), endsAt};
}

export async function configurationFor(
  database: Pick<TestDatabase, 'ownerUrl'>,
  env: Readonly<Record<string, string>> = {},
): Promise<Configuration> {
  return readConfiguration(
    {
      DATABASE_URL: database.ownerUrl,
      MQTT_PORT: String(await freePort()),
      FORESTOCK_DATA_DIR: temporaryFolder('chain'), // anchors of the audit trail, and nothing else
      FORESTOCK_BACKEND: 'cpu',
      ...env,
    },
    {},
  );
}

/** The whole chain in this process on a clock that stands still at the story's end. */
export async function openChain(
  database: Pick<TestDatabase, 'ownerUrl'>,
  story: Story,
  over: Partial<EngineOptions> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Engine> {
  return openEngine({
    configuration: await configurationFor(database, env),
    clock: {mode: 'stepped', worldAt: story.endsAt},
    log: silentLogger(),
    mode: 'propose',
    autoIssue: true,
    prepare: ({network}) => network.importMaster(story.network, 'test'),
    ...over,
  });
}

export async function device(engine: Engine): Promise<MqttClient> {
  return mqtt.connectAsync(`mqtt://127.0.0.1:${engine.ingest.mqttPort!}`, {
    clientId: 'device',
    protocolVersion: 4,
    reconnectPeriod: 50,
  });
}

/** Sends everything; resolves when all of it has its PUBACK. */
export async function sendAll(
  client: MqttClient,
  messages: readonly {readonly topic: string; readonly payload: string | Buffer}[],
): Promise<void> {
  const windowMax = 500;
  for (let from = 0; from < messages.length; from += windowMax) {
    await Promise.all(
      messages
        .slice(from, from + windowMax)
        .map(({topic, payload}) => client.publishAsync(topic, payload, {qos: 1})),
    );
  }
}

/** What is stored, without where in the log it lies and when it was heard. */
export async function storedSet(pool: Pool): Promise<unknown[]> {
  const found = await pool.query<Record<string, unknown>>(
    `SELECT 'reading' AS kind, e.equipment_id, r.observed_at, r.message_key, r.content_hash, s.names AS what, r."values"::text AS content
       FROM ingest.reading r JOIN ingest.signal_set s USING (signal_set_id) JOIN network.equipment e USING (equipment_no)
     UNION ALL
     SELECT 'event', e.equipment_id, v.observed_at, v.message_key, v.content_hash, ARRAY[v.type], concat_ws('|', v.code, v.position_id, v.serial, v.body::text)
       FROM ingest.equipment_event v JOIN network.equipment e USING (equipment_no)
     ORDER BY 1, 2, 3, 4`,
  );
  return found.rows;
}

/** The last word on every grid point and event instant. */
export async function finalForecasts(pool: Pool): Promise<unknown[]> {
  const found = await pool.query<Record<string, unknown>>(
    `SELECT DISTINCT ON (component_id, as_of, model_version_id) component_id, as_of, model_version_id, method, cumulative_ppm,
            tail_hazard_ppb_per_h, completeness_pct, top_signals, window_from
       FROM predict.forecast ORDER BY component_id, as_of, model_version_id, revision DESC`,
  );
  return found.rows;
}
