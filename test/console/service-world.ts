import {connectAsync} from 'mqtt';
import {openEngine} from '../../cli/engine.ts';
import type {Engine} from '../../cli/engine.ts';
import {serveApi} from '../../cli/serve-api.ts';
import {silentLogger} from '../../platform/log.ts';
import {configurationFor} from '../chain/chain-world.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {openTestDatabase} from '../support/database.ts';
import {freePort} from '../support/tcp-proxy.ts';
import type {Answer} from './world.ts';

export interface ServiceWorld {
  readonly url: string;
  readonly engine: Engine;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  /** Says it to the door, as equipment would, and lets the chain work. */
  tell(topic: string, body: unknown): Promise<void>;
  stop(): Promise<void>;
}

/** The whole service on the tiny network and on a clock that stands still: what the API needs of the MQTT door is there too. */
export async function openServiceWorld(): Promise<ServiceWorld> {
  const db = await openTestDatabase();
  const log = silentLogger();
  const configuration = {...(await configurationFor(db)), httpPort: await freePort()};
  const engine = await openEngine({
    configuration,
    clock: {mode: 'stepped', worldAt: START},
    log,
    mode: 'propose',
    autoIssue: false,
    prepare: ({network}) => network.importMaster(tinyNetwork(), 'test'),
  });
  const api = await serveApi(engine, {configuration, log});
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${api.url}${path}`, init);
    return {status: response.status, body: await response.json()};
  };
  return {
    url: api.url,
    engine,
    get: (path) => ask(path),
    post: (path, body = {}) =>
      ask(path, {
        method: 'POST',
        headers: {'content-type': 'application/json'},
        body: JSON.stringify(body),
      }),
    async tell(topic, body) {
      const client = await connectAsync(`mqtt://127.0.0.1:${engine.ingest.mqttPort!}`, {clientId: 'device'});
      await client.publishAsync(topic, typeof body === 'string' ? body : JSON.stringify(body), {qos: 1});
      await client.endAsync();
      await engine.settle();
    },
    async stop() {
      await api.stop();
      await engine.stop();
    },
  };
}

/** A reading of a machine of the tiny network's class. */
export function reading(seq: number, vibration: unknown = 3): Readonly<Record<string, unknown>> {
  return {observedAt: new Date(START - seq * 60_000).toISOString(), boot: 1, seq, values: {vibration}};
}

/** The body of POST /api/v1/equipment for one more machine of the tiny network. */
export const NEW_MACHINE = {
  modelId: 'CH-100',
  siteId: 'SITE-2',
  customerPartyId: 'CUS',
  downtimeMinorPerH: 20_000,
  currency: 'EUR',
  commissionedAt: '2025-12-01T00:00:00.000Z',
  depots: [{depotId: 'D-1', transitH: 2}],
};
