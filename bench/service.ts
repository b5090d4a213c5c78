import {rmSync} from 'node:fs';
import {openEngine} from '../cli/engine.ts';
import type {Engine, EngineOptions} from '../cli/engine.ts';
import {epochMs} from '../domain/time.ts';
import {readConfiguration} from '../platform/configuration.ts';
import {createLogger} from '../platform/log.ts';
import {openFolder} from '../test/support/open-folder.ts';
import {freePort} from '../test/support/tcp-proxy.ts';
import {benchNetwork} from './network.ts';

export interface Service {
  readonly engine: Engine;
  readonly mqttUrl: string;
  stop(): Promise<void>;
}

/** All stages with the bench network, on real time; embedded where `env` names no server. Durable settings, as shipped. */
export async function startService(
  machines: number,
  env: Readonly<Record<string, string>> = {},
  over: Partial<EngineOptions> = {},
): Promise<Service> {
  const dataDir = openFolder('bench');
  const configuration = readConfiguration(
    {MQTT_PORT: String(await freePort()), FORESTOCK_DATA_DIR: dataDir, ...env},
    {},
  );
  const engine = await openEngine({
    configuration,
    clock: {mode: 'real'},
    log: createLogger(process.env['LOG_LEVEL'] ?? 'error'),
    mode: 'propose',
    autoIssue: false,
    prepare: ({network}) => network.importMaster(benchNetwork(machines, epochMs(Date.now())), 'bench'),
    ...over,
  });
  await engine.settle();
  engine.run();
  return {
    engine,
    mqttUrl: env['MQTT_URL'] ?? `mqtt://127.0.0.1:${engine.ingest.mqttPort!}`,
    async stop() {
      await engine.stop();
      rmSync(dataDir, {recursive: true, force: true});
    },
  };
}
