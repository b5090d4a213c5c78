import {chmodSync, mkdtempSync, mkdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {openStages} from '../cli/engine.ts';
import {epochMs} from '../domain/time.ts';
import {readConfiguration} from '../platform/configuration.ts';
import {createLogger} from '../platform/log.ts';
import {migrate} from '../platform/migrate.ts';
import {openPool} from '../platform/pg.ts';
import type {Pool} from '../platform/pg.ts';
import {freePort} from '../test/support/tcp-proxy.ts';
import {chaosNetwork} from './fleet.ts';
import {KeptProcess} from './kept-process.ts';
import {Line} from './line.ts';
import type {ReceiverPlan} from './receiver.ts';
import {broker, bus, database} from './servers.ts';
import {findFaketime, ServerClock} from './server-clock.ts';
import {StageClock} from './stage-clock.ts';
import type {SteppedClock} from './stepped-clock.ts';
import {STAGE_NAMES, stage} from './stages.ts';
import {Volume} from './volume.ts';
import {WorldTime} from './world-time.ts';

export const LINE_NAMES = [
  'broker',
  'bus',
  'database',
  'receiver',
  'broker-devices',
  'listener-devices',
] as const;
export type LineName = (typeof LINE_NAMES)[number];

/** Of the protocols that go over our lines. */
const STANDARD_PORTS: Readonly<Record<string, number>> = {
  ...{'mqtt:': 1883, 'nats:': 4222, 'http:': 80},
  ...{'postgres:': 5432, 'postgresql:': 5432},
};

export interface WorldOptions {
  readonly machines: number;
  /** Telemetry, too, is acknowledged at the store's commit. */
  readonly strict: boolean;
  /** Servers that already run; those that are not named are started here. */
  readonly external: {readonly mqttUrl?: string; readonly natsUrl?: string; readonly databaseUrl?: string};
}

/** Servers, receiver and stages, each a process of its own, with a line that can be troubled between any two. */
export class World {
  readonly folder: string;
  readonly processes = new Map<string, KeptProcess>();
  readonly lines = new Map<LineName, Line>();
  /** The wall clock of each stage and of the database, where it can be set. */
  readonly clocks = new Map<string, SteppedClock>();
  /** Of each server of ours, its disk, or why it has none. */
  readonly volumes = new Map<string, Volume | string>();
  readonly noteFile: string;
  readonly #direct = {broker: '', listener: '', bus: ''};
  #db: Pool | undefined;
  #time: WorldTime | undefined;

  private constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'forestock-chaos-'));
    chmodSync(this.folder, 0o755); // PostgreSQL does not run as root
    this.noteFile = join(this.folder, 'received.jsonl');
  }

  static async open(options: WorldOptions): Promise<World> {
    const world = new World();
    try {
      await world.#start(options);
      return world;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  /** Where equipment connects: through the lines. */
  get doors(): {readonly broker: string; readonly listener: string} {
    const over = (door: 'broker' | 'listener'): string => {
      const {port} = this.lines.get(`${door}-devices`)!;
      return Object.assign(new URL(this.#direct[door]), {hostname: '127.0.0.1', port: String(port)}).href;
    };
    return {broker: over('broker'), listener: over('listener')};
  }

  /** The same doors, and the bus, past the lines. */
  direct(server: 'broker' | 'listener' | 'bus'): string {
    return this.#direct[server];
  }

  /** For the checker: past every line. */
  get db(): Pool {
    if (this.#db === undefined) throw new Error('the database is not open');
    return this.#db;
  }

  get time(): WorldTime {
    if (this.#time === undefined) throw new Error('world time does not run');
    return this.#time;
  }

  async close(): Promise<void> {
    const stages = STAGE_NAMES.flatMap((name) => this.processes.get(name) ?? []);
    await Promise.all(stages.map((each) => each.end()));
    await this.#time?.close();
    await this.#db?.end();
    const others = [...this.processes.values()].filter((each) => !stages.includes(each));
    await Promise.all(others.map((each) => each.end(each.name === 'database' ? 'SIGINT' : 'SIGTERM')));
    await Promise.all([...this.lines.values()].map((line) => line.close()));
    for (const volume of this.volumes.values()) if (typeof volume !== 'string') volume.unmount();
  }

  /** Ledger, notes, logs and data of the run. */
  remove(): void {
    rmSync(this.folder, {recursive: true, force: true});
  }

  async #start({machines, external, strict}: WorldOptions): Promise<void> {
    const directBroker = external.mqttUrl ?? (await this.#ownBroker());
    const directBus = external.natsUrl ?? (await this.#ownBus());
    const directDatabase = external.databaseUrl ?? (await this.#ownDatabase());
    const mqttUrl = await this.#through('broker', directBroker);
    const natsUrl = await this.#through('bus', directBus);
    const databaseUrl = await this.#through('database', directDatabase);
    const listenerPort = await freePort();
    this.#direct.broker = directBroker;
    this.#direct.bus = directBus;
    this.#direct.listener = `mqtt://127.0.0.1:${listenerPort}`;
    await this.#through('broker-devices', this.#direct.broker);
    await this.#through('listener-devices', this.#direct.listener);
    await migrate(directDatabase);
    this.#time = await WorldTime.open(directDatabase);
    await importFleet(directDatabase, directBus, machines);
    this.#db = openPool({url: directDatabase, role: 'forestock_api', max: 2});

    const webhookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const webhookPort = await freePort();
    await this.#add(
      receiver({port: webhookPort, secret: webhookSecret, noteFile: this.noteFile}, this.folder),
    );
    const httpPort = await freePort();
    const stageWorld = {
      ...{mqttUrl, natsUrl, databaseUrl, listenerPort, httpPort, webhookSecret},
      webhookUrl: await this.#through('receiver', `http://127.0.0.1:${webhookPort}/hook`),
      logFolder: this.folder,
      strict,
    };
    // One after the other: two cores start six Node processes no faster side by side.
    for (const name of STAGE_NAMES) {
      const clock = new StageClock(this.folder, name);
      this.clocks.set(name, clock);
      await this.#add(stage(name, stageWorld, clock));
    }
  }

  async #ownBroker(): Promise<string> {
    const port = await freePort();
    await this.#add(broker(this.#place('broker', port)));
    return `mqtt://127.0.0.1:${port}`;
  }

  async #ownBus(): Promise<string> {
    const port = await freePort();
    await this.#add(bus(this.#place('bus', port)));
    return `nats://127.0.0.1:${port}`;
  }

  async #ownDatabase(): Promise<string> {
    const faketime = findFaketime();
    const clock = faketime === null ? undefined : new ServerClock(this.folder, 'database', faketime);
    if (clock !== undefined) this.clocks.set('database', clock);
    const {server, url} = database(this.#place('database', await freePort()), clock?.env ?? {});
    await this.#add(server);
    return url;
  }

  #place(name: string, port: number): {port: number; folder: string; logFile: string} {
    const volume = Volume.make(this.folder, name);
    this.volumes.set(name, volume);
    const folder = join(this.folder, name, 'data');
    mkdirSync(folder, {recursive: true});
    return {port, folder, logFile: join(this.folder, `${name}.log`)};
  }

  async #add(process: KeptProcess): Promise<void> {
    this.processes.set(process.name, process);
    await process.start();
  }

  /** @returns the URL by which the server is reached over the line. */
  async #through(name: LineName, url: string): Promise<string> {
    const {hostname, port, protocol} = new URL(url);
    const standard = STANDARD_PORTS[protocol];
    if (standard === undefined)
      throw new Error(
        `${protocol}//${hostname}: a line that is to be troubled carries no TLS; name the server's plain port, on a network of your own`,
      );
    const line = await Line.open(name, {host: hostname, port: port === '' ? standard : Number(port)});
    this.lines.set(name, line);
    return Object.assign(new URL(url), {hostname: '127.0.0.1', port: String(line.port)}).href;
  }
}

function receiver(plan: ReceiverPlan, folder: string): KeptProcess {
  const program = fileURLToPath(new URL('receiver.ts', import.meta.url));
  return new KeptProcess({
    name: 'receiver',
    logFile: join(folder, 'receiver.log'),
    readyText: 'receiving',
    command: () => ({
      program: process.execPath,
      args: ['--import', 'tsx', program, JSON.stringify(plan)],
    }),
  });
}

/**
 * The schema and the machines.
 *
 * @throws Error when other machines than the programme's are there: it writes into whatever database it is given.
 */
async function importFleet(databaseUrl: string, natsUrl: string, machines: number): Promise<void> {
  const now = epochMs(Date.now());
  const stages = await openStages(
    {
      configuration: readConfiguration({DATABASE_URL: databaseUrl, NATS_URL: natsUrl}, {}),
      clock: {mode: 'follow'},
      log: createLogger('error'),
      autoIssue: false,
      prepare: async ({database: opened, network}) => {
        const {rows} = await opened.pool('forestock_api').query<{ours: number; others: number}>(
          `SELECT count(*) FILTER (WHERE equipment_id LIKE 'K-%')::int AS ours,
                    count(*) FILTER (WHERE equipment_id NOT LIKE 'K-%')::int AS others FROM network.equipment`,
        );
        const {ours, others} = rows[0]!;
        if (others > 0) throw new Error('DATABASE_URL has machines of its own; name an empty database');
        if (ours === 0) await network.importMaster(chaosNetwork(machines, now), 'chaos'); // else an earlier run has
      },
    },
    ['console'],
  );
  await stages.stop();
}
