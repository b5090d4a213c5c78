import type {EngineBase} from '../../cli/engine.ts';
import {portsOf} from '../../cli/serve-api.ts';
import {startConsole} from '../../console/api/server.ts';
import type {MasterData} from '../../network/api.ts';
import {startNetwork} from '../../network/main.ts';
import type {Mode} from '../../domain/decision.ts';
import {WorkspaceClock} from '../../platform/clock.ts';
import {readConfiguration} from '../../platform/configuration.ts';
import type {Configuration} from '../../platform/configuration.ts';
import {silentLogger} from '../../platform/log.ts';
import type {Logger} from '../../platform/log.ts';
import {startReplenish} from '../../replenish/main.ts';
import type {Replenish} from '../../replenish/main.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';

export interface Answer {
  readonly status: number;
  /** Parsed JSON; tests look at what they need. */
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- every route has another shape
}

export interface ConsoleWorld {
  readonly url: string;
  /** What the API was opened over. */
  readonly base: EngineBase;
  readonly configuration: Configuration;
  readonly log: Logger;
  readonly db: TestDatabase;
  readonly clock: WorkspaceClock;
  readonly replenish: Replenish;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  send(
    method: 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** Decides whatever is due. */
  decide(): Promise<void>;
  stop(): Promise<void>;
}

/** The tiny network with a busy, empty depot behind a stocked one: it wants to order at once. */
export function hungryNetwork(): MasterData {
  const network = tinyNetwork();
  return {
    ...network,
    part_depot: network['part_depot']!.map((row) =>
      row['depot_id'] === 'D-1' ? {...row, background_per_year: 60} : row,
    ),
    opening_stock: network['opening_stock']!.filter((row) => row['depot_id'] === 'D-C'),
  };
}

/** The real API on a real port and a real database, on a clock that stands still. */
export async function openConsoleWorld({
  mode,
  data = hungryNetwork(),
  apiToken,
  demo = false,
  env = {},
  httpPort = 0,
}: {
  readonly mode: Mode;
  readonly data?: MasterData;
  /** FORESTOCK_API_TOKEN; without it the API is open to this machine. */
  readonly apiToken?: string;
  readonly demo?: boolean;
  /** More of the configuration. */
  readonly env?: Readonly<Record<string, string>>;
  readonly httpPort?: number;
}): Promise<ConsoleWorld> {
  const db = await openTestDatabase();
  const log = silentLogger();
  const configuration = {...readConfiguration(env), mode};
  const clock = await WorkspaceClock.open(db.poolFor('forestock_platform'), {
    mode: 'stepped',
    worldAt: START,
  });
  const network = startNetwork({
    pool: db.poolFor('forestock_network'),
    clock,
    partitions: configuration.partitions,
    autoIssue: false,
  });
  await network.importMaster(data, 'test');
  const replenish = startReplenish({
    configuration,
    mode,
    pool: db.poolFor('forestock_replenish'),
    outboxPool: db.poolFor('forestock_platform'),
    clock,
    log,
    decided: () => undefined,
  });
  const migration = {applied: [], newer: [], timescale: false, serverVersion: 0};
  const database = {embedded: true, migration, pool: db.poolFor.bind(db), close: () => db.close()};
  const base = {database, clock, network};
  const server = await startConsole(portsOf(base, {configuration, log, demo}), {
    ...configuration,
    httpPort,
    ...(apiToken === undefined ? {} : {apiToken}),
  });
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${server.url}${path}`, init);
    return {status: response.status, body: await response.json()};
  };
  const send = (method: string, path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    ask(path, {
      method,
      headers: {'content-type': 'application/json', ...headers},
      body: JSON.stringify(body),
    });
  return {
    url: server.url,
    base,
    configuration,
    log,
    db,
    clock,
    replenish,
    get: (path, headers = {}) => ask(path, {headers}),
    post: (path, body = {}, headers = {}) => send('POST', path, body, headers),
    send,
    async decide() {
      while ((await replenish.decide()) > 0);
    },
    stop: () => server.stop(),
  };
}
